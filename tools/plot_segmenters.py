"""Draw docs/segmentation/*.png: what each kind of segmenter makes of the simulated set.

python tools/plot_segmenters.py

Each is fitted to two people and shown on a third.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import Activity, AdaptiveSegmenter, HysteresisSegmenter, PeakSegmenter
from tinygest.core.labels import UNKNOWN
from tinygest.core.recording import Recording
from tinygest.signalpath import extract
from tinygest.signalpath.decision import decide
from tinygest.signalpath.path import activity, find_segments
from tinygest.store.project import Project
from tinygest.train.activity_weights import activity_weights
from tinygest.train.data import Labelled, training_data
from tinygest.train.model import TrainedModel, TrainOptions, train_model
from tinygest.train.scores import int8_logits
from tinygest.train.segmenter_choice import centre_detector
from tinygest.train.segmenter_search import Fitted, search_kinds

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "segmentation"
FITTED_TO, SHOWN = ("P1", "P5"), "p3_right_b"
SECONDS = 14.0
KINDS = ("hysteresis", "adaptive", "peak", "trigger")


def levels(fitted: Fitted, values: NDArray[np.uint16], rate_hz: float) -> dict[str, NDArray[np.float64]]:
    """What the activity is compared with, sample by sample."""
    segmenter = fitted.segmenter
    decay = np.exp(-1000 / (getattr(segmenter, "peak_ms", np.inf) * rate_hz))
    running = np.zeros(len(values))
    for i in range(1, len(values)):
        running[i] = max(float(values[i]), running[i - 1] * decay)
    match segmenter:
        case HysteresisSegmenter():
            return {
                "start": np.full(len(values), float(segmenter.start_level)),
                "stop": np.full(len(values), float(segmenter.stop_level)),
            }
        case AdaptiveSegmenter():
            return {
                "start": np.maximum(segmenter.start_level, segmenter.start_share * running),
                "stop": np.maximum(segmenter.stop_level, segmenter.stop_share * running),
            }
        case PeakSegmenter():
            before = np.concatenate([[0.0], running[:-1]])
            return {"level": np.maximum(segmenter.level, segmenter.level_share * before)}
        case _:
            return {"level": np.full(len(values), float(getattr(segmenter, "level", 0)))}


def window_of(one: Labelled, n: int) -> int:
    """First row of the liveliest stretch: most labelled segments in n rows."""
    starts = np.array([segment.start for segment in one[1].segments])
    first = starts[int(np.argmax([np.sum((starts >= s) & (starts < s + n)) for s in starts]))]
    return max(0, int(first) - 60)


def draw(axes: Axes, one: Labelled, fitted: Fitted, first: int) -> None:
    """Activity and levels; labelled segments shaded, found ones as bars that end where they are told."""
    recording, track = one
    rate_hz = recording.info.contract.rate_hz
    rows = slice(first, first + round(SECONDS * rate_hz))
    time_s = np.arange(rows.stop - rows.start) / rate_hz
    values = activity(recording.samples, (), recording.info.contract, fitted.activity)
    axes.plot(time_s, values[rows], "k", linewidth=0.8)
    for (name, level), style in zip(levels(fitted, values, rate_hz).items(), ("--", ":"), strict=False):
        axes.plot(time_s, level[rows], "C3", linestyle=style, linewidth=0.8, label=f"{name} level")
    for segment in track.segments:
        axes.axvspan(*_seconds(segment.start, segment.stop, recording, first), color="0.88")
    top = float(values[rows].max())
    found = find_segments(recording.samples, (), recording.info.contract, fitted.activity, fitted.segmenter)
    for (start, stop), told in zip(found.spans.tolist(), found.emitted_at.tolist(), strict=True):
        axes.plot(_seconds(start, stop, recording, first), (top * 1.06,) * 2, "C0", linewidth=3)
        axes.plot(*_seconds(told, told, recording, first)[:1], top * 1.06, "C1v", markersize=5)
    axes.set(xlim=(0, SECONDS), xlabel="s", ylabel="activity", ylim=(0, top * 1.14))
    axes.legend(loc="upper right", fontsize=7, bbox_to_anchor=(1, 0.93))


def draw_centre(axes: Axes, one: Labelled, model: TrainedModel, first: int) -> None:
    """Margin of every average that has a label, and the events; by int8 logits and the C decision."""
    recording, track = one
    contract = model.contract
    rate_hz = contract.sensor.rate_hz
    spans, told = find_segments(
        recording.samples, (), contract.sensor, contract.activity, contract.segmenter
    )
    logits = int8_logits(model.tflite, extract.inputs(recording.samples, spans, contract))
    if logits is None:
        sys.exit("the picture of the centre detector needs tflite_micro")
    smooth = contract.segmenter.smooth
    mean = np.stack([logits[i : len(logits) - smooth + 1 + i] for i in range(smooth)]).mean(axis=0)
    best = np.sort(mean, axis=1)
    is_label = mean.argmax(axis=1) != contract.classes.index(UNKNOWN)
    margin = np.where(is_label, best[:, -1] - best[:, -2], 0)
    middle = (spans[: len(mean)].mean(axis=1) + spans[smooth - 1 :].mean(axis=1)) / 2
    axes.plot((middle - first) / rate_hz, margin, "k.-", linewidth=0.8, markersize=2)
    for segment in track.segments:
        axes.axvspan(*_seconds(segment.start, segment.stop, recording, first), color="0.88")
    for event in decide(logits, spans, contract, told):
        at = _seconds(event.start, event.start + event.length, recording, first)
        if at[0] >= 0 and at[1] <= SECONDS:
            axes.plot(at, (270, 270), "C0", linewidth=3)
            axes.plot(_seconds(event.decided_at, 0, recording, first)[0], 270, "C1v", markersize=5)
            axes.text(sum(at) / 2, 285, contract.labels[event.label], ha="center", fontsize=7)
    axes.set(xlim=(0, SECONDS), xlabel="s", ylabel="margin", ylim=(0, 320))


def _seconds(start: int, stop: int, recording: Recording, first: int) -> tuple[float, float]:
    rate_hz = recording.info.contract.rate_hz
    return (start - first) / rate_hz, (stop - first) / rate_hz


def main() -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    project = Project.open(ROOT / "datasets" / "boxing_simulated")
    labelled = [(project.load(entry.id), project.labels(entry.id)) for entry in project.recordings("")]
    data = training_data([one for one in labelled if one[0].meta.subject in FITTED_TO])
    shown = next(one for one in labelled if one[0].id == SHOWN)
    first = window_of(shown, round(SECONDS * data.sensor.rate_hz))
    fits = search_kinds(data, Activity(activity_weights(data)), KINDS)
    for name, fitted in fits.items():
        figure, axes = plt.subplots(figsize=(9, 2.4), layout="constrained")
        draw(axes, shown, fitted, first)
        figure.savefig(OUT / f"{name}.png", dpi=100)
        plt.close(figure)
        print(OUT / f"{name}.png", fitted.segmenter)
    model = train_model("plot", data.recordings, TrainOptions(segmenter=centre_detector(data)))
    figure, axes = plt.subplots(figsize=(9, 2.4), layout="constrained")
    draw_centre(axes, shown, model, first)
    figure.savefig(OUT / "centre.png", dpi=100)
    print(OUT / "centre.png", model.contract.segmenter)


if __name__ == "__main__":
    main()
