"""Small drawings of the report as SVG, in the colours of the page, light or dark.

Classes name what is drawn; the page's style sheet gives the colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape

from tinygest.core.labels import UNKNOWN
from tinygest.core.recording import Recording
from tinygest.evaluate.folds import StreamResult
from tinygest.evaluate.mistakes import Mistake
from tinygest.metrics import Interval95
from tinygest.metrics.events import FoundEvent, TrueEvent
from tinygest.metrics.judgement import right_and_alarms

SIGNAL = (220, 84)  # width, height
TIMELINE_WIDTH, ROW, LEFT = 960, 22, 110
MAX_POINTS = 110  # of a curve: half the pixels
MARGIN = 0.6  # of a segment's length, shown on either side
N_TICKS = 8


@dataclass(frozen=True)
class _Axis:
    """From rows to pixels."""

    first: float
    last: float
    left: float
    right: float

    def at(self, row: float) -> float:
        share = (row - self.first) / max(self.last - self.first, 1.0)
        return round(self.left + share * (self.right - self.left), 1)

    def bar(self, span: tuple[int, int], y: float, height: float, kind: str, told: str = "") -> str:
        """A rectangle over some rows."""
        x, stop = self.at(max(span[0], self.first)), self.at(min(span[1], self.last))
        title = f"<title>{escape(told)}</title>" if told else ""
        width = max(round(stop - x, 1), 1.0)
        return f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}">{title}</rect>'


def range_bar(value: float, interval: Interval95 | None) -> Markup:
    """A share from 0 to 1 as a dot, its interval as a line."""
    parts = ['<line class="rail" x1="4" x2="136" y1="8" y2="8"/>']
    if interval is not None:
        low, high = (4 + 132 * end for end in (interval.low, interval.high))
        parts.append(f'<line class="range" x1="{low:.1f}" x2="{high:.1f}" y1="8" y2="8"/>')
    parts.append(f'<circle class="dot" cx="{4 + 132 * value:.1f}" cy="8" r="4"/>')
    return _svg("bar", 140, 16, parts, f"{value:.0%}")


def signal(recording: Recording, mistake: Mistake) -> Markup:
    """The first three channels about a mistake; shaded: what is true, bar below: what was found."""
    width, height = SIGNAL
    start, stop = mistake.span
    room = int((stop - start) * MARGIN)
    first, last = max(0, start - room), min(recording.info.n_samples, stop + room)
    axis = _Axis(first, last, 0, width)
    parts = []
    if mistake.true:
        parts.append(axis.bar(mistake.true, 0, height - 8, "true"))
    if mistake.found:
        parts.append(axis.bar(mistake.found, height - 6, 5, "found"))
    values = recording.samples[first:last, :3].astype(np.float64)
    low, high = float(values.min()), float(values.max())
    scaled = 4 + (high - values) / max(high - low, 1.0) * (height - 16)
    step = max(1, len(values) // MAX_POINTS)
    for channel in range(values.shape[1]):
        points = " ".join(
            f"{axis.at(first + row)},{scaled[row, channel]:.1f}" for row in range(0, len(values), step)
        )
        parts.append(f'<polyline class="c{channel}" points="{points}"/>')
    return _svg("signal", width, height, parts, f"{recording.id}, rows {start} to {stop}")


def timeline(stream: StreamResult, labels: Sequence[str]) -> Markup:
    """A row a label: true events above, found ones below, right and wrong in different colours."""
    rate_hz = stream.truth.rate_hz
    names = [*labels, UNKNOWN]
    height = ROW * len(names) + 24
    axis = _Axis(0, stream.truth.n_rows, LEFT, TIMELINE_WIDTH - 8)
    right = set(right_and_alarms(stream.truth, stream.found)[0])
    parts = [axis.bar(span, 0, ROW * len(names), "reviewed") for span in stream.truth.reviewed]
    for number, name in enumerate(names):
        y = ROW * number
        parts.append(f'<text x="{LEFT - 8}" y="{y + 15}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<line class="rail" x1="{LEFT}" x2="{TIMELINE_WIDTH - 8}" y1="{y}" y2="{y}"/>')
        true = [event for event in stream.truth.events if event.label == name]
        parts += [axis.bar((e.start, e.stop), y + 3, 7, "actual", _told("true", e, rate_hz)) for e in true]
        for event in stream.found:
            if event.label == name:
                kind = "right" if event in right else "refused" if name == UNKNOWN else "wrong"
                told = _told(f"found, {kind}", event, rate_hz)
                parts.append(axis.bar((event.start, event.stop), y + 12, 7, kind, told))
    parts += _seconds(axis, rate_hz, ROW * len(names))
    return _svg("timeline", TIMELINE_WIDTH, height, parts, f"timeline of {stream.recording}")


def _told(what: str, event: TrueEvent | FoundEvent, rate_hz: float) -> str:
    return f"{what}: {event.label}, {event.start / rate_hz:.2f} to {event.stop / rate_hz:.2f} s"


def _seconds(axis: _Axis, rate_hz: float, y: float) -> list[str]:
    total_s = axis.last / rate_hz
    candidates = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)
    step = next((s for s in candidates if total_s / s <= N_TICKS), int(total_s / N_TICKS) or 1)
    return [
        f'<text x="{axis.at(second * rate_hz)}" y="{y + 16}" text-anchor="middle">{second} s</text>'
        for second in range(0, int(total_s) + 1, step)
    ]


def _svg(kind: str, width: float, height: float, parts: Sequence[str], told: str) -> Markup:
    head = f'<svg class="{kind}" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(told)}">'
    return Markup(head + "".join(parts) + "</svg>")
