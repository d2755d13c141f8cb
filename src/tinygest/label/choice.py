"""How a person names segments and positions on a command line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tinygest.core.errors import LabelError, UsageError
from tinygest.core.labels import LabelTrack

ALL, UNLABELLED = "all", "unlabelled"
NUMBERS = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?\Z")
POSITION = re.compile(r"([0-9]{1,12})\Z")
SECONDS = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s\Z")


def parse_segments(text: str, track: LabelTrack) -> tuple[int, ...]:
    """Indices of segments named like `3`, `1-4,7`, `all` or `unlabelled`; numbers count from 1.

    Raises UsageError for another form, LabelError for a number that no segment has.
    """
    if text == ALL:
        return tuple(range(len(track.segments)))
    if text == UNLABELLED:
        return tuple(index for index, segment in enumerate(track.segments) if segment.label is None)
    return tuple(sorted(set(_numbers(text, len(track.segments)))))


def parse_position(text: str, rate_hz: float) -> int:
    """A row: `250` as it is, `2.5s` by the rate, rounded to the nearest; raises UsageError."""
    if match := POSITION.match(text):
        return int(match[1])
    if match := SECONDS.match(text):
        return round(float(match[1]) * rate_hz)
    raise UsageError(f"position {text!r} is neither a sample like 250 nor seconds like 2.5s")


def _numbers(text: str, n_segments: int) -> Iterable[int]:
    for part in text.split(","):
        match = NUMBERS.match(part.strip())
        if match is None:
            raise UsageError(
                f"segments {text!r}: write numbers from `tinygest label list`, as in 3 or 1-4,7, "
                f"or {ALL}, or {UNLABELLED}"
            )
        first, last = int(match[1]), int(match[2] or match[1])
        if not 1 <= first <= last <= n_segments:
            raise LabelError(f"there is no segment {part.strip()}; the recording has {n_segments}")
        yield from range(first - 1, last)
