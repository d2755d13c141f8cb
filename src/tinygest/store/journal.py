"""What a recording is while it runs: a file that only grows, and that any end leaves readable.

A record is kind, length, CRC-32 of kind and payload, payload. Each is handed to the operating system when
it comes, so a killed process loses nothing of it, and synced to the disk by `sync`, so a power cut loses
what came since. Reading stops at the first record that is not whole.
"""

from __future__ import annotations

import contextlib
import errno
import os
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np

from tinygest.core.errors import FormatError, StoreError
from tinygest.core.recording import RecordingMeta, Samples, check_recording_id
from tinygest.core.sensor import SensorContract
from tinygest.store.lock import try_lock_file

MAGIC = b"tinygest journal 1\n"
RECORD = struct.Struct("<BII")
ROWS = struct.Struct("<IBdd")  # missing, cause, device seconds, host seconds
MAX_RECORD = 1 << 24
LOCK_RETRY_S = 0.001


class Kind(IntEnum):
    HEADER = 1
    ROWS = 2
    NOTE = 3
    END = 4


class JournalHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Known before the first sample."""

    recording_id: str
    contract: SensorContract
    meta: RecordingMeta
    device: str
    started_at: str
    """Wall clock, ISO 8601 with zone."""
    epoch_s: float
    """Unix time is the host's monotonic clock plus this."""
    source: dict[str, Any] = {}


@dataclass(frozen=True)
class Rows:
    """Samples that came together. samples: (n, n_channels)."""

    samples: Samples
    missing: int
    """Samples that are missing just before."""
    cause: int
    """Why; 0: nothing is missing and nothing restarted. Numbers are the gateway's."""
    device_s: float
    """Board's clock when the last row was ready; not a number where the board does not say."""
    host_s: float
    """Host's monotonic clock when they came."""


Note = dict[str, Any]


@dataclass(frozen=True)
class Journal:
    """All that a journal holds."""

    header: JournalHeader
    rows: list[Rows]
    notes: list[tuple[int, Note]]
    """(rows of the recording before it, note)."""
    is_complete: bool
    """It was closed, not cut off."""
    n_cut: int
    """Bytes at the end that are no whole record."""


class JournalWriter:
    """One writer a file, locked as long as it is open. Every method raises StoreError."""

    def __init__(self, path: Path, header: JournalHeader) -> None:
        check_recording_id(header.recording_id)
        self.path = path
        self.n_rows = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            flags = (
                os.O_RDWR
                | os.O_CREAT
                | os.O_EXCL
                | getattr(os, "O_CLOEXEC", 0)
                | getattr(os, "O_BINARY", 0)
            )
            self._file = os.open(path, flags, 0o666)
        except FileExistsError:
            raise StoreError(f"a recording {header.recording_id!r} is under way already") from None
        except OSError as error:
            raise StoreError(f"cannot write {path}: {error.strerror}") from error
        while not try_lock_file(self._file):  # somebody looks whether it is abandoned
            time.sleep(LOCK_RETRY_S)
        self._end = 0
        self._is_open = True
        self._syncing = threading.Lock()
        try:
            self._write(MAGIC)
            self._append(Kind.HEADER, msgspec.json.encode(header))
        except BaseException:
            self.abandon()
            path.unlink(missing_ok=True)  # it holds nothing, and would keep its name from the next attempt
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.abandon()

    def add(self, rows: Rows) -> None:
        head = ROWS.pack(rows.missing, rows.cause, rows.device_s, rows.host_s)
        self._append(Kind.ROWS, head + np.ascontiguousarray(rows.samples, "<i2").tobytes())
        self.n_rows += len(rows.samples)

    def note(self, note: Note) -> None:
        self._append(Kind.NOTE, msgspec.json.encode(note))

    def sync(self) -> None:
        """Wait until the disk has all of it; may be called from another thread."""
        with self._syncing:
            if not self._is_open:
                return
            try:
                os.fsync(self._file)
            except OSError as error:
                raise self._failed(error) from error

    def close(self) -> None:
        """Say that nothing is missing at the end, and let go of the file."""
        self._append(Kind.END, b"")
        self.sync()
        self.abandon()

    def abandon(self) -> None:
        """Let go of the file as it is: it can be recovered. Harmless when closed."""
        with self._syncing:
            if self._is_open:
                self._is_open = False
                os.close(self._file)

    def _append(self, kind: Kind, payload: bytes) -> None:
        head = RECORD.pack(kind, len(payload), zlib.crc32(payload, kind))
        self._write(head + payload)

    def _write(self, data: bytes) -> None:
        """All of it or nothing: a full disk may take the first half of a record."""
        if not self._is_open:
            raise StoreError(f"{self.path} is closed")
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._end)
                os.lseek(self._file, self._end, os.SEEK_SET)
            raise self._failed(error) from error
        self._end += len(data)

    def _failed(self, error: OSError) -> StoreError:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return StoreError(
                f"the disk is full: the recording ends with the {self.n_rows} samples that were written; "
                "make room, then any tinygest command in the project takes them in"
            )
        return StoreError(f"cannot write {self.path}: {error.strerror}")


def read_journal(path: Path) -> Journal:
    """What a journal holds up to its last whole record; raises FormatError without a header."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(error.strerror or str(error), path) from error
    if not data.startswith(MAGIC):
        raise FormatError("is no journal of a recording", path)
    records = list(_records(data))
    if not records or records[0][0] != Kind.HEADER:
        raise FormatError("was cut off before anything was recorded", path)
    try:
        return _assemble(records, len(data))
    except (msgspec.MsgspecError, ValueError, struct.error) as error:
        raise FormatError(f"is damaged: {error}", path) from error


def is_abandoned(path: Path) -> bool:
    """Nobody writes the journal any more."""
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return try_lock_file(file)
    finally:
        os.close(file)


def _records(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """(kind, payload, position behind it) of each whole record."""
    at = len(MAGIC)
    while at + RECORD.size <= len(data):
        kind, length, check = RECORD.unpack_from(data, at)
        payload = data[at + RECORD.size : at + RECORD.size + length]
        if length > MAX_RECORD or len(payload) != length or zlib.crc32(payload, kind) != check:
            return
        at += RECORD.size + length
        yield kind, payload, at


def _assemble(records: list[tuple[int, bytes, int]], n_bytes: int) -> Journal:
    header = msgspec.json.decode(records[0][1], type=JournalHeader)
    check_recording_id(header.recording_id)
    n_channels = len(header.contract.check().channels)
    rows: list[Rows] = []
    notes: list[tuple[int, Note]] = []
    n_rows = 0
    for kind, payload, _ in records[1:]:
        if kind == Kind.ROWS:
            rows.append(_decode_rows(payload, n_channels))
            n_rows += len(rows[-1].samples)
        elif kind == Kind.NOTE:
            notes.append((n_rows, msgspec.json.decode(payload, type=Note)))
    return Journal(header, rows, notes, records[-1][0] == Kind.END, n_bytes - records[-1][2])


def _decode_rows(payload: bytes, n_channels: int) -> Rows:
    missing, cause, device_s, host_s = ROWS.unpack_from(payload)
    samples = np.frombuffer(payload[ROWS.size :], "<i2").astype(np.int16).reshape(-1, n_channels)
    return Rows(samples, missing, cause, device_s, host_s)
