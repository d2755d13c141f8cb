"""`report.html`: what a model was trained on and what came of it, on one page that stands alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import FeatureInput, ModelContract
from tinygest.core.resources import resource_dir
from tinygest.core.sensor import triads
from tinygest.metrics.intervals import Interval95, wilson
from tinygest.metrics.segments import SegmentScores
from tinygest.signalpath.path import find_segments
from tinygest.train import plots
from tinygest.train.data import Labelled, Spans, marked
from tinygest.train.model import TrainedModel
from tinygest.train.scores import TrainingScores
from tinygest.train.validation import Validation

N_SIGNALS = 3
SHOWN_S = 30.0
N_SHAPES = 12  # segments overlaid for a label


@dataclass(frozen=True)
class ReportData:
    """Everything that the page tells."""

    model: TrainedModel
    recordings: Sequence[Labelled]
    scores: TrainingScores
    validations: dict[str, Validation]
    """By family; empty when nothing was held out."""
    why_not_validated: str
    lock: dict[str, Any]
    """What made the model, as lock.json says it."""
    budget: Sequence[tuple[str, int, int | None, float | None]] = ()
    """(what, measured, limit, share of the limit); empty when nothing was measured."""


def render_report(data: ReportData) -> str:
    """The page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(resource_dir("templates")),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["share"] = lambda value: "–" if value is None else f"{100 * value:.1f} %"
    return environment.get_template("report.html.j2").render(page(data))


def page(data: ReportData) -> dict[str, Any]:
    """Values and plots of the template, all resolved."""
    from markupsafe import Markup

    contract, validation = data.model.contract, data.validations.get(data.model.family)
    colour_of = plots.colours(contract.labels[1:])
    return {
        "model": data.model,
        "contract": contract,
        "scores": data.scores,
        "validations": {family: (v, v.answers.scores()) for family, v in data.validations.items()},
        "validation": validation,
        "why_not_validated": data.why_not_validated,
        "facts": contract_facts(contract),
        "lock": lock_rows(data.lock),
        "colour_of": colour_of,
        "signals": [
            (recording.id, Markup(_signal(contract, (recording, track), colour_of)))
            for recording, track in shown_recordings(data.recordings)
        ],
        "shapes": Markup(_shapes(data.recordings, contract, colour_of)),
        "budget": data.budget,
        "training": Markup(plots.training_plot(data.model.history)),
        **({} if validation is None else _held_out(validation, contract)),
    }


def _held_out(validation: Validation, contract: ModelContract) -> dict[str, Any]:
    from markupsafe import Markup

    answers = validation.answers
    right: list[int] = []
    wrong: list[int] = []
    for true, answer, margin in zip(answers.true, answers.answer, answers.margins, strict=True):
        (right if true == answer else wrong).append(margin)
    confusion = answers.scores().confusion
    # A fold may have found background enough for `unknown` where the whole has not, or the reverse.
    columns = tuple(dict.fromkeys((*contract.classes, *sorted(set(answers.answer)))))
    return {
        "confusion": Markup(plots.confusion_plot(confusion, columns)),
        "margins": Markup(plots.margins_plot(right, wrong)),
        "held_out_labels": label_rows(answers.scores()),
    }


def label_rows(scores: SegmentScores) -> list[tuple[str, int, int, Interval95 | None, float]]:
    """(label, right, of, interval, F1), the weakest first."""
    rows = [
        (name, c.n_matched, c.n_true, wilson(c.n_matched, c.n_true), c.f1)
        for name, c in scores.labels.items()
    ]
    return sorted(rows, key=lambda row: (row[1] / row[2] if row[2] else 1.0, row[0]))


def contract_facts(contract: ModelContract) -> list[tuple[str, str]]:
    """The contract in words, a row a fact."""
    sensor, decision = contract.sensor, contract.decision
    channels = ", ".join(f"{c.name} ({c.unit}, {c.counts_per_unit:g} counts each)" for c in sensor.channels)
    if isinstance(contract.input, FeatureInput):
        names = ", ".join(contract.input.features)
        seen = f"{len(contract.input.mean)} features: {names} of {', '.join(contract.input.channels)}"
    else:
        seen = f"{contract.input.length} points of {', '.join(contract.input.channels)}"
    return [
        ("Sensor", f"{channels}, {sensor.rate_hz:g} Hz, frame {sensor.frame}"),
        ("Capture id", sensor.capture_id),
        ("Segmenter", _in_words(contract.segmenter)),
        ("Activity", _in_words(contract.activity)),
        ("Network sees", seen),
        ("Labels", ", ".join(contract.labels)),
        ("Decision", _in_words(decision)),
        ("Input", f"int8, scale {contract.quantisation.input_scale:.6g}"),
        ("Output", f"int8 logits, scale {contract.quantisation.output_scale:.6g}"),
    ]


def _in_words(value: msgspec.Struct) -> str:
    """`hysteresis: start_level 300, stop_level 150`; times without needless digits."""
    fields = msgspec.to_builtins(value)
    kind = fields.pop("kind", None)
    words = [f"{name} {_number(entry)}" for name, entry in fields.items() if entry not in ({}, ())]
    return (f"{kind}: " if kind else "") + ", ".join(words)


def _number(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return " ".join(map(_number, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def lock_rows(lock: dict[str, Any]) -> list[tuple[str, str]]:
    """The lock, a row an entry; settings and versions on lines of their own."""
    rows = []
    for name, value in lock.items():
        if isinstance(value, dict):
            rows += [(f"{name}: {key}", str(entry)) for key, entry in value.items()]
        elif isinstance(value, (list, tuple)):
            shown = ", ".join(map(str, value[:8]))
            rows.append((name, f"{len(value)}: {shown}{', …' if len(value) > 8 else ''}"))
        else:
            rows.append((name, str(value)))
    return rows


def shown_recordings(recordings: Sequence[Labelled]) -> list[Labelled]:
    """A few recordings spread over those with the most labels."""
    labelled = [one for one in recordings if one[1].segments]
    most = max(len({s.label for s in track.segments}) for _, track in labelled)
    rich = [one for one in labelled if len({s.label for s in one[1].segments}) == most]
    return [rich[i] for i in sorted({len(rich) * k // N_SIGNALS for k in range(N_SIGNALS)})]


def _signal(contract: ModelContract, one: Labelled, colour_of: dict[str, str]) -> str:
    recording, track = one
    n_rows = int(SHOWN_S * contract.sensor.rate_hz)
    first = max(0, track.segments[0].start - n_rows // 20)
    rows = (first, min(recording.info.n_samples, first + n_rows))
    found = find_segments(
        recording.samples, recording.info.gaps, contract.sensor, contract.activity, contract.segmenter
    ).spans
    return plots.signal_plot(one, _inside(found, rows), rows, colour_of)


def _inside(spans: Spans, rows: tuple[int, int]) -> Spans:
    return spans[(spans[:, 0] >= rows[0]) & (spans[:, 1] <= rows[1])]


def _shapes(recordings: Sequence[Labelled], contract: ModelContract, colour_of: dict[str, str]) -> str:
    """The size of the acceleration, or of whatever vector comes first, in segments of each label."""
    first = (triads(contract.sensor) or [0])[0]
    width = 3 if triads(contract.sensor) else 1
    channel = contract.sensor.channels[first]
    shapes: dict[str, list[NDArray[np.float64]]] = {}
    for label in contract.labels[1:]:
        segments = [(r, s) for r, track in recordings for s in marked((r, track), [label])]
        every = max(1, len(segments) // N_SHAPES)
        shapes[label] = [
            np.linalg.norm(
                r.samples[s.start : s.stop, first : first + width] / channel.counts_per_unit, axis=1
            )
            for r, s in segments[::every][:N_SHAPES]
        ]
    return plots.segments_plot(shapes, colour_of, channel.unit)
