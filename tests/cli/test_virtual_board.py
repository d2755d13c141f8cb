"""`tinygest virtual-board` as a user starts and ends it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

from typer.testing import CliRunner

from tinygest.cli.app import app

COMMAND = (sys.executable, "-m", "tinygest", "virtual-board")


def test_faults_are_listed() -> None:
    shown = CliRunner().invoke(app, ["virtual-board", "--list-faults"])
    assert shown.exit_code == 0
    for name in ("link-loss", "stall", "packet-loss", "reboot", "fifo-overrun", "silent-central"):
        assert name in shown.output


def test_a_fault_that_does_not_exist_is_a_sentence() -> None:
    ended = subprocess.run([*COMMAND, "--faults", "flood@3"], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("tinygest: 'flood@3' is no fault; write NAME=VALUE@SECONDS")
    assert ended.stderr.count("\n") == 1


def test_it_says_how_to_connect_and_ends_on_ctrl_c(board_cache: None, tmp_path: Path) -> None:
    port = tmp_path / "glove"
    words = [*COMMAND, "--boxer", "left", "--boards", "1", "--json", "--pty", str(port)]
    words += ["--marks", str(tmp_path / "marks.csv")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        ready = json.loads(process.stdout.readline())
        assert ready["radio"].startswith("tcp-client:127.0.0.1:")
        assert [board["serial"] for board in ready["boards"]] == [f"{port}1", f"{port}2"]
        assert Path(f"{port}1").exists()
        while (tmp_path / "marks.csv").stat().st_size < 60:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        counters = json.loads(process.stdout.read())
        assert process.wait(10) == 0
    header, first = (tmp_path / "marks.csv").read_text().splitlines()[:2]
    assert header == "device,stream,label,start,stop"
    assert first.startswith("7E570001,1,")
    assert set(counters) == {board["address"] for board in ready["boards"]}
