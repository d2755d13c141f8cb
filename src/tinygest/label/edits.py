"""What a person does to labels: functions from a LabelTrack to a new one.

Segments are meant by their index in the track. A segment that a person touched is a person's from
then on. Every function raises LabelError rather than make segments overlap or leave the recording.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import structs

from tinygest.core.errors import LabelError
from tinygest.core.labels import Interval, LabelTrack, Segment, check_label


def add(track: LabelTrack, n_samples: int, start: int, stop: int, label: str | None) -> LabelTrack:
    """A new segment [start, stop)."""
    return _replaced(track, n_samples, (), [Segment(start, stop, label)])


def assign(track: LabelTrack, n_samples: int, chosen: Collection[int], label: str | None) -> LabelTrack:
    """Name segments; None takes their names away."""
    if label is not None:
        check_label(label)
    renamed = [_by_person(segment, label=label) for segment in _pick(track, chosen)]
    return _replaced(track, n_samples, chosen, renamed)


def move(
    track: LabelTrack, n_samples: int, index: int, start: int | None = None, stop: int | None = None
) -> LabelTrack:
    """Move one edge of a segment, or both; None leaves an edge where it is."""
    (segment,) = _pick(track, [index])
    moved = _by_person(
        segment,
        start=segment.start if start is None else start,
        stop=segment.stop if stop is None else stop,
    )
    return _replaced(track, n_samples, [index], [moved])


def split(track: LabelTrack, n_samples: int, index: int, at: int) -> LabelTrack:
    """Two segments of the same label, the second beginning at row `at`."""
    (segment,) = _pick(track, [index])
    if not segment.start < at < segment.stop:
        raise LabelError(f"{at} is not inside the segment [{segment.start}, {segment.stop})")
    halves = [_by_person(segment, stop=at), _by_person(segment, start=at)]
    return _replaced(track, n_samples, [index], halves)


def merge(
    track: LabelTrack, n_samples: int, chosen: Collection[int], label: str | None = None
) -> LabelTrack:
    """One segment from the first to the last of neighbours, with what lies between them.

    label: needed where the segments have different ones.
    """
    segments = _pick(track, chosen)
    if len(segments) < 2 or max(chosen) - min(chosen) != len(segments) - 1:
        raise LabelError("only two or more segments that follow each other can become one")
    labels = {segment.label for segment in segments} - {None}
    if label is None and len(labels) > 1:
        raise LabelError(
            f"the segments are called {', '.join(sorted(filter(None, labels)))}; name the one that stays"
        )
    one = Segment(segments[0].start, segments[-1].stop, label or next(iter(labels), None))
    return _replaced(track, n_samples, chosen, [one])


def delete(track: LabelTrack, n_samples: int, chosen: Collection[int]) -> LabelTrack:
    """Remove segments."""
    _pick(track, chosen)
    return _replaced(track, n_samples, chosen, [])


def review(track: LabelTrack, n_samples: int, start: int, stop: int) -> LabelTrack:
    """A person has looked at rows [start, stop): what is unlabelled there is background."""
    _check_span(start, stop, n_samples)
    return structs.replace(track, reviewed=join([*track.reviewed, Interval(start, stop)]))


def unreview(track: LabelTrack, n_samples: int, start: int, stop: int) -> LabelTrack:
    """Rows [start, stop) are to be looked at again."""
    _check_span(start, stop, n_samples)
    left = [
        Interval(*piece)
        for span in track.reviewed
        for piece in ((span.start, min(span.stop, start)), (max(span.start, stop), span.stop))
        if piece[0] < piece[1]
    ]
    return structs.replace(track, reviewed=tuple(left))


def join(spans: Iterable[Interval]) -> tuple[Interval, ...]:
    """The same rows in sorted spans that neither overlap nor touch."""
    joined: list[Interval] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].stop:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].stop, span.stop))
        else:
            joined.append(span)
    return tuple(joined)


def _pick(track: LabelTrack, chosen: Collection[int]) -> list[Segment]:
    """The chosen segments in order of time."""
    for index in chosen:
        if not 0 <= index < len(track.segments):
            raise LabelError(f"there is no segment {index + 1}; the recording has {len(track.segments)}")
    return [track.segments[index] for index in sorted(set(chosen))]


def _by_person(segment: Segment, **changes: int | str | None) -> Segment:
    return structs.replace(segment, source="person", **changes)


def _replaced(
    track: LabelTrack, n_samples: int, gone: Collection[int], new: Iterable[Segment]
) -> LabelTrack:
    kept = (segment for index, segment in enumerate(track.segments) if index not in gone)
    segments = sorted((*kept, *new), key=lambda segment: segment.start)
    return structs.replace(track, segments=tuple(segments)).check(n_samples)


def _check_span(start: int, stop: int, n_samples: int) -> None:
    if not 0 <= start < stop <= n_samples:
        raise LabelError(f"[{start}, {stop}) is not inside the recording [0, {n_samples})")
