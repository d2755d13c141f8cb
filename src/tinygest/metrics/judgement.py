"""One continuous stream judged: each true event found or missed, each found one right, wrong or ignored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinygest.core.labels import UNKNOWN
from tinygest.metrics.delay import delays_s
from tinygest.metrics.events import FoundEvent, StreamTruth, spans_of
from tinygest.metrics.matching import Matching, match_events, match_spans, overlapping_pairs
from tinygest.metrics.scores import LabelCounts, macro_f1

MISSED = "(missed)"
"""Column of the confusion matrix: no answer at all. No label can be spelt like this."""
BACKGROUND = "(background)"
"""Row of the confusion matrix: found where there was no event to find."""


@dataclass(frozen=True)
class Judgement:
    """Counts of one stream, or of several added up."""

    labels: dict[str, LabelCounts]
    confusion: Counter[tuple[str, str]]
    """(true label or BACKGROUND, answer or UNKNOWN or MISSED) -> how often."""
    delays_s: tuple[float, ...]
    n_false_alarms: int
    n_ignored: int
    """Found in time that nobody has reviewed: neither right nor wrong."""
    background_hours: float

    def __add__(self, other: Judgement) -> Judgement:
        names = sorted({*self.labels, *other.labels})
        none = LabelCounts()
        return Judgement(
            labels={name: self.labels.get(name, none) + other.labels.get(name, none) for name in names},
            confusion=self.confusion + other.confusion,
            delays_s=self.delays_s + other.delays_s,
            n_false_alarms=self.n_false_alarms + other.n_false_alarms,
            n_ignored=self.n_ignored + other.n_ignored,
            background_hours=self.background_hours + other.background_hours,
        )

    @property
    def macro_f1(self) -> float:
        return macro_f1(self.labels.values())

    @property
    def micro(self) -> LabelCounts:
        """All labels in one pot."""
        return sum(self.labels.values(), LabelCounts())


NOTHING = Judgement({}, Counter(), (), 0, 0, 0.0)


def total(judgements: Iterable[Judgement]) -> Judgement:
    """Sum of several streams."""
    return sum(judgements, NOTHING)


def event_scores(truth: StreamTruth, found: Sequence[FoundEvent], iou: float = 0.5) -> Judgement:
    """Judge what a model found in one stream.

    A found event is right when it is matched (same label, IoU >= iou, one to one). Otherwise it is
    - a duplicate, when it overlaps a true event of its label that was already found,
    - ignored, when less than half of it lies in judged time (labelled or reviewed),
    - else wrong; and a false alarm when more than half of it lies in reviewed background.
    Answers of `unknown` are no events: they only show in the confusion matrix.
    """
    known = [event for event in found if event.label != UNKNOWN]
    unknown = [event for event in found if event.label == UNKNOWN]
    fates = _fates(truth, known, iou)
    matching = fates.matching
    kept_wrong = [known[j] for j in np.flatnonzero(fates.spare & ~fates.ignored)]
    return Judgement(
        labels=_label_counts(truth, known, matching, fates.ignored, fates.duplicate),
        confusion=_confusion(truth, matching, kept_wrong, unknown, iou),
        delays_s=tuple(delays_s(truth.events, known, matching, truth.rate_hz)),
        n_false_alarms=int(fates.alarm.sum()),
        n_ignored=int(fates.ignored.sum()),
        background_hours=truth.hours_of(truth.background()),
    )


def right_and_alarms(
    truth: StreamTruth, found: Sequence[FoundEvent], iou: float = 0.5
) -> tuple[list[FoundEvent], list[FoundEvent]]:
    """(found events that are right, false alarms), as `event_scores` counts them."""
    known = [event for event in found if event.label != UNKNOWN]
    fates = _fates(truth, known, iou)
    right = [event for event, is_spare in zip(known, fates.spare, strict=True) if not is_spare]
    return right, [event for event, is_alarm in zip(known, fates.alarm, strict=True) if is_alarm]


@dataclass(frozen=True)
class _Fates:
    """What became of each found event, all (n_known,)."""

    matching: Matching
    spare: NDArray[np.bool_]
    """Not matched to a true event."""
    duplicate: NDArray[np.bool_]
    ignored: NDArray[np.bool_]
    alarm: NDArray[np.bool_]


def _fates(truth: StreamTruth, known: Sequence[FoundEvent], iou: float) -> _Fates:
    matching = match_events(truth.events, known, iou)
    duplicate = _duplicates(truth, known, matching)
    rows = np.array([event.stop - event.start for event in known], np.int64)
    spare = np.ones(len(known), np.bool_)
    spare[[j for _, j in matching.pairs]] = False
    ignored = spare & ~duplicate & (2 * _rows_under(truth.judged(), known) < rows)
    alarm = spare & ~duplicate & ~ignored & (2 * _rows_under(truth.background(), known) > rows)
    return _Fates(matching, spare, duplicate, ignored, alarm)


def _duplicates(truth: StreamTruth, known: Sequence[FoundEvent], matching: Matching) -> NDArray[np.bool_]:
    """(n_known,): left over, but overlapping a true event of the same label that has its partner."""
    taken = {i for i, _ in matching.pairs}
    extra = set(matching.extra)
    pairs = overlapping_pairs(spans_of(truth.events), spans_of(known))
    duplicate = np.zeros(len(known), np.bool_)
    for a, b in zip(pairs.i.tolist(), pairs.j.tolist(), strict=True):
        if b in extra and a in taken and truth.events[a].label == known[b].label:
            duplicate[b] = True
    return duplicate


def _rows_under(mask: NDArray[np.bool_], events: Sequence[FoundEvent]) -> NDArray[np.int64]:
    """(n_events,): how many rows of each event the mask covers."""
    before = np.concatenate([[0], np.cumsum(mask, dtype=np.int64)])
    spans = np.clip(spans_of(events), 0, len(mask))
    return np.asarray(before[spans[:, 1]] - before[spans[:, 0]])


def _label_counts(
    truth: StreamTruth,
    known: Sequence[FoundEvent],
    matching: Matching,
    ignored: NDArray[np.bool_],
    duplicate: NDArray[np.bool_],
) -> dict[str, LabelCounts]:
    n_true = Counter(event.label for event in truth.events)
    n_found = Counter(event.label for event, left_out in zip(known, ignored, strict=True) if not left_out)
    n_matched = Counter(truth.events[i].label for i, _ in matching.pairs)
    n_duplicates = Counter(event.label for event, twice in zip(known, duplicate, strict=True) if twice)
    return {
        name: LabelCounts(n_true[name], n_found[name], n_matched[name], n_duplicates[name])
        for name in sorted({*n_true, *n_found})
    }


def _confusion(
    truth: StreamTruth,
    matching: Matching,
    wrong: Sequence[FoundEvent],
    unknown: Sequence[FoundEvent],
    iou: float,
) -> Counter[tuple[str, str]]:
    """Right pairs on the diagonal; then the leftovers are paired by place alone.

    A wrong label is preferred to `unknown` where both are there: it is the worse answer.
    """
    confusion = Counter((truth.events[i].label,) * 2 for i, _ in matching.pairs)
    missed = [truth.events[i] for i in matching.missed]
    for answers in (wrong, unknown):
        by_place = match_spans(spans_of(missed), spans_of(answers), iou)
        confusion.update((missed[i].label, answers[j].label) for i, j in by_place.pairs)
        if answers is wrong:  # `unknown` in the background is as good as silence
            confusion.update((BACKGROUND, answers[j].label) for j in by_place.extra)
        missed = [missed[i] for i in by_place.missed]
    confusion.update((event.label, MISSED) for event in missed)
    return confusion
