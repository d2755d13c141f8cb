"""The verbs that talk with boards, on two virtual gloves."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import board_process
import pytest
from radio_thread import RadioThread, radio_thread

from tinygest.cli.live_view import sparkline
from tinygest.simulate.radio.process import BoardOptions
from tinygest.store.project import Project

from .conftest import Cli

if sys.platform != "linux":
    pytest.skip("the virtual board runs on Linux", allow_module_level=True)


@pytest.fixture(scope="module")
def gloves(needs_host_compiler: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RadioThread]:
    folder = tmp_path_factory.mktemp("gloves")
    options = [BoardOptions(device_id=0xA100 + i, store=folder / str(i)) for i in range(2)]
    with radio_thread(board_process.build(), options) as radio:
        yield radio


@pytest.fixture
def link(gloves: RadioThread, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("TINYGEST_LINK", gloves.link)
    monkeypatch.setattr("tinygest.workflow.boards.SCAN_S", 2.0)
    return gloves.link


@pytest.fixture
def project(tmp_path: Path, cli: Cli) -> Path:
    assert cli("init", tmp_path / "p", "--labels", "jab,cross").status == 0
    return tmp_path / "p"


def test_scan_name_identify(cli: Cli, link: str) -> None:
    rows = cli("scan", "--seconds", "2", "--json").json
    assert sorted(row["device"] for row in rows) == ["a100", "a101"]
    assert {row["name"] for row in rows} == {"Nano33 SensiML KP"}

    named = cli("name", "a100", "--name", "Ada L", "--side", "left")
    assert (named.status, "Ada L, side left" in named.out) == (0, True)
    assert cli("name", "a101", "--side", "right").status == 0
    assert "blinks" in cli("identify", "Ada L", "--seconds", "1").out

    several = cli("identify")
    assert several.status == 2
    assert "2 boards fit" in several.err
    assert "say what to keep" in cli("name", "left").err
    assert "left, right or none" in cli("name", "left", "--side", "up").err
    nobody = cli("identify", "nobody")
    assert (nobody.status, "'nobody' was heard: only left, right" in nobody.err) == (1, True)


def test_record_two_gloves_twice(cli: Cli, link: str, project: Path) -> None:
    for device, side in (("a100", "left"), ("a101", "right")):
        assert cli("name", device, "--side", side).status == 0
    done = cli(
        *("-p", project, "record", "left", "right", "--subject", "S1", "--label", "jab", "--name", "mon"),
        *("--seconds", "1.2", "--repeat", "2", "--countdown", "0.2", "--json"),
    )
    assert done.status == 0, done.err
    ids = ["mon_001_left", "mon_001_right", "mon_002_left", "mon_002_right"]
    assert sorted(one["id"] for one in done.json) == ids
    opened = Project.open(project)
    for name in ids:
        entry = opened.entry(name)
        assert entry.info.n_samples >= 110
        assert entry.info.gaps == ()
        assert entry.meta.side == name.rsplit("_", 1)[1]
        assert (entry.meta.subject, entry.meta.default_label) == ("S1", "jab")
        assert entry.meta.session.startswith("S1_20")
    sound = cli("-p", project, "check")
    assert sound.status == 0
    assert "never changes" in sound.out  # it lies on a table

    again = cli("-p", project, "record", "left", "--name", "mon_001", "--seconds", "1")
    assert (again.status, "choose another name" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--label", "hook"), 1, "not one of the project's"),
        (("--repeat", "3"), 2, "--seconds"),
        (("--field", "id=12"), 2, "built in"),
        (("--key", "q=jab"), 2, "another letter than q"),
        (("--key", "j=hook"), 1, "not one of the project's"),
        (("--subject", "a\tb"), 1, "printable"),
    ],
)
def test_record_refuses_before_anybody_moves(
    cli: Cli, project: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    finished = cli("-p", project, "record", "--link", "nonsense", *arguments)
    assert finished.status == status, finished.err
    assert said in finished.err


def test_keys_label_while_recording_and_q_ends(link: str, project: Path) -> None:
    host, terminal = pty.openpty()
    command = [sys.executable, "-m", "tinygest", "-p", str(project), "record", "a100", "--name", "k"]
    command += ["--key", "j=jab", "--key", "c=cross"]
    with subprocess.Popen(
        command, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        journals = Project.open(project).layout.journals
        end = time.monotonic() + 20
        while not list(journals.glob("*.journal")):
            assert time.monotonic() < end, run.poll()
            time.sleep(0.02)
        for letter in "jjc q":
            time.sleep(0.5)
            os.write(host, letter.encode())
        out, err = run.communicate(timeout=20)
    os.close(host)
    os.close(terminal)
    assert run.returncode == 0, err
    assert "2 segments" in out
    (entry,) = Project.open(project).recordings()
    track = Project.open(project).labels(entry.id)
    assert [segment.label for segment in track.segments] == ["jab", "cross"]
    assert all(30 < segment.stop - segment.start < 90 for segment in track.segments)


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGINT, marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, marks=pytest.mark.slow),
        signal.SIGKILL,
    ],
)
def test_ctrl_c_and_worse(cli: Cli, link: str, project: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "tinygest", "-p", str(project), "record", "a101", "--name", "end"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        journal = Project.open(project).layout.journal("end_right")
        end = time.monotonic() + 20
        while not list(journal.parent.glob("end*.journal")):
            assert time.monotonic() < end, run.poll()
            time.sleep(0.02)
        time.sleep(0.8)
        run.send_signal(number)
        out, err = run.communicate(timeout=20)
    listed = cli("-p", project, "recordings", "--json")
    (row,) = listed.json
    assert row["n_samples"] >= 50
    if number == signal.SIGKILL:
        assert "was cut off" in listed.err
    else:
        assert run.returncode == 0, err
        assert row["id"] in out
        assert listed.err == ""


def test_monitor_and_doctor(cli: Cli, link: str, project: Path) -> None:
    (status,) = cli("monitor", "a100", "--seconds", "1.5", "--json").json
    assert status["n_samples"] > 80
    assert status["rate_hz"] == pytest.approx(100, rel=0.3)  # of three seconds in bursts
    told = cli("doctor", "a100", "--json").json
    assert {one["what"]: one["state"] for one in told} == dict.fromkeys(
        ("board", "contract", "firmware", "faults", "gravity", "counters"), "ok"
    )


def test_a_recording_plays_as_a_board(cli: Cli, link: str, project: Path) -> None:
    assert cli("-p", project, "record", "a100", "--name", "first", "--seconds", "1").status == 0
    (entry,) = Project.open(project).recordings()
    done = cli("-p", project, "record", f"replay:{entry.id}", "--name", "second", "--seconds", "0.5")
    assert done.status == 0, done.err
    assert len(Project.open(project).recordings()) == 2


def test_doctor_of_this_machine(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a Bluetooth service, as in a container."""
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
    finished = cli("doctor", "--json")
    found = {one["what"]: one for one in finished.json}
    assert finished.status == 1
    assert found["Bluetooth"]["state"] == "missing"
    assert found["Bluetooth"]["remedy"]
    assert found["disk"]["state"] in ("ok", "warning")
    assert "no Bluetooth service" in cli("doctor").out


def test_sparklines() -> None:
    import numpy as np

    assert sparkline(np.array([])) == ""
    assert sparkline(np.zeros(5)) == "▁" * 5
    assert sparkline(np.arange(480.0))[0] == "▁"
    assert sparkline(np.arange(480.0))[-1] == "█"
    spike = np.zeros(4800)
    spike[1234] = 1
    assert "█" in sparkline(spike)
