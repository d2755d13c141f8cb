"""The wheel works away from the checkout: it brings templates, C sources and data along."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from offline_pio import build_offline

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the sources that git knows."""
    copy = tmp_path_factory.mktemp("source")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=REPOSITORY, check=True, capture_output=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (REPOSITORY / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPOSITORY / name, copy / name)
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", str(out), str(copy)], check=True)
    (built,) = out.glob("tinygest-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder holding the unpacked wheel and nothing else."""
    site = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def run_installed(site: Path, cwd: Path, *arguments: str) -> str:
    """Run `python -m tinygest` from the unpacked wheel, in a folder that is not the checkout."""
    environment = {**os.environ, "PYTHONPATH": str(site)}
    finished = subprocess.run(
        [sys.executable, "-m", "tinygest", *arguments],
        cwd=cwd, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def test_wheel_runs_from_its_own_files(installed: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    where = subprocess.run(
        [sys.executable, "-c", "import tinygest.signalpath._native as n; print(n.__file__)"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(where.stdout.strip()).is_relative_to(installed)
    assert "tinygest" in run_installed(installed, tmp_path, "--version")


@pytest.fixture
def glove(installed: Path, tmp_path: Path) -> Path:
    """A firmware project, as somebody writes it who has the wheel alone."""
    told = run_installed(installed, tmp_path, "firmware", "glove")
    assert "tinygest flash --dir glove" in told
    return tmp_path / "glove"


def prepare(installed: Path) -> Path:
    return installed / "tinygest" / "_data" / "pio" / "prepare.py"


def test_firmware_of_the_wheel_builds_for_the_board(installed: Path, glove: Path, needs_arm: None) -> None:
    build = build_offline(prepare(installed), glove, "nano33ble")
    assert (build / "firmware.elf").is_file()


@pytest.mark.slow
def test_firmware_of_the_wheel_builds_as_a_virtual_board(
    installed: Path, glove: Path, needs_host_compiler: None
) -> None:
    program = build_offline(prepare(installed), glove, "virtual") / "program"
    ended = subprocess.run([program, "--no-radio"], input=b"", capture_output=True, check=False)
    assert ended.returncode == 0
    assert ended.stdout.startswith(b"\x01")  # HELLO


def test_wheel_holds_what_generate_and_verify_need(installed: Path) -> None:
    data = installed / "tinygest" / "_data"
    assert list((data / "templates").rglob("*.j2"))
    assert (data / "firmware/lib/tinygest/src/tg_types.h").is_file()
    assert list((data / "firmware/emulated").glob("*.ld"))
    assert (data / "firmware/src/on_event.cpp").is_file()
    assert (data / "pio/prepare.py").is_file()
    assert (data / "platformio.ini").is_file()
    assert not list(data.rglob("*.so"))
