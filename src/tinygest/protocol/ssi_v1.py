"""Simple Streaming Interface v1: raw rows in a stream of bytes, and words over serial."""

from __future__ import annotations

import numpy as np

from tinygest.core.recording import Samples

CONNECT = b"connect"
DISCONNECT = b"disconnect"
"""The host sends exactly these, without a line end."""


class RowReader:
    """Bytes in pieces of any size -> whole int16 rows. A lost byte cannot be seen in v1."""

    def __init__(self, n_columns: int):
        self._n_columns = n_columns
        self._rest = b""

    def feed(self, data: bytes) -> Samples:
        """The rows that are now whole: (n, n_columns)."""
        self._rest += data
        size = 2 * self._n_columns
        whole = len(self._rest) // size * size
        rows, self._rest = self._rest[:whole], self._rest[whole:]
        return np.frombuffer(rows, "<i2").astype(np.int16).reshape(-1, self._n_columns)


class LineReader:
    """Bytes in pieces of any size -> lines without their end; a line that is too long is dropped."""

    def __init__(self, max_line: int):
        self._max_line = max_line
        self._line = bytearray()
        self._too_long = False
        self.n_dropped = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that are now whole, empty ones left out."""
        lines = []
        for byte in data:
            if byte == ord("\n"):
                lines.append(self._take())
            elif len(self._line) < self._max_line:
                self._line.append(byte)
            else:
                self._too_long = True
        return [line for line in lines if line]

    def _take(self) -> bytes:
        line = b"" if self._too_long else bytes(self._line).rstrip(b"\r")
        self.n_dropped += self._too_long
        self._line.clear()
        self._too_long = False
        return line
