"""The two files of firmware/emulated/stream_harness.c: recordings in, trace out.

What a board wrote is not trusted: every length is checked before it is used, and a trace that does not
follow the order of events is refused.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tinygest.core.errors import VerifyError
from tinygest.core.recording import Recording
from tinygest.verify.timeline import INDEX_WRAP

FORMAT = 0x31534754
RECORDING, SAMPLES, GAP, END = 1, 2, 3, 4


@dataclass(frozen=True)
class TracedSegment:
    """at: index of the sample whose push completed it; start and length in samples of the stream."""

    at: int
    start: int
    length: int


@dataclass(frozen=True)
class TracedBytes:
    """Input or output of the network, int8 as bytes."""

    at: int
    values: bytes


@dataclass(frozen=True)
class TracedEvent:
    """What a push returned."""

    at: int
    start: int
    length: int
    label: int
    score: int


@dataclass(frozen=True)
class PushCost:
    """Instructions of one push."""

    at: int
    instructions: int


@dataclass(frozen=True)
class DecisionCost:
    """Instructions of a push that completed a segment, in parts."""

    at: int
    path: int
    extract: int
    network: int
    decision: int


@dataclass
class Trace:
    """What happened in one recording."""

    number: int
    segments: list[TracedSegment] = field(default_factory=list)
    inputs: list[TracedBytes] = field(default_factory=list)
    logits: list[TracedBytes] = field(default_factory=list)
    events: list[TracedEvent] = field(default_factory=list)
    pushes: list[PushCost] = field(default_factory=list)
    decisions: list[DecisionCost] = field(default_factory=list)


@dataclass(frozen=True)
class BoardTrace:
    """What happened in all recordings of one run."""

    recordings: tuple[Trace, ...]
    n_samples: int
    stack_bytes: int


def encode_stream(
    recordings: Sequence[Recording], n_channels: int, count_instructions: bool, *, ends: bool = True
) -> bytes:
    """input.bin: recordings numbered from 0, whole, with their gaps and, with `ends`, where they end."""
    return b"".join(_encode(recordings, n_channels, count_instructions, ends))


def _encode(recordings: Sequence[Recording], n_channels: int, count: bool, ends: bool) -> Iterator[bytes]:
    yield struct.pack("<III", FORMAT, count, n_channels)
    for number, recording in enumerate(recordings):
        yield struct.pack("<II", RECORDING, number)
        gaps = recording.info.gaps
        edges = [0, *(gap.at for gap in gaps), recording.info.n_samples]
        missing = [None, *(gap.n_missing for gap in gaps)]
        for (start, stop), n_missing in zip(pairwise(edges), missing, strict=True):
            if n_missing is not None:
                yield struct.pack("<II", GAP, n_missing % INDEX_WRAP)
            yield struct.pack("<II", SAMPLES, stop - start)
            yield recording.samples[start:stop].astype("<i2", copy=False).tobytes()
        if ends:
            yield struct.pack("<II", END, 0)


class _Reader:
    """Reads fields; raises VerifyError at the end of the data instead of reading beyond it."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, n_bytes: int) -> bytes:
        if n_bytes > len(self.data) - self.at:
            raise VerifyError(f"the board's trace ends inside a record, at byte {len(self.data)}")
        self.at += n_bytes
        return self.data[self.at - n_bytes : self.at]

    def unpack(self, layout: struct.Struct) -> tuple[int, ...]:
        return layout.unpack(self.take(layout.size))


_U32 = struct.Struct("<I")
_SEGMENT = struct.Struct("<IIH")
_BYTES = struct.Struct("<IH")
_EVENT = struct.Struct("<IIHBB")
_PUSH = struct.Struct("<II")
_PARTS = struct.Struct("<IIIII")
_END = struct.Struct("<II")


def _read_bytes(reader: _Reader) -> TracedBytes:
    at, n = reader.unpack(_BYTES)
    return TracedBytes(at, reader.take(n))


def _read_record(name: bytes, reader: _Reader, trace: Trace) -> None:
    match name:
        case b"S":
            trace.segments.append(TracedSegment(*reader.unpack(_SEGMENT)))
        case b"I":
            trace.inputs.append(_read_bytes(reader))
        case b"L":
            trace.logits.append(_read_bytes(reader))
        case b"E":
            trace.events.append(TracedEvent(*reader.unpack(_EVENT)))
        case b"T":
            trace.pushes.append(PushCost(*reader.unpack(_PUSH)))
        case b"C":
            trace.decisions.append(DecisionCost(*reader.unpack(_PARTS)))
        case _:
            raise VerifyError(f"the board's trace holds an unknown record at byte {reader.at - 1}")


def parse_trace(data: bytes, n_recordings: int, n_samples: int) -> BoardTrace:
    """output.bin; raises VerifyError unless it is whole and covers all recordings and samples."""
    reader = _Reader(data)
    traces: list[Trace] = []
    while (name := reader.take(1)) != b"Z":
        if name == b"R":
            (number,) = reader.unpack(_U32)
            if number != len(traces):
                raise VerifyError(f"the board's trace has recording {number} where {len(traces)} is due")
            traces.append(Trace(number))
        elif not traces:
            raise VerifyError("the board's trace begins without a recording")
        else:
            _read_record(name, reader, traces[-1])
    n_seen, stack_bytes = reader.unpack(_END)
    if reader.at != len(data):
        raise VerifyError(f"the board's trace goes on after its end, at byte {reader.at}")
    if (len(traces), n_seen) != (n_recordings, n_samples):
        raise VerifyError(
            f"the board saw {len(traces)} recordings and {n_seen} samples instead of {n_recordings} and "
            f"{n_samples}"
        )
    return BoardTrace(tuple(traces), n_seen, stack_bytes)
