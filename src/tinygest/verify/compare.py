"""One stage of one recording against what it must be; the first differing byte is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields

from tinygest.core.errors import VerifyError
from tinygest.verify.stream import TracedBytes, TracedEvent, TracedSegment
from tinygest.verify.timeline import Timeline

Traced = TracedSegment | TracedBytes | TracedEvent


def count_bytes(entries: Sequence[Traced]) -> int:
    """What of a stage is compared: every field as the harness writes it."""
    return sum(_n_bytes(entry) for entry in entries)


def _n_bytes(entry: Traced) -> int:
    match entry:
        case TracedSegment():
            return 10
        case TracedEvent():
            return 12
        case TracedBytes():
            return 4 + len(entry.values)


def require_equal(
    found: Sequence[Traced], expected: Sequence[Traced], where: str, against: str, timeline: Timeline
) -> None:
    """Raise VerifyError at the first difference.

    where: "stage inputs on cortex-m4, recording s01"; against: whose result is expected.
    """
    for number, (a, b) in enumerate(zip(found, expected, strict=False)):
        if a != b:
            raise VerifyError(
                f"{where}, {_sample(min(a.at, b.at), timeline)}: {_differ(a, b, number, against)}"
            )
    if len(found) == len(expected):
        return
    longer = found if len(found) > len(expected) else expected
    first = longer[min(len(found), len(expected))]
    raise VerifyError(
        f"{where}, {_sample(first.at, timeline)}: {len(found)} against {len(expected)} of {against}"
    )


def _sample(index: int, timeline: Timeline) -> str:
    row = timeline.row_of(index)
    return f"sample {index}" if row == index or row is None else f"sample {index} (row {row})"


def _differ(found: Traced, expected: Traced, number: int, against: str) -> str:
    if isinstance(found, TracedBytes) and isinstance(expected, TracedBytes) and found.at == expected.at:
        return _differing_value(found.values, expected.values, against)
    pairs = zip(fields(found), astuple(found), astuple(expected), strict=True)
    for field, a, b in pairs:
        if a != b:
            return f"number {number} has {field.name} {a}, {against} has {b}"
    raise AssertionError("unequal records without a difference")


def _differing_value(found: bytes, expected: bytes, against: str) -> str:
    if len(found) != len(expected):
        return f"{len(found)} values, {against} has {len(expected)}"
    at = next(i for i, (a, b) in enumerate(zip(found, expected, strict=True)) if a != b)
    a, b = _signed(found[at]), _signed(expected[at])
    return f"value {at} of {len(found)} is {a}, {against} has {b}"


def _signed(byte: int) -> int:
    return byte - 256 if byte > 127 else byte
