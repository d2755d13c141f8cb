"""What the report's two charts show, in the coordinates of their drawing: the template only prints it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tinygest.metrics import FoundEvent, StreamTruth
from tinygest.metrics.events import SECONDS_PER_HOUR

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 180, 44, 30
HOUR, TENTH = 1.0, 0.1  # widths of a bar, in hours
N_BINS = 40
FEW_HOURS = 3.0  # of background: bars of six minutes show more


class Bars(NamedTuple):
    """Counts side by side."""

    bars: list[tuple[float, float, float, float, int]]
    """(x, y, width, height, count)"""
    most: int
    ticks: list[tuple[float, str]]
    """(x, text) below"""
    minutes: int = 0
    """That each bar stands for, where it is time; the last one may be shorter."""


class Curve(NamedTuple):
    """Recall against false alarms an hour."""

    points: str
    dots: list[tuple[float, float, str]]
    """(x, y, in words)"""
    x_ticks: list[tuple[float, str]]
    y_ticks: list[tuple[float, str]]


def alarm_bars(streams: Sequence[tuple[StreamTruth, Sequence[FoundEvent]]]) -> Bars | None:
    """Bars over all reviewed background, streams one after the other; None without any."""
    times, total = [], 0.0
    for truth, alarms in streams:
        before = np.cumsum(truth.background()) / truth.rate_hz / SECONDS_PER_HOUR
        times += [total + float(before[min(event.stop, truth.n_rows) - 1]) for event in alarms]
        total += float(before[-1]) if len(before) else 0.0
    if total == 0:
        return None
    width_h = HOUR if total > FEW_HOURS else TENTH
    n_bars = max(1, math.ceil(total / width_h - 1e-9))
    counts = np.bincount([min(int(t / width_h), n_bars - 1) for t in times], minlength=n_bars).tolist()
    ends = [(float(LEFT), "start"), (float(WIDTH - 16), "end")]
    return Bars(*_columns(counts), ends, round(60 * width_h))


def delay_bars(delays_s: Sequence[float]) -> Bars | None:
    """A histogram of delays; what lies outside of 99 % counts to the outermost bars."""
    if not delays_s:
        return None
    low, high = np.percentile(delays_s, [0.5, 99.5]).tolist()
    high = max(high, low + 0.01)
    counts, _ = np.histogram(np.clip(delays_s, low, high), bins=N_BINS, range=(low, high))
    values = np.linspace(low, high, 6).tolist()
    ticks = [
        (round(LEFT + (v - low) / (high - low) * (WIDTH - LEFT - 20), 1), f"{v:.2f} s") for v in values
    ]
    return Bars(*_columns(counts.tolist()), ticks)


def _columns(counts: Sequence[int]) -> tuple[list[tuple[float, float, float, float, int]], int]:
    """(bars, the highest count)"""
    most = max(1, *counts)
    step = (WIDTH - LEFT) / len(counts)
    room = HEIGHT - BOTTOM - 10
    bars = [
        (
            round(LEFT + i * step + 1, 1),
            round(HEIGHT - BOTTOM - n / most * room, 1),
            round(max(step - 2, 1.0), 1),
            round(n / most * room, 1),
            n,
        )
        for i, n in enumerate(counts)
    ]
    return bars, most


def trade_off_curve(points: Sequence[tuple[float, float]]) -> Curve:
    """points: (false alarms an hour, recall), from no threshold to silence."""
    most = max(rate for rate, _ in points) or 1.0

    def x(rate: float) -> float:
        return round(LEFT + rate / most * (WIDTH - LEFT - 12), 1)

    def y(recall: float) -> float:
        return round(10 + (1 - recall) * (HEIGHT - BOTTOM - 10), 1)

    ordered = sorted(points)
    return Curve(
        points=" ".join(f"{x(rate)},{y(recall)}" for rate, recall in ordered),
        dots=[(x(rate), y(recall), f"{rate:.1f} an hour, recall {recall:.1%}") for rate, recall in ordered],
        x_ticks=[(x(most * i / 4), f"{most * i / 4:.3g}") for i in range(5)],
        y_ticks=[(y(i / 4), f"{25 * i} %") for i in range(5)],
    )
