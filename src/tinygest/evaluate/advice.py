"""What to record next: where the model is weakest, and why that may be."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tinygest.core.labels import UNKNOWN
from tinygest.evaluate.folds import FoldResult
from tinygest.evaluate.summary import ProtocolSummary
from tinygest.evaluate.thresholds import hours_needed
from tinygest.metrics import Rate, wilson
from tinygest.metrics.judgement import BACKGROUND, MISSED

N_LABELS = 3  # that are named
GOOD = 0.9  # share of a label's segments that needs no advice
FEW_SEGMENTS = 30  # of a label
FEW_SUBJECTS = 5
WORSE = 0.1  # below the median of all subjects
TARGET_PER_HOUR = 2.0  # false alarms that the hours should at least be able to rule out


@dataclass(frozen=True)
class Advice:
    """One thing to record."""

    what: str
    why: str


def advise(main: ProtocolSummary, results: Sequence[FoldResult]) -> list[Advice]:
    """The most useful first; empty if nothing stands out."""
    people = _people_of(results)
    advice = [*_labels(main, people), *_subjects(main)]
    if main.events is not None:
        advice += _background(main.events.false_alarms)
    n_subjects = len(set().union(*people.values())) if people else 0
    if n_subjects < FEW_SUBJECTS:
        advice.append(
            Advice(
                "More people",
                f"{n_subjects} people say little about the next one; every new person helps more than more "
                "repetitions of the same",
            )
        )
    return advice


def _labels(main: ProtocolSummary, people: Mapping[str, set[str]]) -> Iterator[Advice]:
    """Labels with the lowest share found, by the lower end of its interval: few examples count as weak."""
    confusion = main.events.confusion if main.events else main.segments.confusion
    weak = []
    for label, row in confusion.items():
        n, n_right = sum(row.values()), row.get(label, 0)
        interval = wilson(n_right, n)
        if label != BACKGROUND and interval is not None and interval.low < GOOD:
            weak.append((interval.low, label))
    for low, label in sorted(weak)[:N_LABELS]:
        yield Advice(f"More {label}", _why(label, confusion[label], low, len(people.get(label, ()))))


def _why(label: str, row: Mapping[str, int], low: float, n_people: int) -> str:
    n, n_right = sum(row.values()), row.get(label, 0)
    parts = [f"{n_right} of {n} were right, which leaves room down to {low:.0%}"]
    wrong = {answer: times for answer, times in row.items() if answer != label}
    if wrong:
        answer = max(wrong, key=lambda name: wrong[name])
        parts.append(f"{wrong[answer]} {_happened(answer)}")
    if n < FEW_SEGMENTS:
        parts.append(f"{n} examples are few")
    if 0 < n_people < FEW_SUBJECTS:
        parts.append(f"they come from {n_people} {'person' if n_people == 1 else 'people'}")
    return "; ".join(parts)


def _happened(answer: str) -> str:
    if answer == MISSED:
        return "were not found at all, or cut badly: look at the segmenter first"
    if answer == UNKNOWN:
        return "were found and called unknown: they look like background, or the threshold is high"
    return f"were taken for {answer}: record both, and let them differ as they do in life"


def _subjects(main: ProtocolSummary) -> Iterator[Advice]:
    scores = [row.headline for row in main.subjects if row.headline is not None]
    worst = main.worst
    if worst is None or worst.headline is None or len(scores) < 3:
        return
    usual = statistics.median(scores)
    if worst.headline < usual - WORSE:
        yield Advice(
            f"People who move like {worst.subject or 'the worst one'}",
            f"{worst.headline:.0%} against {usual:.0%} for the median person: size, side, tempo or the way "
            "the sensor sits may be rare in the training data. Look at the signals first, for a slipped "
            "sensor or labels that are off",
        )


def _background(alarms: Rate) -> Iterator[Advice]:
    if alarms.high is None:
        yield Advice(
            "Everyday movement, reviewed",
            "nobody has reviewed any background, so nothing is known about false alarms",
        )
    elif alarms.high > TARGET_PER_HOUR:
        hours = hours_needed(TARGET_PER_HOUR)
        yield Advice(
            "Everyday movement, reviewed",
            f"{alarms.n} false alarms in {alarms.hours:.2f} h still allow {alarms.high:.0f} an hour; "
            f"ruling out more than {TARGET_PER_HOUR:g} takes {hours:.1f} h without any",
        )


def _people_of(results: Sequence[FoldResult]) -> dict[str, set[str]]:
    """Who performed each label."""
    people: dict[str, set[str]] = {}
    for result in results:
        for answer in result.answers:
            people.setdefault(answer.label, set()).add(answer.subject)
    return people
