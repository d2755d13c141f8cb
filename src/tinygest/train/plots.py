"""Plots of the training report, each an SVG text in colours that suit a light and a dark page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tinygest.train.data import Labelled, Spans
from tinygest.train.fit import History

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

INK = "#010203"
"""Stands for the page's own text colour: becomes `currentColor` in the SVG."""
PALETTE = (
    "#3b82f6",
    "#f97316",
    "#22a06b",
    "#e5484d",
    "#8b5cf6",
    "#a16207",
    "#db2777",
    "#0891b2",
    "#65a30d",
    "#6b7280",
)
AXES = ("#e5484d", "#22a06b", "#3b82f6")  # x, y, z
MAX_POINTS = 1200  # of a curve: more than a screen shows
UNITS = {"acceleration": "g", "linear_acceleration": "g", "rotation": "deg/s"}


def colours(names: Sequence[str]) -> dict[str, str]:
    """A colour for each name; they repeat after ten."""
    return {name: PALETTE[i % len(PALETTE)] for i, name in enumerate(names)}


def signal_plot(one: Labelled, found: Spans, rows: tuple[int, int], colour_of: dict[str, str]) -> str:
    """Channels over time with marked segments shaded, and what the segmenter finds as bars below."""
    recording, track = one
    contract = recording.info.contract
    quantities = list(dict.fromkeys(channel.quantity for channel in contract.channels))
    figure, all_axes = _new(10, 1.5 * len(quantities) + 0.7, len(quantities))
    time = np.arange(*rows) / contract.rate_hz
    step = max(1, len(time) // MAX_POINTS)
    for axes, quantity in zip(all_axes, quantities, strict=True):
        own = [i for i, channel in enumerate(contract.channels) if channel.quantity == quantity]
        for place, i in enumerate(own):
            values = recording.samples[slice(*rows), i] / contract.channels[i].counts_per_unit
            axes.plot(time[::step], values[::step], color=AXES[place % 3], linewidth=0.7)
        for segment in track.segments:
            if segment.start < rows[1] and rows[0] < segment.stop:
                left, right = segment.start / contract.rate_hz, segment.stop / contract.rate_hz
                axes.axvspan(left, right, color=colour_of.get(segment.label or "", INK), alpha=0.22, lw=0)
        axes.set_ylabel(f"{quantity.split('_')[-1]}, {UNITS[quantity]}")
        axes.set_xlim(time[0], time[-1])
    bars = [(start / contract.rate_hz, (stop - start) / contract.rate_hz) for start, stop in found]
    low, high = all_axes[-1].get_ylim()
    all_axes[-1].set_ylim(low - 0.12 * (high - low), high)
    all_axes[-1].broken_barh(bars, (low - 0.1 * (high - low), 0.05 * (high - low)), color=INK, lw=0)
    all_axes[-1].set_xlabel("seconds")
    return _svg(figure)


def segments_plot(
    shapes: dict[str, list[NDArray[np.float64]]], colour_of: dict[str, str], unit: str
) -> str:
    """Small multiples: for each label the size of the movement over its own time, segments overlaid."""
    n_columns = min(6, len(shapes))
    n_rows = -(-len(shapes) // n_columns)
    figure, grid = _new(1.7 * n_columns + 0.4, 1.35 * n_rows + 0.4, n_rows, n_columns)
    for axes, (label, curves) in zip(grid, shapes.items(), strict=False):
        for curve in curves:
            axes.plot(np.linspace(0, 1, len(curve)), curve, color=colour_of[label], lw=0.6, alpha=0.45)
        axes.set_title(label, fontsize=8)
        axes.set_xticks([])
    for axes in grid[len(shapes) :]:
        axes.set_visible(False)
    figure.supylabel(f"size of the vector, {unit}", fontsize=8, color=INK)
    return _svg(figure)


def confusion_plot(confusion: dict[str, dict[str, int]], classes: Sequence[str]) -> str:
    """True labels in rows, answers in columns; colour by share of the row."""
    rows = [name for name in classes if name in confusion]
    counts = np.array([[confusion[row].get(column, 0) for column in classes] for row in rows])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, (axes,) = _new(2.0 + 0.4 * len(classes), 1.5 + 0.33 * len(rows))
    for i, j in zip(*np.nonzero(counts), strict=True):
        colour = PALETTE[2] if rows[i] == classes[j] else PALETTE[3]
        alpha = 0.15 + 0.75 * float(shares[i, j])
        axes.add_patch(_square(j, i, colour, alpha))
        axes.text(j, i, str(counts[i, j]), ha="center", va="center", fontsize=7, color=INK)
    axes.set_xticks(range(len(classes)), classes, rotation=90)
    axes.set_yticks(range(len(rows)), rows)
    axes.set_xlim(-0.5, len(classes) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlabel("answer")
    axes.set_ylabel("true label")
    axes.tick_params(length=0)
    return _svg(figure)


def training_plot(history: History) -> str:
    """Loss, accuracy and learning rate by epoch."""
    figure, grid = _new(10, 2.4, 1, 3)
    curves = (
        ("loss", history.loss, PALETTE[3]),
        ("accuracy", history.accuracy, PALETTE[2]),
        ("learning rate", history.learning_rate, PALETTE[0]),
    )
    for axes, (name, values, colour) in zip(grid, curves, strict=True):
        axes.plot(range(1, len(values) + 1), values, color=colour, lw=1.4)
        axes.set_title(name, fontsize=9)
        axes.set_xlabel("epoch")
    return _svg(figure)


def margins_plot(right: Sequence[int], wrong: Sequence[int]) -> str:
    """Histogram of the margin between the two best logits, right and wrong answers apart."""
    figure, (axes,) = _new(10, 2.4)
    bins = list(range(0, 257, 4))
    axes.hist(
        [right, wrong], bins=bins, stacked=True, color=[PALETTE[2], PALETTE[3]], label=["right", "wrong"]
    )
    axes.set_xlabel("margin between the two best logits, 0 to 255")
    axes.set_ylabel("segments")
    axes.legend(frameon=False, fontsize=8, labelcolor=INK)
    return _svg(figure)


def _square(x: float, y: float, colour: str, alpha: float) -> Rectangle:
    from matplotlib.patches import Rectangle

    return Rectangle((x - 0.48, y - 0.48), 0.96, 0.96, facecolor=colour, alpha=alpha, lw=0)


def _new(width: float, height: float, n_rows: int = 1, n_columns: int = 1) -> tuple[Figure, list[Axes]]:
    """A transparent figure in the page's text colour, and its axes row by row."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained", facecolor="none")
    grid = figure.subplots(n_rows, n_columns, squeeze=False, sharex=n_columns == 1)
    for axes in grid.ravel():
        axes.set_facecolor("none")
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=8, colors=INK)
        for part in axes.spines.values():
            part.set_color(INK)
        for text in (axes.xaxis.label, axes.yaxis.label, axes.title):
            text.set_color(INK)
            text.set_fontsize(8)
    return figure, list(grid.ravel())


def _svg(figure: Figure) -> str:
    """The figure without XML prologue, metadata or random ids: equal data give equal bytes."""
    from matplotlib import rc_context

    file = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "tinygest"}):
        figure.savefig(file, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    text = file.getvalue()
    return text[text.index("<svg") :].replace(INK, "currentColor")
