"""Labels as other tools write them: texts over rows.

Two words have a meaning of their own, in both directions. `unknown` is time that a person has seen and
that holds no gesture (no project may call a gesture so). Texts that begin with `_` cannot be labels of
ours: `_unlabelled` is time of which nothing is known, for formats in which every row needs a label, and
`_unnamed` is a segment that was found and not named yet.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import FormatError, LabelError
from tinygest.core.labels import UNKNOWN, Interval, LabelTrack, Segment, check_label

UNLABELLED = "_unlabelled"
UNNAMED = "_unnamed"
MAX_SHOWN = 100  # characters of a wrong text in an error; longer than any label


@dataclass(frozen=True)
class TextSpan:
    """Rows [start, stop) that carry a text."""

    start: int
    stop: int
    text: str


def read_spans(
    spans: Iterable[TextSpan],
    n_samples: int,
    path: Path,
    unlabelled: Collection[str] = (),
    position: Callable[[TextSpan], str | None] = lambda span: None,
) -> tuple[tuple[Segment, ...], tuple[Interval, ...]]:
    """Segments, and the intervals that hold time seen and found to be nothing.

    Spans may come in any order. position: where the file says a span, for errors.
    Raises FormatError if they overlap, lie outside or carry what is no label.
    """
    segments: list[Segment] = []
    reviewed: list[Interval] = []
    seen: list[tuple[Interval, bool]] = []  # all that says something, and whether it is background
    last = 0
    for span in sorted(spans, key=lambda span: (span.start, span.stop)):
        if not last <= span.start < span.stop <= n_samples:
            reason = f"label {span.text[:40]!r} at rows {span.start} to {span.stop - 1} (inclusive) "
            fits = last <= span.start or span.start < 0
            reason += f"is not inside rows 0 to {n_samples - 1}" if fits else "overlaps the one before"
            raise FormatError(reason, path, position(span))
        last = span.stop
        text = span.text.strip()
        if text in ("", UNLABELLED) or text in unlabelled:
            continue
        background = text.lower() == UNKNOWN
        seen.append((Interval(span.start, span.stop), background))
        if not background:
            segments.append(Segment(span.start, span.stop, _label(span, path, position), "import"))
    for interval, background in _joined(seen):
        if background:
            reviewed.append(interval)
    return tuple(segments), tuple(reviewed)


def write_spans(track: LabelTrack, n_samples: int) -> list[TextSpan]:
    """Every row under a text, without a hole: labels, `unknown` for background, `_unlabelled`.

    Neighbours with the same text become one, as every reader of such a format would make of them.
    """
    marks = [TextSpan(interval.start, interval.stop, UNKNOWN) for interval in track.reviewed]
    marks += [TextSpan(s.start, s.stop, s.label or UNNAMED) for s in track.segments]
    edges = sorted({0, n_samples, *(m.start for m in marks), *(m.stop for m in marks)})
    reviewed, segments = iter(track.reviewed), iter(track.segments)
    interval, segment = next(reviewed, None), next(segments, None)
    spans: list[TextSpan] = []
    for start, stop in itertools.pairwise(edges):
        while interval and interval.stop <= start:
            interval = next(reviewed, None)
        while segment and segment.stop <= start:
            segment = next(segments, None)
        if segment and segment.start <= start:
            text = segment.label or UNNAMED
        else:
            text = UNKNOWN if interval and interval.start <= start else UNLABELLED
        if spans and spans[-1].text == text:
            spans[-1] = TextSpan(spans[-1].start, stop, text)
        else:
            spans.append(TextSpan(start, stop, text))
    return spans


def n_merged(track: LabelTrack) -> int:
    """Segments that `write_spans` joins with the one before."""
    return sum(a.stop == b.start and a.label == b.label for a, b in itertools.pairwise(track.segments))


def _label(span: TextSpan, path: Path, position: Callable[[TextSpan], str | None]) -> str | None:
    text = span.text.strip()
    if text == UNNAMED:
        return None
    try:
        return check_label(text[:MAX_SHOWN])
    except LabelError as error:
        raise FormatError(str(error), path, position(span)) from error


def _joined(seen: list[tuple[Interval, bool]]) -> list[tuple[Interval, bool]]:
    """Neighbours as one interval; true where any part is background."""
    joined: list[tuple[Interval, bool]] = []
    for interval, background in seen:
        if joined and joined[-1][0].stop == interval.start:
            before, was = joined[-1]
            joined[-1] = (Interval(before.start, interval.stop), was or background)
        else:
            joined.append((interval, background))
    return joined
