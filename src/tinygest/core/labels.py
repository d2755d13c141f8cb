"""Segments, labels and reviewed time of one recording."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from tinygest.core.errors import LabelError

UNKNOWN = "unknown"
"""Label 0 of every model: no label is sure enough. Never the name of a gesture."""

LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _+-]{0,39}\Z")

Source = Literal["person", "segmenter", "import"]


class Segment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, order=True):
    """Rows [start, stop) of a recording. label None: found, not named yet."""

    start: int
    stop: int
    label: str | None = None
    source: Source = "person"


class Interval(msgspec.Struct, frozen=True, forbid_unknown_fields=True, order=True):
    """Rows [start, stop) that a person has looked at: unlabelled time inside is background."""

    start: int
    stop: int


class LabelTrack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is known about what happens in one recording: sorted, never overlapping."""

    segments: tuple[Segment, ...] = ()
    reviewed: tuple[Interval, ...] = ()

    def check(self, n_samples: int) -> LabelTrack:
        """Return self if sorted, inside the recording and without overlap; raises LabelError."""
        for name, spans in (("segment", self.segments), ("reviewed interval", self.reviewed)):
            last_stop = 0
            for span in spans:
                if not 0 <= span.start < span.stop <= n_samples:
                    raise LabelError(f"{name} [{span.start}, {span.stop}) is not inside [0, {n_samples})")
                if span.start < last_stop:
                    raise LabelError(
                        f"{name} [{span.start}, {span.stop}) overlaps the one before, which ends at "
                        f"{last_stop}"
                    )
                last_stop = span.stop
        for segment in self.segments:
            if segment.label is not None:
                check_label(segment.label)
        return self


def check_label(label: str) -> str:
    """Return the label if it is usable everywhere (C, CSV, file names); raises LabelError."""
    if not LABEL.match(label):
        raise LabelError(
            f"label {label!r} is not usable: start with a letter or digit, then at most 39 letters, "
            "digits, spaces, '_', '+', '-'"
        )
    if label.lower() == UNKNOWN:
        raise LabelError(
            f"{UNKNOWN!r} is the answer when no label is sure enough; leave the time unlabelled and "
            "mark it as reviewed instead"
        )
    return label
