"""Tables of `evaluate` and `test` for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from tinygest.cli.table import print_table

if TYPE_CHECKING:
    from tinygest.evaluate.evaluation import Evaluation
    from tinygest.evaluate.summary import EventSummary, SubjectSummary
    from tinygest.metrics import SegmentScores
    from tinygest.workflow.testing import ModelTest


def print_evaluation(evaluation: Evaluation) -> None:
    """Protocols, labels, subjects, and what the numbers rest on."""
    from tinygest.evaluate.evaluation import comparison

    main = evaluation.main
    _print_notes((*main.notes, *evaluation.notes))
    family = evaluation.settings["family"]
    typer.echo(f"{main.description}; folds: {main.n_folds}; family {family}; answers by {main.runner}\n")
    head = ["in per cent", "segment accuracy", "segment macro-F1", "event macro-F1", "at IoU 0.3"]
    rows = [
        [
            row.protocol,
            *map(_percent, (row.segment_accuracy, row.segment_macro_f1)),
            *map(_percent, (row.event_macro_f1, row.event_macro_f1_loose)),
        ]
        for row in comparison(evaluation)
    ]
    _print_known(head, rows)
    _print_seeds(evaluation)
    if main.events:
        _print_events(main.events)
    typer.echo()
    _print_segments(main.segments)
    if len(main.subjects) > 1:
        _print_subjects(main.subjects)
    if main.worst:
        typer.echo(f"worst subject: {main.worst.subject}, {_percent(main.worst.headline)} %")


def print_test(test: ModelTest) -> None:
    """One row a recording, and the sum."""
    _print_notes(test.notes)
    typer.echo(f"model {test.model}; answers by {test.runner}\n")
    head = (
        "recording",
        "true",
        "right",
        "missed",
        "twice",
        "wrong",
        "F1 %",
        "false alarms",
        "delay s",
        "segments",
    )
    rows = [(row.recording, *_event_cells(row.events), _right(row.segments)) for row in test.recordings]
    print_table(head, [*rows, ("all", *_event_cells(test.events), _right(test.segments))])
    if test.events:
        _print_events(test.events)
    if test.events_loose:
        typer.echo(
            f"event macro-F1 at IoU {test.events_loose.iou}: {_percent(test.events_loose.macro_f1)} %"
        )
    typer.echo()
    _print_segments(test.segments)


def _event_cells(events: EventSummary | None) -> tuple[object, ...]:
    """true, right, missed, twice, wrong, F1, false alarms, delay"""
    if events is None:
        return (None,) * 8
    n_right = sum(row.n_right for row in events.labels.values())
    return (
        events.n_true,
        n_right,
        events.n_true - n_right,
        events.n_duplicates,
        events.n_found - n_right - events.n_duplicates,
        _percent(events.macro_f1) if events.labels else None,
        events.false_alarms.n,
        events.delay.median_s,
    )


def _print_events(events: EventSummary) -> None:
    typer.echo(f"\nevents at IoU {events.iou}:")
    rows = [
        (
            name,
            row.n_true,
            row.n_found,
            row.n_right,
            row.n_duplicates,
            _percent(row.precision),
            _percent(row.recall),
            _percent(row.f1),
        )
        for name, row in events.labels.items()
    ]
    print_table(("label", "true", "found", "right", "twice", "precision %", "recall %", "F1 %"), rows)
    typer.echo(f"event macro-F1 {_percent(events.macro_f1)} %{_interval(events)}")
    typer.echo(_alarms(events))
    if events.n_ignored:
        typer.echo(f"{events.n_ignored} more found in time that nobody reviewed: counted nowhere")
    if events.delay.median_s is not None and events.delay.p90_s is not None:
        typer.echo(
            f"delay after the true end: median {events.delay.median_s:.2f} s, "
            f"90 % within {events.delay.p90_s:.2f} s"
        )


def _interval(events: EventSummary) -> str:
    if events.interval is None:
        return ""
    low, high = _percent(events.interval.low), _percent(events.interval.high)
    return f", 95 % interval {low} to {high} (subjects drawn again)"


def _alarms(events: EventSummary) -> str:
    alarms = events.false_alarms
    found = f"false alarms: {alarms.n} in {_time(alarms.hours)} of reviewed background"
    if alarms.per_hour is None or alarms.low is None or alarms.high is None:
        return f"{found}, so no rate"
    return f"{found}: {alarms.per_hour:.1f} an hour, 95 % interval {alarms.low:.1f} to {alarms.high:.1f}"


def _print_segments(segments: SegmentScores) -> None:
    sentence = f"segments, their place given: {segments.n_right} of {segments.n} right"
    if segments.interval:
        low, high = _percent(segments.interval.low), _percent(segments.interval.high)
        sentence += f", accuracy {_percent(segments.accuracy)} %, 95 % interval {low} to {high}"
    typer.echo(sentence)


def _print_subjects(subjects: Sequence[SubjectSummary]) -> None:
    typer.echo()
    head = ["subject", "segments", "right %", "events", "event macro-F1 %", "at IoU 0.3", "false alarms"]
    rows = [
        [
            row.subject,
            row.n_segments,
            _percent(row.segment_accuracy),
            row.n_events or None,
            _percent(row.event_macro_f1),
            _percent(row.event_macro_f1_loose),
            row.false_alarms.n if row.false_alarms else None,
        ]
        for row in subjects
    ]
    _print_known(head, rows)


def _print_known(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table without the columns that hold nothing, such as events of isolated captures."""
    kept = [i for i in range(len(head)) if any(row[i] is not None for row in rows)]
    print_table([head[i] for i in kept], [[row[i] for i in kept] for row in rows])


def _print_seeds(evaluation: Evaluation) -> None:
    from tinygest.evaluate.evaluation import spread

    if len(evaluation.seeds) < 2:
        return
    for what, values in (
        ("event macro-F1", [seed.event_macro_f1 for seed in evaluation.seeds]),
        ("segment accuracy", [seed.segment_accuracy for seed in evaluation.seeds]),
    ):
        found = spread(values)
        if found:
            mean, deviation = map(_percent, found)
            typer.echo(f"{what} over {len(values)} seeds: {mean} %, standard deviation {deviation}")
    typer.echo("everything else is the first seed")


def _print_notes(notes: Sequence[str]) -> None:
    for note in notes:
        typer.echo(f"note: {note}")


def _right(segments: SegmentScores) -> str | None:
    return f"{segments.n_right} of {segments.n}" if segments.n else None


def _time(hours: float) -> str:
    return f"{hours:.1f} h" if hours >= 2 else f"{60 * hours:.1f} min"


def _percent(value: float | None) -> str | None:
    return None if value is None else f"{100 * value:.1f}"
