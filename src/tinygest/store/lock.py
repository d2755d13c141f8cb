"""One writer at a time in a project, across threads and processes.

Readers need no lock, because every file is replaced whole. Writers that read, change and write back
(labels, metadata, revisions, imports) hold this lock, so that no change of another process is lost.
The operating system frees the lock when its process ends, however it ends.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tinygest.core.errors import StoreError

RETRY_S = 0.05

_locks: dict[Path, WriteLock] = {}
_locks_guard = threading.Lock()


class WriteLock:
    """Re-entrant within its thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread_lock = threading.RLock()
        self._depth = 0
        self._handle = -1

    @contextmanager
    def held(self, timeout_s: float = 30.0) -> Iterator[None]:
        """Hold the lock; raises StoreError if somebody else holds it for longer than `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        if not self._thread_lock.acquire(timeout=timeout_s):
            raise self._busy()
        try:
            if self._depth == 0:
                self._handle = self._acquire_file(deadline)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if self._depth == 0:
                    os.close(self._handle)  # closing frees the lock
        finally:
            self._thread_lock.release()

    def _acquire_file(self, deadline: float) -> int:
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
        except OSError as error:
            raise StoreError(f"cannot write to the project: {self._path}: {error.strerror}") from error
        while not try_lock_file(handle):
            if time.monotonic() > deadline:
                os.close(handle)
                raise self._busy()
            time.sleep(RETRY_S)
        return handle

    def _busy(self) -> StoreError:
        return StoreError(
            f"another tinygest process is writing to {self._path.parent.parent}; try again when it is done"
        )


def write_lock(path: Path) -> WriteLock:
    """The lock behind the file `path`: one object a process, however often a project is opened."""
    key = path.resolve()
    with _locks_guard:
        return _locks.setdefault(key, WriteLock(key))


if sys.platform == "win32":
    import msvcrt

    def try_lock_file(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def try_lock_file(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
