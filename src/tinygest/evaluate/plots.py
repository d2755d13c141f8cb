"""Plots of the evaluation report, each as an SVG text that stands alone."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tinygest.core.labels import UNKNOWN
from tinygest.evaluate.folds import StreamResult
from tinygest.evaluate.summary import SubjectSummary
from tinygest.metrics.events import FoundEvent, TrueEvent
from tinygest.metrics.judgement import BACKGROUND, MISSED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tinygest.evaluate.calibration import Calibration

INK, ACCENT, SOFT = "#24292f", "#1f6feb", "#d0d7de"


def subjects_plot(subjects: Sequence[SubjectSummary]) -> str:
    """Event F1 or segment accuracy of each person, as bars from worst to best."""
    rows = sorted(
        ((row.headline, row.subject) for row in subjects if row.headline is not None),
        key=lambda row: row[0],
    )
    figure, axes = _new(7, 0.8 + 0.24 * len(rows))
    axes.barh(range(len(rows)), [value for value, _ in rows], color=ACCENT)
    axes.set_yticks(range(len(rows)), [name for _, name in rows])
    axes.set_xlim(0, 1)
    has_events = any(row.event_macro_f1 is not None for row in subjects)
    axes.set_xlabel("event macro-F1" if has_events else "segment accuracy")
    return _svg(figure)


def confusion_plot(confusion: dict[str, dict[str, int]]) -> str:
    """True labels in rows, answers in columns; colour by share of the row."""
    rows = sorted(confusion, key=lambda name: (name == BACKGROUND, name))
    answers = {answer for row in confusion.values() for answer in row} | (set(rows) - {BACKGROUND})
    columns = sorted(
        answers,
        key=lambda name: ((UNKNOWN, MISSED).index(name) + 1 if name in (UNKNOWN, MISSED) else 0, name),
    )
    counts = np.array([[confusion[row].get(column, 0) for column in columns] for row in rows])
    figure, axes = _new(1.8 + 0.42 * len(columns), 1.4 + 0.34 * len(rows))
    axes.imshow(
        counts / np.maximum(counts.sum(axis=1, keepdims=True), 1),
        cmap="Blues",
        vmin=0,
        vmax=1,
        aspect="auto",
    )
    axes.set_xticks(range(len(columns)), columns, rotation=90)
    axes.set_yticks(range(len(rows)), rows)
    for i, j in zip(*np.nonzero(counts), strict=True):
        dark = counts[i, j] > 0.6 * counts[i].sum()
        axes.text(
            j, i, str(counts[i, j]), ha="center", va="center", fontsize=7, color="white" if dark else INK
        )
    return _svg(figure)


def delay_plot(delays_s: Sequence[float]) -> str:
    """Histogram of seconds from the true end to the decision."""
    figure, axes = _new(7, 2.2)
    axes.hist(np.asarray(delays_s), bins=40, color=ACCENT)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_xlabel("seconds from the true end of the event to the decision")
    axes.set_ylabel("events")
    return _svg(figure)


def timeline_plot(stream: StreamResult, labels: Sequence[str]) -> str:
    """What is true (upper half of each row) against what was found (lower half), over time."""
    rate_hz = stream.truth.rate_hz
    rows = {name: row for row, name in enumerate((*labels, UNKNOWN))}
    figure, axes = _new(11, 0.9 + 0.24 * len(rows))
    for start, stop in stream.truth.reviewed:
        axes.axvspan(start / rate_hz, stop / rate_hz, color=SOFT, alpha=0.25, linewidth=0)
    for name, row in rows.items():
        axes.broken_barh(
            _bars(stream.truth.events, name, rate_hz), (row - 0.4, 0.38), color=INK, linewidth=0
        )
        axes.broken_barh(_bars(stream.found, name, rate_hz), (row + 0.02, 0.38), color=ACCENT, linewidth=0)
    axes.set_yticks(list(rows.values()), list(rows))
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(0, stream.truth.n_rows / rate_hz)
    axes.set_xlabel("seconds")
    return _svg(figure)


def trade_off_plot(calibration: Calibration) -> str:
    """Recall against false alarms an hour, every point a choice of thresholds; the chosen one marked."""
    points = sorted(calibration.trade_off, key=lambda point: point.rate.per_hour or 0.0)
    figure, axes = _new(7, 3)
    rates = [point.rate.per_hour or 0.0 for point in points]
    axes.step(rates, [point.recall for point in points], where="post", color=ACCENT)
    rate = calibration.chosen.rate
    axes.plot(rate.per_hour or 0.0, calibration.chosen.recall, "o", color=INK)
    axes.hlines(calibration.chosen.recall, rate.low or 0.0, rate.high or 0.0, color=INK, linewidth=1)
    axes.axvline(calibration.per_hour, color=INK, linewidth=0.8, linestyle=":")
    axes.set_xscale("symlog", linthresh=max(calibration.per_hour / 10, 1e-3))
    axes.set_xlim(left=0)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel("false alarms an hour; dotted: asked for, bar: 95 % interval")
    axes.set_ylabel("recall")
    return _svg(figure)


def _bars(
    events: Sequence[TrueEvent] | Sequence[FoundEvent], label: str, rate_hz: float
) -> list[tuple[float, float]]:
    """(start, width) in seconds of the events with one label."""
    return [
        (event.start / rate_hz, (event.stop - event.start) / rate_hz)
        for event in events
        if event.label == label
    ]


def _new(width: float, height: float) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
    return figure, axes


def _svg(figure: Figure) -> str:
    """The figure without XML prologue, date or random ids, so that equal data give equal bytes."""
    from matplotlib import rc_context

    file = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "tinygest"}):
        figure.savefig(file, format="svg", metadata={"Date": None})
    text = file.getvalue()
    return text[text.index("<svg") :]
