"""`tinygest flash` and `tinygest firmware` as a user meets them; what happens inside: tests/workflow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fake_platformio import fake_platformio
from typer.testing import CliRunner

from tinygest.cli.app import app
from tinygest.core.errors import UsageError
from tinygest.flash.ports import BoardPort
from tinygest.workflow import flashing


def run(*words: str, status: int = 0) -> str:
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == status, shown.output
    return shown.output


@pytest.fixture
def two_boards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of which one refuses."""
    pio = fake_platformio(tmp_path / "pio", upload="No device found on B", fails="B")
    tools = flashing.Tools(pio, lambda: [BoardPort("A", "1"), BoardPort("B", "2")])
    monkeypatch.setattr(flashing, "Tools", lambda: tools)
    monkeypatch.setattr(flashing, "cache_dir", lambda: tmp_path / "cache")


def test_all_boards_without_a_project(two_boards: None) -> None:
    shown = run("flash", "--capture", "--all", "--no-check", status=1)
    assert "capture only: 360,964 bytes of flash, 74,280 of RAM" in shown
    assert "did not enter its bootloader" in shown
    report = json.loads(run("flash", "--capture", "--all", "--no-check", "--json", status=1))
    assert [bool(board["error"]) for board in report["boards"]] == [False, True]
    assert report["wanted"]["env"] == "nano33ble"


def test_one_thing_is_flashed() -> None:
    shown = CliRunner().invoke(app, ["flash", "punch", "--capture"])
    assert isinstance(shown.exception, UsageError)


def test_a_project_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "glove"
    assert f"tinygest flash --dir {folder}" in run("firmware", str(folder))
    assert "kept as it was" in run("firmware", str(folder))
    assert json.loads(run("firmware", str(folder), "--json"))["env"] == "nano33ble"
