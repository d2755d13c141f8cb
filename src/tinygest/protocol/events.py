"""What a recognising board reports: tinygest's 16 bytes, SensiML's 4, SensiML's line of JSON."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import msgspec

from tinygest.core.errors import ProtocolError
from tinygest.core.event import Event
from tinygest.protocol.words import check_first_byte, check_length, check_range, first_byte

# version, model, label, score, start, length, count of events, decided at
LAYOUT = struct.Struct("<BBBBIHHI")
SENSIML_LAYOUT = struct.Struct("<HH")  # model, class
MAX_LINE = 512


@dataclass(frozen=True)
class ReportedEvent:
    """An event as it came over a link."""

    model: int
    """Place of the model in the image, 0..255."""
    event: Event
    count: int
    """Of events since the stream began, low 16 bits: a step of more than 1 is a lost report."""


class ResultLine(msgspec.Struct, frozen=True):
    """SensiML's result over serial; keys that are not named here are passed over."""

    model_number: int = msgspec.field(name="ModelNumber")
    classification: int = msgspec.field(name="Classification")
    segment_start: int | None = msgspec.field(name="SegmentStart", default=None)
    segment_length: int | None = msgspec.field(name="SegmentLength", default=None)


def encode_event(reported: ReportedEvent) -> bytes:
    """Raises ProtocolError when a number does not fit."""
    event = reported.event
    return LAYOUT.pack(
        first_byte(),
        check_range(reported.model, 1 << 8, "model"),
        check_range(event.label, 1 << 8, "label"),
        check_range(event.score, 1 << 8, "score"),
        check_range(event.start, 1 << 32, "start"),
        check_range(event.length, 1 << 16, "length"),
        check_range(reported.count, 1 << 16, "count"),
        check_range(event.decided_at, 1 << 32, "decided_at"),
    )


def decode_event(payload: bytes) -> ReportedEvent:
    """Raises ProtocolError, nothing else."""
    check_length(payload, LAYOUT.size, "event")
    head, model, label, score, start, length, count, decided_at = LAYOUT.unpack(payload)
    if check_first_byte(head, "event"):
        raise ProtocolError("event with flags that this version does not know")
    return ReportedEvent(model, Event(start, length, label, score, decided_at), count)


def encode_sensiml_result(model: int, label: int) -> bytes:
    return SENSIML_LAYOUT.pack(check_range(model, 1 << 16, "model"), check_range(label, 1 << 16, "class"))


def decode_sensiml_result(payload: bytes) -> tuple[int, int]:
    """(model, class); raises ProtocolError."""
    check_length(payload, SENSIML_LAYOUT.size, "result")
    model, label = SENSIML_LAYOUT.unpack(payload)
    return model, label


def encode_result_line(line: ResultLine) -> bytes:
    return msgspec.json.encode({k: v for k, v in msgspec.to_builtins(line).items() if v is not None})


def decode_result_line(line: bytes) -> ResultLine:
    """Raises ProtocolError, nothing else."""
    if len(line) > MAX_LINE:
        raise ProtocolError(f"result line of {len(line)} bytes; at most {MAX_LINE}")
    try:
        return msgspec.json.decode(line, type=ResultLine)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(f"result line: {error}") from error
