"""A batch of samples: 8 bytes of header, then rows of int16."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from tinygest.core.errors import ProtocolError
from tinygest.core.recording import Samples
from tinygest.protocol.words import SampleFlag, check_first_byte, check_range, first_byte

HEADER = struct.Struct("<BBHI")  # version and flags, number of rows, device ms, index of the first row
MAX_ROWS = 255
MAX_FLAGS = int(SampleFlag.RAW | SampleFlag.RESTART | SampleFlag.GAP)


@dataclass(frozen=True)
class SampleFrame:
    """One notification. samples: (n, n_channels) int16, n = 1..255."""

    first_index: int
    """Of the stream, u32, wraps."""
    device_ms: int
    """Low 16 bits of the board's milliseconds when the last row was ready."""
    flags: SampleFlag
    samples: Samples


def encode_samples(frame: SampleFrame) -> bytes:
    """Raises ProtocolError for a frame that has no bytes."""
    n_rows = len(frame.samples)
    if not 1 <= n_rows <= MAX_ROWS:
        raise ProtocolError(f"a frame holds 1 to {MAX_ROWS} samples, not {n_rows}")
    header = HEADER.pack(
        first_byte(check_range(int(frame.flags), MAX_FLAGS + 1, "sample flags")),
        n_rows,
        check_range(frame.device_ms, 1 << 16, "device milliseconds"),
        check_range(frame.first_index, 1 << 32, "sample index"),
    )
    return header + frame.samples.astype("<i2").tobytes()


def decode_samples(payload: bytes, n_channels: int) -> SampleFrame:
    """One notification of a board with n_channels >= 1; raises ProtocolError, nothing else."""
    if len(payload) < HEADER.size:
        raise ProtocolError(f"sample frame of {len(payload)} bytes has no header of {HEADER.size}")
    head, n_rows, device_ms, first_index = HEADER.unpack_from(payload)
    flags = check_first_byte(head, "sample frame")
    check_range(flags, MAX_FLAGS + 1, "sample flags")
    body = payload[HEADER.size :]
    if n_rows == 0 or len(body) != n_rows * n_channels * 2:
        raise ProtocolError(
            f"sample frame says {n_rows} samples of {n_channels} channels and carries {len(body)} bytes"
        )
    rows = np.frombuffer(body, "<i2").astype(np.int16).reshape(n_rows, n_channels)
    return SampleFrame(first_index, device_ms, SampleFlag(flags), rows)
