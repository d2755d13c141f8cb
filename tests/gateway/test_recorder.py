"""From a session to a recording of the project: whatever happens, at most a second is lost, and told."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from fake_board import FakeBoard, misplaced

from tinygest.core.errors import ContractError, LabelError, StoreError
from tinygest.core.recording import RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.gateway.finish import recover
from tinygest.gateway.recorder import Recorder
from tinygest.gateway.session import Session
from tinygest.gateway.stream import Cause
from tinygest.gateway.timing import row_times
from tinygest.protocol.words import Side
from tinygest.store.journal import JournalHeader, JournalWriter, Rows, read_journal
from tinygest.store.project import Project

from .conftest import Running

META = RecordingMeta(subject="S1", side="left", default_label="jab")


def gaps_of(project: Project, name: str) -> list[tuple[int, int]]:
    return [(gap.at, gap.n_missing) for gap in project.entry(name).info.gaps]


def test_losses_repeats_and_a_lost_link(project: Project, running: Running) -> None:
    async def run() -> None:
        board = FakeBoard(drops={6, 7}, repeats={3, 9})
        async with running(board) as (session, _):
            recorder = Recorder(project, session, "one", META)
            await asyncio.sleep(0.8)
            board.drops, board.repeats = set(), set()
            board.lose_link()
            await asyncio.sleep(0.8)
            board.lose_link()
            await asyncio.sleep(0.8)
            finished = await recorder.stop()
        assert finished.id == "one"
        assert not finished.was_cut

    asyncio.run(run())
    recording = project.load("one")
    assert recording.meta == META
    assert len(recording.info.gaps) == 3
    assert recording.info.gaps[0].n_missing == 10
    assert np.abs(misplaced(recording.samples, gaps_of(project, "one"))).max() <= 1
    source = recording.info.source
    assert source["counts"]["n_repeated"] == 10
    assert source["counts"]["n_links"] == 2  # of the recording's own time
    assert set(source["missing"]) == {"lost", "link_down"}
    assert recording.info.device == "0000000000001234"
    assert not list(project.layout.journals.iterdir())


def test_rest_rate_and_times(project: Project, running: Running) -> None:
    async def run() -> float:
        board = FakeBoard()
        async with running(board) as (session, _):
            recorder = Recorder(project, session, "r", META)
            await asyncio.sleep(2.2)
            await recorder.stop()
        return board.boot_s + time.time() - time.monotonic()

    boot_s = asyncio.run(run())
    recording = project.load("r")
    assert recording.info.measured_rate_hz == pytest.approx(100, rel=0.005)
    true_s = boot_s + recording.samples[:, 0] / 100
    assert np.abs(row_times(recording.info) - true_s).max() < 0.03
    assert recording.info.clock_fit["within_s"] < 0.03  # the board was asked for its clock


def test_two_gloves_at_once_are_on_one_time_base(project: Project, running: Running) -> None:
    async def run() -> None:
        gloves = FakeBoard(1, Side.LEFT), FakeBoard(2, Side.RIGHT)
        gloves[1].boot_s -= 100.0  # switched on earlier
        async with running(gloves[0]) as (left, _), running(gloves[1]) as (right, _):
            recorders = [Recorder(project, one, one.identity.side, META) for one in (left, right)]
            await asyncio.sleep(1.5)
            await asyncio.gather(*(recorder.stop() for recorder in recorders))

    asyncio.run(run())
    left, right = project.load("left"), project.load("right")
    assert (left.info.device, right.info.device) == (f"{1:016x}", f"{2:016x}")
    # The counters in the samples differ by the 100 s; the times of rows must bring them together.
    at = np.interp(row_times(left.info), row_times(right.info), right.samples[:, 0].astype(float))
    inside = slice(20, -20)
    assert np.abs(at - left.samples[:, 0] - 10_000)[inside].max() < 3


def test_marks_become_segments(project: Project, running: Running) -> None:
    async def run() -> list[int]:
        board, marked = FakeBoard(), []
        async with running(board) as (session, _):
            recorder = Recorder(project, session, "m", META)
            for label in ("jab", "", "cross", "hook"):
                await asyncio.sleep(0.4)
                recorder.mark(label)
                marked += [round(100 * board.uptime_s())] if label else []
            await asyncio.sleep(0.4)
            assert (await recorder.stop()).n_segments == 3
        return marked

    marked = asyncio.run(run())
    segments = project.labels("m").segments
    assert [segment.label for segment in segments] == ["jab", "cross", "hook"]
    assert [segment.source for segment in segments] == ["person"] * 3
    made = project.load("m").samples[:, 0]
    for segment, at in zip(segments, marked, strict=True):
        assert made[segment.start] == pytest.approx(at, abs=5)


def test_an_id_that_is_taken_and_a_board_that_is_not_there(project: Project, running: Running) -> None:
    async def run() -> None:
        with pytest.raises(ContractError, match="not connected"):
            Recorder(project, Session(FakeBoard(), "fake"), "x", META)
        async with running(FakeBoard()) as (session, _):
            first = Recorder(project, session, "x", META)
            with pytest.raises(StoreError, match="under way"):
                Recorder(project, session, "x", META)
            await asyncio.sleep(0.2)
            await first.stop()
            with pytest.raises(StoreError, match="choose another name"):
                Recorder(project, session, "x", META)
            empty = Recorder(project, session, "y", META)
            assert await empty.stop() is None

    asyncio.run(run())
    assert project.layout.recording_ids() == ["x"]


KILLED = """
import asyncio, sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from fake_board import FakeBoard
from tinygest.core.recording import RecordingMeta
from tinygest.gateway.recorder import Recorder
from tinygest.gateway.session import Session
from tinygest.store.project import Project

async def main():
    board = FakeBoard()
    session = Session(board, "fake")
    work = asyncio.create_task(session.run())
    while session.contract is None or not session.counts.n_links:
        await asyncio.sleep(0.01)
    recorder = Recorder(Project.open(Path(sys.argv[1])), session, "killed", RecordingMeta(subject="S9"))
    while True:
        await asyncio.sleep(0.01)
        print(int(board.uptime_s() * 100), flush=True)

asyncio.run(main())
"""


def test_a_killed_gateway_loses_less_than_a_second(project: Project) -> None:
    support = Path(__file__).resolve().parents[1] / "support"
    arguments = [sys.executable, "-c", KILLED, str(project.root), str(support)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        time.sleep(1.5)
        os.kill(process.pid, signal.SIGKILL)
        made = int(process.stdout.read().split()[-1])
    finished, problems = recover(project)
    assert ([one.id for one in finished], problems) == (["killed"], [])
    assert finished[0].was_cut
    recording = project.load("killed")
    assert recording.meta.subject == "S9"
    n_lost = made - int(recording.samples[-1, 0])
    print(f"kill -9: {10 * n_lost} ms lost")
    assert n_lost < 100
    assert np.abs(misplaced(recording.samples, [])).max() == 0
    assert recover(project) == ([], [])


def test_a_full_disk_ends_the_recording_with_a_sentence(
    project: Project, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a real one: the file system says so from some write on."""
    real = os.write
    is_full = False

    def write(file: int, data: bytes | memoryview) -> int:
        if is_full:
            raise OSError(28, "No space left on device")
        return real(file, data)

    monkeypatch.setattr("tinygest.store.journal.os.write", write)

    async def run() -> None:
        nonlocal is_full
        async with running(FakeBoard()) as (session, _):
            recorder = Recorder(project, session, "full", META)
            await asyncio.sleep(0.5)
            is_full = True
            await asyncio.sleep(0.3)
            assert "the disk is full" in recorder.problem
            assert session.state.value == "running"
            is_full = False
            finished = await recorder.stop()
            assert finished.was_cut

    asyncio.run(run())
    assert project.entry("full").info.n_samples >= 30


def test_a_damaged_journal_is_put_aside_and_the_rest_is_recovered(project: Project) -> None:
    (project.layout.journals / "bad.journal").write_bytes(b"rubbish")
    finished, problems = recover(project)
    assert finished == []
    assert "bad.broken" in problems[0]
    assert recover(project) == ([], [])


def journal_of(project: Project, name: str, notes: list[dict[str, object]], n_seconds: int = 30) -> Path:
    """Cut off after so many seconds of a board's rows, with notes after the first one."""
    contract = imu_contract(100)
    header = JournalHeader(name, contract, META, "d", "2026-01-01T00:00:00Z", 0.0)
    path = project.layout.journal(name)
    with JournalWriter(path, header) as journal:
        for second in range(n_seconds):
            rows = np.full((100, 6), second, np.int16)
            journal.add(Rows(rows, 0, 0, second + 1.0, second + 1.0))
            for note in notes if second == 0 else []:
                journal.note(note)
    return path


def test_notes_that_nobody_understands_cost_no_recording(project: Project) -> None:
    strange = [1, None, "x", [1.0], ["a", "b"], [1.0, 2.0, 3.0], {"a": "b"}]
    notes = [{kind: content} for kind in ("clock", "counts", "mark") for content in strange]
    notes += [
        {"counts": {"n_lost": 3}},
        {"mark": "jab", "host_s": "now"},
        {"mark": "no/label", "host_s": 2.0},
    ]
    notes += [{"mark": "jab", "host_s": 10.0}]
    journal_of(project, "odd", [*notes, {"clock": [10.0, 9.99]}])
    finished, problems = recover(project)
    assert ([one.id for one in finished], problems) == (["odd"], [])
    info = project.entry("odd").info
    assert info.source["counts"] == {"n_lost": 3}
    assert info.clock_fit["within_s"] < 0.02
    assert [one.label for one in project.labels("odd").segments][-2:] == [None, "jab"]


def test_a_label_lies_where_it_was_pressed_also_after_the_computer_slept(project: Project) -> None:
    """Its clock stood still, so times of the rows after tell more than it showed."""
    slept_s, n_before = 600, 30
    header = JournalHeader("s", imu_contract(100), META, "d", "2026-01-01T00:00:00Z", 0.0)
    with JournalWriter(project.layout.journal("s"), header) as journal:
        for second in range(n_before + 10):
            woke = second == n_before
            device_s = second + 1.0 + slept_s * (second >= n_before)
            rows = np.full((100, 6), second, np.int16)
            journal.add(Rows(rows, 100 * slept_s * woke, Cause.LINK_DOWN * woke, device_s, second + 1.0))
            if second in (2, 34):
                journal.note({"mark": "jab", "host_s": second + 1.5})
            if second in (3, 35):
                journal.note({"mark": "", "host_s": second + 1.5})
    assert recover(project)[1] == []
    found = [(one.start, one.stop) for one in project.labels("s").segments]
    np.testing.assert_allclose(found, [(350, 450), (3550, 3650)], atol=60)


def test_one_journal_that_cannot_be_stored_does_not_keep_back_the_others(project: Project) -> None:
    journal_of(project, "a", [])
    recover(project)
    kept = journal_of(project, "a", [], n_seconds=2)  # another recording of that name
    journal_of(project, "b", [])
    finished, problems = recover(project)
    assert [one.id for one in finished] == ["b"]
    assert "a.journal is kept" in problems[0]
    assert kept.exists()


def test_a_label_that_cannot_be_stored_is_refused_at_once(project: Project, running: Running) -> None:
    async def run() -> None:
        async with running(FakeBoard()) as (session, _):
            recorder = Recorder(project, session, "m", META)
            await asyncio.sleep(0.2)
            with pytest.raises(LabelError, match="not usable"):
                recorder.mark("jab/left")
            assert (await recorder.stop()).n_samples > 0

    asyncio.run(run())


def test_what_is_being_recorded_is_left_alone(project: Project, running: Running) -> None:
    async def run() -> None:
        async with running(FakeBoard()) as (session, _):
            recorder = Recorder(project, session, "now", META)
            await asyncio.sleep(0.3)
            assert await asyncio.to_thread(recover, project) == ([], [])
            assert len(read_journal(project.layout.journal("now")).rows) >= 4
            await recorder.stop()

    asyncio.run(run())


def test_a_journal_whose_recording_is_stored_already_is_removed(project: Project) -> None:
    """The kill came between; another recording of this name is no reason to throw a journal away."""
    path = journal_of(project, "twice", [])
    content = path.read_bytes()
    recover(project)
    path.write_bytes(content)
    finished, problems = recover(project)
    assert ([one.id for one in finished], problems, path.exists()) == (["twice"], [], False)
    journal_of(project, "twice", [], n_seconds=5)
    finished, problems = recover(project)
    assert (finished, len(problems), path.exists()) == ([], 1, True)
