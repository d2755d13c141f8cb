"""From fold results to the numbers that are shown: overall, by label, by subject, the worst subject."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from tinygest.evaluate.folds import FoldResult, SegmentAnswer, StreamResult
from tinygest.metrics import (
    Interval95,
    Judgement,
    LabelCounts,
    Rate,
    SegmentScores,
    bootstrap_macro_f1,
    event_scores,
    false_alarm_rate,
    segment_scores,
    total,
)
from tinygest.metrics.delay import Delay, summarise_delays

T = TypeVar("T", StreamResult, SegmentAnswer)

IOU = 0.5
IOU_LOOSE = 0.3
MIN_FOR_WORST = 10  # segments of a subject that may be called the worst


class LabelScore(msgspec.Struct, frozen=True):
    """One label's row of a table."""

    n_true: int
    n_found: int
    n_right: int
    n_duplicates: int
    precision: float
    recall: float
    f1: float


class EventSummary(msgspec.Struct, frozen=True):
    """Continuous streams, judged event by event."""

    iou: float
    macro_f1: float
    interval: Interval95 | None
    """Subjects drawn again with replacement; None with one subject."""
    precision: float
    recall: float
    n_true: int
    n_found: int
    n_duplicates: int
    n_ignored: int
    """Found in time that nobody reviewed; in no score."""
    labels: dict[str, LabelScore]
    confusion: dict[str, dict[str, int]]
    """true label or (background) -> answer, unknown or (missed) -> how often."""
    false_alarms: Rate
    delay: Delay


class SubjectSummary(msgspec.Struct, frozen=True):
    """One person; None where there is nothing of that kind."""

    subject: str
    n_events: int
    event_macro_f1: float | None
    event_macro_f1_loose: float | None
    false_alarms: Rate | None
    delay_median_s: float | None
    n_segments: int
    segment_accuracy: float | None
    segment_macro_f1: float | None

    @property
    def headline(self) -> float | None:
        """What subjects are ranked by: events where there are streams, else segments."""
        return self.event_macro_f1 if self.event_macro_f1 is not None else self.segment_accuracy


class ProtocolSummary(msgspec.Struct, frozen=True):
    """All folds of one split."""

    unit: str
    description: str
    n_folds: int
    runner: str
    events: EventSummary | None
    events_loose: EventSummary | None
    """The same at IoU 0.3."""
    segments: SegmentScores
    """Labels of segments whose true span is given."""
    subjects: tuple[SubjectSummary, ...]
    worst: SubjectSummary | None
    notes: tuple[str, ...] = ()


def summarise(
    unit: str, description: str, results: Sequence[FoldResult], notes: Sequence[str] = ()
) -> ProtocolSummary:
    """Pool the folds of one split and one seed: counts are added, scores computed once at the end."""
    streams = [stream for result in results for stream in result.streams]
    answers = [answer for result in results for answer in result.answers]
    subjects = summarise_subjects(streams, answers)
    return ProtocolSummary(
        unit=unit,
        description=description,
        n_folds=len(results),
        runner=", ".join(sorted({result.runner for result in results})),
        events=summarise_events(streams, IOU) if streams else None,
        events_loose=summarise_events(streams, IOU_LOOSE) if streams else None,
        segments=score_answers(answers),
        subjects=tuple(subjects),
        worst=worst_of(subjects),
        notes=tuple(notes),
    )


def worst_of(subjects: Sequence[SubjectSummary]) -> SubjectSummary | None:
    """The person for whom it works least; None with one person.

    Those with a handful of segments are left out as long as there are others: one slip is no trait.
    """
    ranked = [row for row in subjects if row.headline is not None]
    ranked = [row for row in ranked if row.n_segments >= MIN_FOR_WORST] or ranked
    return min(ranked, key=lambda row: row.headline or 0.0) if len(ranked) > 1 else None


def summarise_events(streams: Sequence[StreamResult], iou: float) -> EventSummary:
    """Events of several streams in one pot."""
    judged = total(_judge(stream, iou) for stream in streams)
    by_subject = [
        total(_judge(stream, iou) for stream in own).labels for own in _by_subject(streams).values()
    ]
    micro = judged.micro
    return EventSummary(
        iou=iou,
        macro_f1=judged.macro_f1,
        interval=bootstrap_macro_f1(by_subject),
        precision=micro.precision,
        recall=micro.recall,
        n_true=micro.n_true,
        n_found=micro.n_found,
        n_duplicates=micro.n_duplicates,
        n_ignored=judged.n_ignored,
        labels={name: label_score(counts) for name, counts in judged.labels.items()},
        confusion=_nested(judged),
        false_alarms=false_alarm_rate(judged.n_false_alarms, judged.background_hours),
        delay=summarise_delays(judged.delays_s),
    )


def summarise_subjects(
    streams: Sequence[StreamResult], answers: Sequence[SegmentAnswer]
) -> list[SubjectSummary]:
    """One row a person, sorted by name."""
    streams_of, answers_of = _by_subject(streams), _by_subject(answers)
    return [
        summarise_subject(name, streams_of.get(name, []), answers_of.get(name, []))
        for name in sorted({*streams_of, *answers_of})
    ]


def summarise_subject(
    subject: str, streams: Sequence[StreamResult], answers: Sequence[SegmentAnswer]
) -> SubjectSummary:
    """One person's streams and segments."""
    judged = total(_judge(stream, IOU) for stream in streams)
    loose = total(_judge(stream, IOU_LOOSE) for stream in streams)
    has_events = judged.micro.n_true > 0
    segments = score_answers(answers)
    return SubjectSummary(
        subject=subject,
        n_events=judged.micro.n_true,
        event_macro_f1=judged.macro_f1 if has_events else None,
        event_macro_f1_loose=loose.macro_f1 if has_events else None,
        false_alarms=false_alarm_rate(judged.n_false_alarms, judged.background_hours) if streams else None,
        delay_median_s=summarise_delays(judged.delays_s).median_s,
        n_segments=segments.n,
        segment_accuracy=segments.accuracy,
        segment_macro_f1=segments.macro_f1,
    )


def score_answers(answers: Sequence[SegmentAnswer]) -> SegmentScores:
    """Accuracy given true spans."""
    return segment_scores([answer.label for answer in answers], [answer.answer for answer in answers])


def label_score(counts: LabelCounts) -> LabelScore:
    """Counts with what follows from them, for people and machines that do not want to compute."""
    return LabelScore(
        n_true=counts.n_true,
        n_found=counts.n_found,
        n_right=counts.n_matched,
        n_duplicates=counts.n_duplicates,
        precision=counts.precision,
        recall=counts.recall,
        f1=counts.f1,
    )


def _judge(stream: StreamResult, iou: float) -> Judgement:
    return event_scores(stream.truth, stream.found, iou)


def _by_subject(results: Iterable[T]) -> dict[str, list[T]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for result in results:
        groups[result.subject].append(result)
    return groups


def _nested(judged: Judgement) -> dict[str, dict[str, int]]:
    nested: dict[str, dict[str, int]] = {}
    for (label, answer), times in sorted(judged.confusion.items()):
        nested.setdefault(label, {})[answer] = times
    return nested
