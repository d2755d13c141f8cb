"""Plots of the evaluation report, each as an SVG text that stands alone."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tinygest.evaluate.calibration import Calibration

INK, ACCENT = "#24292f", "#1f6feb"


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
