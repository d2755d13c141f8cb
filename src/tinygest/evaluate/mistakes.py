"""Every held-out answer that was wrong, with its place in the recording: what a person should look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tinygest.core.labels import UNKNOWN
from tinygest.evaluate.folds import SegmentAnswer, StreamResult
from tinygest.metrics import FoundEvent, TrueEvent, match_events
from tinygest.metrics.events import spans_of
from tinygest.metrics.judgement import BACKGROUND, MISSED, right_and_alarms
from tinygest.metrics.matching import match_spans

Cell = tuple[str, str]
"""(true label or background, answer or missed) of the confusion matrix."""


@dataclass(frozen=True)
class Mistake:
    """One wrong answer; rows of the recording."""

    cell: Cell
    recording: str
    subject: str
    true: tuple[int, int] | None
    """None: there was nothing to find."""
    found: tuple[int, int] | None
    """None: nothing was found, or the span was given."""

    @property
    def span(self) -> tuple[int, int]:
        """What of the recording belongs to it."""
        rows = [*(self.true or ()), *(self.found or ())]
        return min(rows), max(rows)


def mistakes_by_cell(
    streams: Sequence[StreamResult], answers: Sequence[SegmentAnswer]
) -> dict[Cell, list[Mistake]]:
    """Of events where there are streams, else of given segments; the most frequent cell first."""
    found = of_streams(streams) if streams else of_answers(answers)
    cells: dict[Cell, list[Mistake]] = defaultdict(list)
    for mistake in found:
        cells[mistake.cell].append(mistake)
    return dict(sorted(cells.items(), key=lambda cell: (-len(cell[1]), cell[0])))


def of_answers(answers: Iterable[SegmentAnswer]) -> Iterator[Mistake]:
    """Segments whose span was given and whose label was not found."""
    for one in answers:
        if one.answer != one.label:
            yield Mistake((one.label, one.answer), one.recording, one.subject, (one.start, one.stop), None)


def of_streams(streams: Iterable[StreamResult], iou: float = 0.5) -> Iterator[Mistake]:
    """Events that were missed or taken for others, and false alarms, as `event_scores` pairs them."""
    for stream in streams:
        for true, found in _pairs(stream, iou):
            label = true.label if true else BACKGROUND
            answer = found.label if found else MISSED
            yield Mistake(
                (label, answer),
                stream.recording,
                stream.subject,
                _rows(true, stream.start),
                _rows(found, stream.start),
            )


def _pairs(stream: StreamResult, iou: float) -> Iterator[tuple[TrueEvent | None, FoundEvent | None]]:
    """What is left when the right pairs are taken away, paired by place; then the false alarms."""
    known = [event for event in stream.found if event.label != UNKNOWN]
    unknown = [event for event in stream.found if event.label == UNKNOWN]
    matching = match_events(stream.truth.events, known, iou)
    left = [stream.truth.events[i] for i in matching.missed]
    spare = [known[j] for j in matching.extra]
    for answers in (spare, unknown):
        by_place = match_spans(spans_of(left), spans_of(answers), iou)
        for i, j in by_place.pairs:
            yield left[i], answers[j]
        left = [left[i] for i in by_place.missed]
    for event in left:
        yield event, None
    yield from ((None, alarm) for alarm in right_and_alarms(stream.truth, stream.found, iou)[1])


def _rows(event: TrueEvent | FoundEvent | None, offset: int) -> tuple[int, int] | None:
    return None if event is None else (event.start + offset, event.stop + offset)
