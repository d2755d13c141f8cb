from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from tinygest.core.errors import StoreError
from tinygest.store.lock import write_lock

HOLD = """
import sys
from pathlib import Path
from tinygest.store.lock import write_lock
with write_lock(Path(sys.argv[1])).held():
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def other_process(tmp_path):
    """A process that holds the lock until it is told to stop."""
    command = [sys.executable, "-c", HOLD, str(tmp_path / "lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_another_process_is_waited_for_then_reported(tmp_path, other_process):
    with (
        pytest.raises(StoreError, match="another tinygest process"),
        write_lock(tmp_path / "lock").held(0.2),
    ):
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path, other_process):
    other_process.kill()
    other_process.wait()
    with write_lock(tmp_path / "lock").held(5):
        pass


def test_reentrant_in_a_thread_and_exclusive_between_threads(tmp_path):
    lock = write_lock(tmp_path / "lock")
    failures = []

    def intrude() -> None:
        try:
            with write_lock(tmp_path / "lock").held(0.1):
                pass
        except StoreError as error:
            failures.append(error)

    with lock.held(), lock.held():
        thread = threading.Thread(target=intrude)
        thread.start()
        thread.join()
    assert len(failures) == 1
    intrude()
    assert len(failures) == 1


def test_an_error_inside_frees_the_lock(tmp_path):
    lock = write_lock(tmp_path / "lock")
    with pytest.raises(ValueError, match="inside"), lock.held():
        raise ValueError("inside")
    with lock.held(0.1):
        pass
