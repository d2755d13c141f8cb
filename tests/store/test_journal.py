"""A recording under way: whatever ends it, what was written can be read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinygest.core.errors import FormatError, StoreError
from tinygest.core.recording import RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.store.journal import MAGIC, JournalHeader, JournalWriter, Rows, is_abandoned, read_journal

HEADER = JournalHeader(
    "monday", imu_contract(100), RecordingMeta(subject="S1"), "7e57", "2026-01-01T10:00:00+00:00", 1e9
)


def rows(number: int, n: int = 5) -> Rows:
    return Rows(np.full((n, 6), number, np.int16), 0, 0, number / 20, 100 + number / 20)


def write(path: Path, n: int) -> JournalWriter:
    journal = JournalWriter(path, HEADER)
    for number in range(n):
        journal.add(rows(number))
    return journal


def test_what_was_written_is_read(tmp_path: Path) -> None:
    journal = write(tmp_path / "j", 3)
    journal.note({"label": "jab"})
    journal.add(Rows(np.ones((2, 6), np.int16), 7, 2, float("nan"), 1.5))
    journal.close()
    read = read_journal(tmp_path / "j")
    assert read.header == HEADER
    assert read.notes == [(15, {"label": "jab"})]
    assert (read.is_complete, read.n_cut) == (True, 0)
    np.testing.assert_array_equal(read.rows[2].samples, rows(2).samples)
    last = read.rows[3]
    assert (last.missing, last.cause, last.host_s, len(last.samples)) == (7, 2, 1.5, 2)
    assert np.isnan(last.device_s)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_journal_cut_anywhere_gives_all_whole_records_before(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "cut"
    path.unlink(missing_ok=True)
    journal = write(path, 4)
    journal.abandon()
    whole = path.read_bytes()
    header_end = len(whole) - 4 * 90  # a record: 9 bytes of frame, 21 of times, 60 of samples
    n = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:n] + data.draw(st.binary(max_size=20)))
    try:
        read = read_journal(path)
    except FormatError:
        assert n < header_end
        return
    assert not read.is_complete
    assert len(read.rows) == (n - header_end) // 90
    for number, one in enumerate(read.rows):
        np.testing.assert_array_equal(one.samples, rows(number).samples)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any"
    for content in (data, MAGIC + data):
        path.write_bytes(content)
        with pytest.raises(FormatError):
            read_journal(path)


def test_one_writer(tmp_path: Path) -> None:
    with write(tmp_path / "j", 1):
        assert not is_abandoned(tmp_path / "j")
        with pytest.raises(StoreError, match="under way"):
            JournalWriter(tmp_path / "j", HEADER)
    assert is_abandoned(tmp_path / "j")


def test_a_killed_process_loses_nothing_that_was_added(tmp_path: Path) -> None:
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from test_journal import write\n"
        "write(Path(sys.argv[2]), 50); print('written', flush=True); time.sleep(60)"
    )
    arguments = [sys.executable, "-c", code, str(Path(__file__).parent), str(tmp_path / "j")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "written\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert is_abandoned(tmp_path / "j")
    assert len(read_journal(tmp_path / "j").rows) == 50


def test_a_full_disk_ends_with_a_whole_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = write(tmp_path / "j", 3)
    real = os.write

    def full(file: int, data: memoryview) -> int:
        if len(data) > 10:
            return real(file, data[:10])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match="disk is full: the recording ends with the 15 samples"):
        journal.add(rows(3))
    monkeypatch.undo()
    journal.abandon()
    read = read_journal(tmp_path / "j")
    assert (len(read.rows), read.n_cut) == (3, 0)


def test_a_journal_that_cannot_be_begun_leaves_its_name_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: int, data: memoryview) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(StoreError, match="disk is full"):
            JournalWriter(tmp_path / "j", HEADER)
    write(tmp_path / "j", 1).close()
