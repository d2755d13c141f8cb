"""Draw docs/simulator.png: punches and clapping by two simulated people, as rev2 would record them.

python tools/plot_simulator.py
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tinygest.core.labels import LabelTrack
from tinygest.core.recording import Recording
from tinygest.simulate.movements import PUNCH_LABELS
from tinygest.simulate.people import make_person
from tinygest.simulate.script import Action, Daily, Pause, Punches
from tinygest.simulate.session import simulate_session

if TYPE_CHECKING:
    from matplotlib.axes import Axes

OUT = Path(__file__).resolve().parent.parent / "docs" / "simulator.png"
AFTER_S = 1.5

PANELS: list[tuple[str, Action, float]] = [
    *((label, Punches((label,)), 1.0) for label in PUNCH_LABELS),
    ("jab, cross, hook", Punches(("jab", "cross", "hook")), 2.0),
    ("clap", Daily("clap"), 2.0),
]


def perform(person: int, action: Action) -> tuple[Recording, LabelTrack]:
    script = [Punches((PUNCH_LABELS[0],)), Pause(0.8), action, Pause(AFTER_S)]
    return simulate_session(make_person(f"P{person}", person), script, "rev2", seed=1)


def draw(axes: tuple[Axes, Axes], recording: Recording, track: LabelTrack, seconds: float) -> None:
    """Acceleration above rotation; from just before the second punch, or else what came last."""
    n_rows = round(seconds * 100)
    first = recording.info.n_samples - round(AFTER_S * 100) - n_rows
    if len(track.segments) > 1:
        first = track.segments[1].start - 15
    time_s = np.arange(n_rows) / 100
    for axis, channels, scale in zip(axes, (slice(0, 3), slice(3, 6)), (2048, 16.384), strict=True):
        axis.plot(time_s, recording.samples[first : first + n_rows, channels] / scale, linewidth=0.8)
        for segment in track.segments:
            start, stop = (segment.start - first) / 100, (segment.stop - first) / 100
            axis.axvspan(start, stop, facecolor="0.92", edgecolor="0.6", linewidth=0.6)
        axis.set_xlim(0, seconds)
        axis.tick_params(labelsize=6)


def main() -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    widths = [seconds for _, _, seconds in PANELS]
    figure, grid = plt.subplots(4, len(PANELS), figsize=(15, 6), width_ratios=widths)
    for column, (name, action, seconds) in enumerate(PANELS):
        for person in (1, 2):
            axes = grid[2 * person - 2, column], grid[2 * person - 1, column]
            draw(axes, *perform(person, action), seconds)
            axes[0].set_title(f"{name}, P{person}", fontsize=8)
    for row in range(4):
        grid[row, 0].set_ylabel("deg/s" if row % 2 else "g", fontsize=8)
    figure.tight_layout(pad=0.4)
    figure.savefig(OUT, dpi=72, metadata={"Software": ""}, pil_kwargs={"optimize": True})


if __name__ == "__main__":
    main()
