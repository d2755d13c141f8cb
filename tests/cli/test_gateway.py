"""What the gateway says when it starts; that it serves is in tests/web."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tinygest.cli.qr import BORDER, qr_lines

from .conftest import Cli


@pytest.fixture
def project(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tinygest.web.serve.serve", lambda settings, ready: ready())
    assert cli("init", tmp_path / "p").status == 0
    return tmp_path / "p"


def test_others_get_an_address_with_a_token_and_a_code_for_their_phones(cli: Cli, project: Path) -> None:
    said = cli("-p", project, "gateway", "--no-browser", "--host", "192.0.2.7", "--port", "5000").out
    address = re.search(r"http://192\.0\.2\.7:5000/\?token=\S{20,}", said)
    assert address
    for line in qr_lines(address[0]):
        assert line.rstrip() in said


def test_this_machine_needs_neither(cli: Cli, project: Path) -> None:
    said = cli("-p", project, "gateway", "--no-browser").out
    assert "http://127.0.0.1:5555/\n" in said
    assert "token" not in said
    assert "█" not in said


def test_a_code_has_its_three_corners() -> None:
    import qrcode

    lines = qr_lines("http://192.0.2.7:5555/?token=x")
    side = len(lines[0])
    assert side == len(lines) * 2 - len(lines[0]) % 2
    corner = ["█▀▀▀▀▀█", "█ ███ █", "█ ▀▀▀ █", "▀▀▀▀▀▀▀"]
    top = [line[BORDER : BORDER + 7] for line in lines[BORDER // 2 :][:4]]
    assert top == corner
    assert [line[-BORDER - 7 : -BORDER] for line in lines[BORDER // 2 :][:4]] == corner
    dark = sum(line.count("█") * 2 + line.count("▀") + line.count("▄") for line in lines)
    code = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_L)
    code.add_data("http://192.0.2.7:5555/?token=x")
    assert dark == sum(map(sum, code.get_matrix()))
