"""`search.html`: the front in a plot and a table, every trial below; no script, nothing loaded."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from tinygest.core.resources import resource_dir
from tinygest.store.atomic import write_atomic
from tinygest.workflow.search.result import SearchResult, TrialRow

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 12, 36  # margins
N_TICKS = 5
COSTS = {"flash_bytes": "flash, bytes", "ram_bytes": "RAM, bytes", "instructions": "instructions an event"}


class Dot(NamedTuple):
    """One trial in a plot, in its coordinates."""

    x: float
    y: float
    on_front: bool
    told: str


class Tick(NamedTuple):
    """A line across the plot."""

    at: float
    text: str


def write_page(result: SearchResult, path: Path) -> None:
    """Write the page; raises StoreError if that is not possible."""
    write_atomic(path, render_page(result).encode())


def render_page(result: SearchResult) -> str:
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
    environment.filters["whole"] = lambda value: "–" if value is None else f"{value:,}"
    limits = {COSTS[name]: n for name, n in msgspec.structs.asdict(result.budgets).items() if n is not None}
    shown = [row for row in result.rows if row.state in ("complete", "stopped", "failed", "lost")]
    plots = [(title, plot(result.rows, name)) for name, title in COSTS.items()]
    return environment.get_template("search.html.j2").render(
        result=result, limits=limits, rows=shown, plots=[(t, p) for t, p in plots if p]
    )


def plot(rows: Sequence[TrialRow], cost: str) -> dict[str, Any] | None:
    """What the template needs for one scatter: dots, ticks and the size. None without a finished trial."""
    done = [row for row in rows if row.score is not None]
    if not done:
        return None
    xs, ys = [getattr(row, cost) for row in done], [row.score or 0.0 for row in done]
    x_ticks, y_ticks = nice(min(xs), max(xs)), nice(min(ys), max(ys))
    to_x = scale(x_ticks[0], x_ticks[-1], LEFT, WIDTH - RIGHT)
    to_y = scale(y_ticks[0], y_ticks[-1], HEIGHT - BOTTOM, TOP)
    dots = [
        Dot(to_x(x), to_y(y), row.on_front, f"trial {row.number}: {100 * y:.1f} %, {x:,}; {row.model}")
        for row, x, y in zip(done, xs, ys, strict=True)
    ]
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "top": TOP,
        "bottom": HEIGHT - BOTTOM,
        # Those of the front last, so that they lie on top.
        "dots": sorted(dots, key=lambda dot: dot.on_front),
        "x_ticks": [Tick(to_x(x), f"{x:,.0f}") for x in x_ticks],
        "y_ticks": [Tick(to_y(y), f"{100 * y:.4g} %") for y in y_ticks],
    }


def scale(low: float, high: float, first: float, last: float) -> Callable[[float], float]:
    """A value between low and high -> its place between first and last."""
    return lambda value: round(first + (value - low) / (high - low) * (last - first), 1)


def nice(low: float, high: float) -> list[float]:
    """About N_TICKS round values that reach from below low to above high."""
    room = (high - low) or max(abs(high), 1.0) * 0.1
    step = 10.0 ** math.floor(math.log10(room / N_TICKS))
    step = next(step * k for k in (1, 2, 5, 10) if room / (step * k) <= N_TICKS)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(i * step, 10) for i in range(first, max(last, first + 1) + 1)]
