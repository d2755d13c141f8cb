"""Files that appear whole or not at all.

A file is written under a hidden name in its own folder, synced, and renamed: a reader sees the old
file or the new one, and a crash leaves at most a hidden `.tmp` file that nobody reads.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from tinygest.core.errors import StoreError

TEMPORARY = ".tmp"
BLOCK = 65536


def write_atomic(path: Path, data: bytes) -> None:
    """Create or replace `path`; its folder must exist. Raises StoreError."""
    with _temporary(path) as temporary:
        write_synced(temporary, data)
        temporary.replace(path)
    sync_folder(path.parent)


def publish_file(temporary: Path, path: Path) -> None:
    """Give a finished file its name, never replacing another. The caller syncs the folder."""
    try:
        # A hard link fails if the name is taken; a rename would silently replace it.
        path.hardlink_to(temporary)
    except FileExistsError:
        raise StoreError(f"{path} already exists and is written only once") from None
    except OSError:  # a file system without hard links
        if path.exists():
            raise StoreError(f"{path} already exists and is written only once") from None
        temporary.rename(path)
    temporary.unlink(missing_ok=True)


def append_line(path: Path, line: bytes) -> None:
    """Append one line and sync. A line that a crash left unfinished at the end is removed first."""
    try:
        with path.open("ab+") as file:
            file.truncate(_end_of_last_line(file))
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error


def _end_of_last_line(file: IO[bytes]) -> int:
    """Position just behind the last newline."""
    end = file.seek(0, os.SEEK_END)
    while end > 0:
        start = max(0, end - BLOCK)
        file.seek(start)
        newline = file.read(end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` survive a power cut, where the system can do that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """A hidden file beside `path`, gone at the end whatever happens."""
    try:
        handle, name = tempfile.mkstemp(TEMPORARY, f".{path.name}.", path.parent)
        os.close(handle)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error
    temporary = Path(name)
    try:
        yield temporary
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)


def write_synced(path: Path, data: bytes) -> None:
    """Write a file that nobody reads yet, and wait until it is on disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o666 & ~_umask())  # mkstemp makes private files; a project is shared like any folder


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
