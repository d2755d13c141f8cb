"""Simple Streaming Interface v2: frames with sequence number and checksum in a stream of bytes.

sync FF, length u16, reserved 0, channel, sequence u32, payload, checksum: little-endian, length counts
from reserved to the end of the payload, the checksum is their XOR.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from functools import reduce
from operator import xor

from tinygest.core.errors import ProtocolError
from tinygest.protocol.words import check_range

SYNC = 0xFF
HEADER = struct.Struct("<BHBBI")
OVERHEAD = HEADER.size + 1
HEAD_IN_LENGTH = 6  # reserved, channel, sequence
MAX_FRAME_PAYLOAD = 1024
"""A longer frame is taken for noise: a wrong length would else swallow what follows."""


class SerialChannel(IntEnum):
    """Who speaks in a frame of ours; SensiML's readers know only the first."""

    ROWS = 0
    SAMPLES = 1
    EVENTS = 2
    CONTROL = 3


@dataclass(frozen=True)
class V2Frame:
    """sequence counts the frames of its channel; the first is 1."""

    channel: int
    sequence: int
    payload: bytes


def checksum(data: bytes | bytearray) -> int:
    return reduce(xor, data, 0)


def encode_v2(frame: V2Frame) -> bytes:
    """Raises ProtocolError when a number does not fit."""
    length = check_range(len(frame.payload), MAX_FRAME_PAYLOAD + 1, "payload") + HEAD_IN_LENGTH
    channel = check_range(frame.channel, 256, "channel")
    sequence = check_range(frame.sequence, 1 << 32, "sequence")
    body = HEADER.pack(SYNC, length, 0, channel, sequence) + frame.payload
    return body + bytes([checksum(body[3:])])


class V2Reader:
    """Bytes in pieces of any size -> frames. After noise it finds the next frame that is whole."""

    def __init__(self) -> None:
        self._data = bytearray()
        self.n_skipped = 0
        """Bytes that belonged to no frame."""

    def feed(self, data: bytes) -> list[V2Frame]:
        self._data += data
        frames = []
        while (frame := self._next()) is not None:
            frames.append(frame)
        return frames

    def _next(self) -> V2Frame | None:
        """The next whole frame; None when more bytes are needed."""
        while self._data:
            start = self._data.find(SYNC)
            if start != 0:
                self._skip(len(self._data) if start < 0 else start)
                continue
            if len(self._data) < HEADER.size:
                return None
            _, length, reserved, channel, sequence = HEADER.unpack_from(self._data)
            size = length + 4
            if reserved or not HEAD_IN_LENGTH <= length <= HEAD_IN_LENGTH + MAX_FRAME_PAYLOAD:
                self._skip(1)
            elif len(self._data) < size:
                return None
            elif checksum(self._data[3:size]):  # over its own checksum too: 0 when right
                self._skip(1)
            else:
                payload = bytes(self._data[HEADER.size : size - 1])
                del self._data[:size]
                return V2Frame(channel, sequence, payload)
        return None

    def _skip(self, n_bytes: int) -> None:
        del self._data[:n_bytes]
        self.n_skipped += n_bytes


def decode_v2(data: bytes) -> V2Frame:
    """One frame and nothing else; raises ProtocolError."""
    reader = V2Reader()
    frames = reader.feed(data)
    if len(frames) != 1 or reader.n_skipped or len(data) != len(frames[0].payload) + OVERHEAD:
        raise ProtocolError(f"{len(data)} bytes are not one v2 frame")
    return frames[0]
