"""`evaluation.html`: one page with tables and plots, no script, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tinygest.core.resources import resource_dir
from tinygest.evaluate.evaluation import PROTOCOL_NAMES, Evaluation, comparison, spread
from tinygest.evaluate.folds import FoldResult, StreamResult
from tinygest.evaluate.plots import confusion_plot, delay_plot, subjects_plot, timeline_plot
from tinygest.evaluate.summary import IOU
from tinygest.metrics import event_scores

N_TIMELINES = 4


def render_report(evaluation: Evaluation, results: Sequence[FoldResult]) -> str:
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
    return environment.get_template("evaluation.html.j2").render(page(evaluation, results))


def page(evaluation: Evaluation, results: Sequence[FoldResult]) -> dict[str, Any]:
    """Everything that the template shows, resolved."""
    from markupsafe import Markup

    main = evaluation.main
    streams = [stream for result in results for stream in result.streams]
    delays = [s for stream in streams for s in event_scores(stream.truth, stream.found, IOU).delays_s]
    confusion = main.events.confusion if main.events else main.segments.confusion
    return {
        "evaluation": evaluation,
        "main": main,
        "protocol": PROTOCOL_NAMES[main.unit],
        "comparison": comparison(evaluation),
        "event_spread": spread([seed.event_macro_f1 for seed in evaluation.seeds]),
        "accuracy_spread": spread([seed.segment_accuracy for seed in evaluation.seeds]),
        "subjects_plot": Markup(subjects_plot(main.subjects)),
        "confusion_plot": Markup(confusion_plot(confusion)) if confusion else None,
        "delay_plot": Markup(delay_plot(delays)) if delays else None,
        "timelines": [
            (
                f"{stream.recording} ({stream.subject or 'no subject'})",
                Markup(timeline_plot(stream, evaluation.dataset.labels)),
            )
            for stream in shown_streams(streams)
        ],
    }


def shown_streams(streams: Sequence[StreamResult]) -> list[StreamResult]:
    """The streams with the lowest scores: where there is something to learn."""

    def score(stream: StreamResult) -> tuple[float, str, int]:
        return event_scores(stream.truth, stream.found, IOU).micro.f1, stream.recording, stream.start

    return sorted(streams, key=score)[:N_TIMELINES]


def share(value: float | None) -> str:
    """0.9512 -> 95.1 %"""
    return "–" if value is None else f"{100 * value:.1f} %"
