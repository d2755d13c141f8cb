"""A segmenter for data that came without one, chosen by a small rule from the training data alone.

For continuous recordings with pauses kinds and parameters are searched by event F1 over the C code
itself. Where even the best does not tell gestures apart, or where there are no pauses, overlapping windows
are classified and the surest are events: a centre detector. Isolated captures get a sliding window.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tinygest.core.contract import Activity, CentreSegmenter, Decision, Segmenter, SlidingSegmenter
from tinygest.core.errors import DatasetError
from tinygest.core.progress import Progress, silent
from tinygest.signalpath.plan import MAX_SEGMENT
from tinygest.train.activity_weights import activity_weights
from tinygest.train.data import TrainingData
from tinygest.train.proposals import background_mask
from tinygest.train.segmenter_kinds import KINDS
from tinygest.train.segmenter_search import Fitted, search_kinds

CENTRE = "centre"
FULLY_LABELLED = 0.9  # of all samples: no pauses to stop in
TELLS_APART = 0.95  # lenient F1: from here on one window an event does as well as many
MIN_FREE = 20  # typical lengths of reviewed time without segments
CENTRE_SHARE = 0.8  # of the typical length: a centre detector's window
HOPS_PER_LENGTH = 12
MIN_HOP_MS = 30.0
HORIZON_SHARE = 0.25  # of the shortest label's length
WINDOWS_PER_LENGTH = 4  # hop of a sliding window: a quarter of its length
FITS_CAPTURES = 0.1  # quantile of the captures' lengths: the window fits into nine of ten


@dataclass(frozen=True)
class SegmenterChoice:
    """What finds the segments, and why."""

    activity: Activity
    segmenter: Segmenter
    decision: Decision
    reason: str
    f1: float | None = None
    """Of the segments found in the training recordings, whatever their label, at IoU 0.5."""
    kinds: Mapping[str, Fitted] = field(default_factory=dict)
    """The best of each kind that was tried."""


def choose_segmenter(
    data: TrainingData,
    activity: Activity | None = None,
    progress: Progress = silent,
    kinds: Sequence[str] = tuple(KINDS),
) -> SegmenterChoice:
    """Fit a segmenter on these recordings and no others; activity: its input, if that is given.

    kinds: those to try for recordings with pauses, or CENTRE alone.
    """
    default = activity or Activity(activity_weights(data))
    continuous = [one for one in data.recordings if one[0].info.continuous]
    if not any(data.chosen(track) for _, track in continuous):
        return _for_captures(data, default)
    if not has_pauses(data):
        return _for_labelled_streams(data, default)
    with_pauses = TrainingData(tuple(continuous), data.labels)
    if tuple(kinds) == (CENTRE,):
        return SegmenterChoice(default, centre_detector(with_pauses), Decision(), "as asked: centre")
    found = search_kinds(
        with_pauses, default, kinds, fixed_activity=activity is not None, progress=progress
    )
    name = max(found, key=lambda kind: found[kind].score)
    fitted = found[name]
    if fitted.lenient_f1 < TELLS_APART and set(kinds) == set(KINDS) and _has_background(with_pauses):
        reason = (
            f"no segmenter tells pauses from lulls: F1 of {name}, the best, is {fitted.lenient_f1:.2f}; "
            "so a centre detector"
        )
        return SegmenterChoice(default, centre_detector(with_pauses), Decision(), reason, fitted.f1, found)
    reason = f"recordings have pauses: {name}, the best of {', '.join(found)}"
    return SegmenterChoice(fitted.activity, fitted.segmenter, Decision(), reason, fitted.f1, found)


def has_pauses(data: TrainingData) -> bool:
    """True if there are continuous recordings with labels, and time in them that has none."""
    continuous = [track for recording, track in data.recordings if recording.info.continuous]
    return any(map(data.chosen, continuous)) and labelled_share(data) <= FULLY_LABELLED


def labelled_share(data: TrainingData) -> float:
    """Share of the samples of all continuous recordings that lie inside a segment."""
    kept = [(recording, track) for recording, track in data.recordings if recording.info.continuous]
    labelled = sum(s.stop - s.start for _, track in kept for s in track.segments)
    return labelled / sum(recording.info.n_samples for recording, _ in kept)


def _for_captures(data: TrainingData, activity: Activity) -> SegmenterChoice:
    """Each capture restarts the signal path, so decisions of several windows cannot agree."""
    length = int(np.quantile(data.lengths(), FITS_CAPTURES, method="higher"))
    reason = "isolated captures: a sliding window that fits into nine of ten of them"
    return SegmenterChoice(activity, _sliding(data, length), Decision(), reason)


def _for_labelled_streams(data: TrainingData, activity: Activity) -> SegmenterChoice:
    reason = "every moment is labelled, so there are no pauses: a centre detector"
    return SegmenterChoice(activity, centre_detector(data), Decision(), reason)


def centre_detector(data: TrainingData) -> CentreSegmenter:
    """A window somewhat shorter than a typical segment, so that neighbours stay out of it.

    On the transitions of tug_watch and on simulated boxing 0.8 of the median length was as good as any.
    """
    ms = 1000 / data.sensor.rate_hz
    typical = float(np.median(data.lengths()))
    length = min(max(2, round(CENTRE_SHARE * typical)), MAX_SEGMENT)
    hop = max(1, round(typical / HOPS_PER_LENGTH), math.ceil(MIN_HOP_MS / ms))
    lengths = {
        label: float(
            np.median(
                [s.stop - s.start for _, t in data.recordings for s in t.segments if s.label == label]
            )
        )
        for label in data.labels
    }
    horizon = max(2, round(HORIZON_SHARE * min(lengths.values()) / hop))
    return CentreSegmenter(
        length_ms=length * ms,
        hop_ms=hop * ms,
        lengths_ms={label: n * ms for label, n in lengths.items()},
        horizon=min(horizon, 255),
    )


def _has_background(data: TrainingData) -> bool:
    """Enough reviewed time without segments to learn what is nothing."""
    free = sum(int(background_mask(*one).sum()) for one in data.recordings)
    return free > MIN_FREE * float(np.median(data.lengths()))


def typical_length(data: TrainingData) -> int:
    """The length L, in samples, such that most segments are between L / 2 and 2 L long.

    Only those can match a window of L at IoU 0.5. Labels count alike; of equals, the one nearest to
    the median.
    """
    lengths = data.lengths()
    labels = np.array([s.label for _, track in data.recordings for s in data.chosen(track)])
    candidates = np.unique(lengths)
    within = (lengths >= candidates[:, np.newaxis] / 2) & (lengths <= candidates[:, np.newaxis] * 2)
    share = np.mean([within[:, labels == label].mean(axis=1) for label in data.labels], axis=0)
    distance = np.abs(candidates - np.median(lengths))
    return int(candidates[np.lexsort((distance, -share))[0]])


def _sliding(data: TrainingData, length: int) -> SlidingSegmenter:
    rate_hz = data.sensor.rate_hz
    length = min(length, MAX_SEGMENT)
    hop = max(1, length // WINDOWS_PER_LENGTH)
    return SlidingSegmenter(length * 1000 / rate_hz, hop * 1000 / rate_hz)


def check_window_fits(data: TrainingData, segmenter: Segmenter) -> None:
    """Raise DatasetError if a labelled continuous recording can never fill a window of fixed length."""
    length_ms = getattr(segmenter, "length_ms", None)
    if length_ms is None:
        return
    for recording, track in data.recordings:
        longest = max(stop - start for start, stop in recording.spans())
        longest_ms = longest * 1000 / recording.info.contract.rate_hz
        if recording.info.continuous and data.chosen(track) and longest_ms < length_ms:
            raise DatasetError(
                f"recording {recording.id} lasts {longest_ms:.0f} ms unbroken, shorter than the window of "
                f"{length_ms:.0f} ms; leave it out with --where or set a shorter window in tinygest.toml"
            )
