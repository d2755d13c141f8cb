"""`evaluation.html`: one page to read with pleasure, no script, nothing loaded from elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from markupsafe import Markup

from tinygest.core.labels import UNKNOWN
from tinygest.core.recording import Recording
from tinygest.core.resources import resource_dir
from tinygest.evaluate import drawing
from tinygest.evaluate.advice import advise
from tinygest.evaluate.calibration import evidence_of
from tinygest.evaluate.charts import Bars, Curve, alarm_bars, delay_bars, trade_off_curve
from tinygest.evaluate.evaluation import PROTOCOL_NAMES, Evaluation, comparison, spread
from tinygest.evaluate.folds import FoldResult, StreamResult
from tinygest.evaluate.mistakes import Cell, Mistake, mistakes_by_cell
from tinygest.evaluate.summary import IOU
from tinygest.evaluate.thresholds import trade_off
from tinygest.metrics import Interval95, event_scores, total, wilson
from tinygest.metrics.judgement import BACKGROUND, MISSED, right_and_alarms

N_TIMELINES = 4
N_CELLS = 12  # kinds of mistakes that are shown
N_EACH = 6  # of a kind


@dataclass(frozen=True)
class Surroundings:
    """What the page shows beside the evaluation itself, where there is any."""

    load: Callable[[str], Recording | None] | None = None
    """A recording by id, for the signals of wrong answers; None for one that is gone."""
    model: str = ""
    """The newest model, whose cost is shown."""
    budget: Sequence[tuple[str, int, int | None, float | None]] = ()
    """(what, measured, limit, share of the limit)"""


class ShareRow(NamedTuple):
    """How many of something were right."""

    name: str
    n: int
    share: float | None
    interval: Interval95 | None
    bar: Markup
    precision: float | None
    f1: float | None


class ConfusionCell(NamedTuple):
    """One field of the matrix."""

    n: int
    share: float
    is_right: bool
    link: str
    """Anchor of its signals; empty where none are shown."""


class MistakeGroup(NamedTuple):
    """Wrong answers of one kind."""

    anchor: str
    true: str
    answer: str
    n: int
    drawings: list[tuple[str, Markup]]


def render_report(
    evaluation: Evaluation, results: Sequence[FoldResult], around: Surroundings = Surroundings()
) -> str:
    """The page; `results` are the folds of the main protocol."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(resource_dir("templates")),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["share"] = share
    environment.filters["seconds"] = lambda value: "–" if value is None else f"{value:.2f} s"
    return environment.get_template("evaluation.html.j2").render(page(evaluation, results, around))


def page(evaluation: Evaluation, results: Sequence[FoldResult], around: Surroundings) -> dict[str, Any]:
    """Everything that the template shows, resolved."""
    main = evaluation.main
    streams = [stream for result in results for stream in result.streams]
    answers = [answer for result in results for answer in result.answers]
    delays = [s for stream in streams for s in event_scores(stream.truth, stream.found, IOU).delays_s]
    cells = mistakes_by_cell(streams, answers)
    return {
        "evaluation": evaluation,
        "main": main,
        "protocol": PROTOCOL_NAMES[main.unit],
        "comparison": comparison(evaluation),
        "event_spread": spread([seed.event_macro_f1 for seed in evaluation.seeds]),
        "accuracy_spread": spread([seed.segment_accuracy for seed in evaluation.seeds]),
        "labels": label_rows(evaluation),
        "subjects": subject_rows(evaluation, streams),
        "confusion": confusion_table(evaluation, shown_cells(cells) if around.load else set()),
        "groups": mistake_groups(cells, around.load) if around.load else [],
        "advice": advise(main, results),
        "alarms": alarms(streams),
        "alarm_labels": alarm_labels(streams),
        "curve": curve(results),
        "delays": delay_bars(delays),
        "budget": around.budget,
        "model": around.model,
        "timelines": [
            (
                f"{stream.recording} ({stream.subject or 'no subject'})",
                drawing.timeline(stream, evaluation.dataset.labels),
            )
            for stream in shown_streams(streams)
        ],
    }


def label_rows(evaluation: Evaluation) -> list[ShareRow]:
    """A row a label, the weakest first."""
    main = evaluation.main
    if main.events:
        scores = main.events.labels
        rows = [_row(name, s.n_right, s.n_true, s.precision, s.f1) for name, s in scores.items()]
    else:
        counts = main.segments.labels
        rows = [_row(name, c.n_matched, c.n_true, c.precision, c.f1) for name, c in counts.items()]
    return sorted(rows, key=lambda row: (row.share is None, row.share or 0.0, row.name))


def subject_rows(evaluation: Evaluation, streams: Sequence[StreamResult]) -> list[ShareRow]:
    """A row a person, the one for whom it works least first."""
    rows = []
    for subject in evaluation.main.subjects:
        own = [stream for stream in streams if stream.subject == subject.subject]
        micro = total(event_scores(stream.truth, stream.found, IOU) for stream in own).micro
        name = subject.subject or "no name"
        if micro.n_true:
            rows.append(_row(name, micro.n_matched, micro.n_true, micro.precision, subject.event_macro_f1))
        else:
            n_right = round((subject.segment_accuracy or 0.0) * subject.n_segments)
            rows.append(_row(name, n_right, subject.n_segments, None, subject.segment_macro_f1))
    return sorted(rows, key=lambda row: (row.share is None, row.share or 0.0, row.name))


def confusion_table(
    evaluation: Evaluation, linked: set[Cell]
) -> tuple[list[str], list[tuple[str, list[ConfusionCell]]]]:
    """(answers, [(true label, cells)]): labels in the order of the project, what is no label at the end."""
    main = evaluation.main
    confusion = main.events.confusion if main.events else main.segments.confusion
    answers = {answer for row in confusion.values() for answer in row}
    order = {name: i for i, name in enumerate((*evaluation.dataset.labels, UNKNOWN, MISSED, BACKGROUND))}

    def place(name: str) -> tuple[int, str]:
        return order.get(name, -1), name

    columns = sorted(answers | (set(confusion) - {BACKGROUND}), key=place)
    rows = []
    for true in sorted(confusion, key=place):
        n_row = sum(confusion[true].values())
        cells = []
        for answer in columns:
            n = confusion[true].get(answer, 0)
            link = anchor((true, answer)) if (true, answer) in linked else ""
            cells.append(ConfusionCell(n, n / n_row if n_row else 0.0, true == answer, link))
        rows.append((true, cells))
    return columns, rows


def shown_cells(cells: Mapping[Cell, Sequence[Mistake]]) -> set[Cell]:
    """Kinds of mistakes whose signals are shown: the most frequent."""
    return set(list(cells)[:N_CELLS])


def mistake_groups(
    cells: Mapping[Cell, Sequence[Mistake]], load: Callable[[str], Recording | None]
) -> list[MistakeGroup]:
    """A few wrong answers of each kind, from as many people as possible, with their signals."""
    chosen = {cell: _spread_over_people(cells[cell]) for cell in list(cells)[:N_CELLS]}
    names = {mistake.recording for group in chosen.values() for mistake in group}
    recordings = {name: load(name) for name in sorted(names)}
    return [
        MistakeGroup(
            anchor(cell),
            *cell,
            len(cells[cell]),
            [
                (_caption(mistake, recording), drawing.signal(recording, mistake))
                for mistake in group
                if (recording := recordings[mistake.recording]) is not None
            ],
        )
        for cell, group in chosen.items()
    ]


def anchor(cell: Cell) -> str:
    """A name inside the page; labels may hold anything."""
    return "mistakes-" + "-".join(text.encode().hex() for text in cell)


def shown_streams(streams: Sequence[StreamResult]) -> list[StreamResult]:
    """The streams with the lowest scores: where there is something to learn."""

    def score(stream: StreamResult) -> tuple[float, str, int]:
        return event_scores(stream.truth, stream.found, IOU).micro.f1, stream.recording, stream.start

    return sorted(streams, key=score)[:N_TIMELINES]


def alarms(streams: Sequence[StreamResult]) -> Bars | None:
    """False alarms over the hours of reviewed background, laid end to end."""
    return alarm_bars([(stream.truth, _alarms(stream)) for stream in streams])


def alarm_labels(streams: Sequence[StreamResult]) -> list[tuple[str, int]]:
    """What was reported where nothing was, the most frequent first."""
    return Counter(event.label for stream in streams for event in _alarms(stream)).most_common()


def curve(results: Sequence[FoldResult]) -> Curve | None:
    """Recall against false alarms for all sensible thresholds; None where there is no false alarm."""
    if not results:
        return None
    # Margins of different models are brought to the steps of the first one's logits.
    unit = results[0].logit_step or 1.0
    scaled = [(stream, (r.logit_step or unit) / unit) for r in results for stream in r.streams]
    evidence = evidence_of(scaled, lambda stream: stream.subject)
    if evidence.total_hours == 0 or not any(event.is_alarm for event in evidence.events):
        return None
    return trade_off_curve(
        [(point.n_alarms / evidence.total_hours, point.recall) for point in trade_off(evidence)]
    )


def share(value: float | None) -> str:
    """0.9512 -> 95.1 %"""
    return "–" if value is None else f"{100 * value:.1f} %"


def _row(name: str, n_right: int, n: int, precision: float | None, f1: float | None) -> ShareRow:
    value, interval = (n_right / n if n else None), wilson(n_right, n)
    return ShareRow(
        name,
        n,
        value,
        interval,
        drawing.range_bar(value or 0.0, interval) if n else Markup(),
        precision,
        f1,
    )


def _alarms(stream: StreamResult) -> list[Any]:
    return right_and_alarms(stream.truth, stream.found, IOU)[1]


def _spread_over_people(mistakes: Sequence[Mistake]) -> list[Mistake]:
    """The first of each person, then the second of each, up to N_EACH."""
    turn: Counter[str] = Counter()
    ranked = []
    for mistake in mistakes:
        ranked.append((turn[mistake.subject], mistake))
        turn[mistake.subject] += 1
    return [mistake for _, mistake in sorted(ranked, key=lambda pair: pair[0])[:N_EACH]]


def _caption(mistake: Mistake, recording: Recording) -> str:
    seconds = mistake.span[0] / recording.info.contract.rate_hz
    who = f"{mistake.subject}, " if mistake.subject else ""
    return f"{who}{mistake.recording} at {seconds:.1f} s"
