"""The kind of segmenter and its parameters, by a search over the C code itself.

A candidate is judged by running the segmenter over the training recordings and counting how many of its
segments match the labelled ones, whatever their label. First a fixed random draw of each kind, then, from
the best few, one parameter at a time while that helps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import Activity, Segmenter
from tinygest.core.errors import ContractError
from tinygest.core.labels import LabelTrack
from tinygest.core.progress import Progress, silent
from tinygest.core.recording import Gap, Samples
from tinygest.core.sensor import SensorContract
from tinygest.metrics.matching import overlapping_pairs
from tinygest.metrics.quality import SegmentQuality, segment_quality
from tinygest.signalpath import path
from tinygest.signalpath.plan import MAX_SMOOTH
from tinygest.train.data import Spans, TrainingData, segment_spans
from tinygest.train.segmenter_kinds import KINDS, Kind, Scale, Values, with_borders

LOOSE_IOU, IOU = 0.3, 0.5
CLOSE_IOU = 0.75  # half of the score asks for this: borders that just pass here fail on a new wearer
N_DRAWN = 60  # of each kind
N_STARTS = 3
N_ROUNDS = 3
SEED = 1
MAX_SAMPLES = 120_000  # what one candidate runs over: the search stays within seconds
OTHERS = ((1 / 1.4, 1 / 1.2), (1.4, 1.2))  # vigour and tempo of wearers nobody has recorded
BACKGROUND_WEIGHT = 0.25  # of a segment that touches no labelled one: the classifier may yet refuse it


@dataclass(frozen=True)
class Fitted:
    """The best candidate of a kind, on the recordings it was fitted on."""

    activity: Activity
    segmenter: Segmenter
    score: float
    """What was maximised: F1 with segments in the background counted for less."""
    quality: SegmentQuality
    n_background: int = 0
    """Found segments that touch no labelled one."""

    @property
    def f1(self) -> float:
        return self._f1(self.quality.n_found)

    @property
    def lenient_f1(self) -> float:
        """With those in the background at BACKGROUND_WEIGHT."""
        return self._f1(self.quality.n_found - (1 - BACKGROUND_WEIGHT) * self.n_background)

    def _f1(self, n_found: float) -> float:
        return 2 * self.quality.n_matched / max(1, self.quality.n_true + n_found)


@dataclass(frozen=True)
class Stream:
    """Recordings laid end to end, a gap between them, and what is known about them."""

    sensor: SensorContract
    samples: Samples
    gaps: tuple[Gap, ...]
    truth: Spans
    judged: NDArray[np.bool_]
    """(n,) where a found segment is right or wrong."""
    ends: frozenset[int] = frozenset()
    """Rows of those gaps that lie between two recordings."""
    vigour: float = 1.0
    """Its activity is multiplied by this."""


def search_kinds(
    data: TrainingData,
    default: Activity,
    kinds: Sequence[str] = tuple(KINDS),
    *,
    fixed_activity: bool = False,
    progress: Progress = silent,
) -> dict[str, Fitted]:
    """The best candidate of each kind. default: the weights, and all of it with fixed_activity."""
    search = _Search(lay_end_to_end(data), default, fixed_activity)
    found = {}
    for i, name in enumerate(kinds):
        progress("fitting the segmenter", i, len(kinds))
        found[name] = search.best_of(KINDS[name])
    progress("fitting the segmenter", len(kinds), len(kinds))
    return found


def judged_time(n_samples: int, track: LabelTrack) -> NDArray[np.bool_]:
    """(n_samples,) reviewed time and marked segments: there a found segment is right or wrong.

    Where nobody has reviewed anything, from the first marked segment to the last one: whoever marked
    these went past what lies between.
    """
    mask = np.zeros(n_samples, np.bool_)
    for interval in track.reviewed:
        mask[interval.start : interval.stop] = True
    for segment in track.segments:
        mask[segment.start : segment.stop] = True
    if not track.reviewed and track.segments:
        mask[track.segments[0].start : track.segments[-1].stop] = True
    return mask


def lay_end_to_end(data: TrainingData) -> Stream:
    """Recordings spread evenly over those with and those without segments, up to MAX_SAMPLES in sum."""
    every = max(1, math.ceil(sum(r.info.n_samples for r, _ in data.recordings) / MAX_SAMPLES))
    kept = [
        *[one for one in data.recordings if one[1].segments][::every],
        *[one for one in data.recordings if not one[1].segments][::every],
    ]
    offset, gaps, ends, truth = 0, [], [], []
    for recording, track in kept:
        ends += [offset] if offset else []
        gaps += [Gap(offset)] if offset else []
        gaps += [Gap(gap.at + offset) for gap in recording.info.gaps]
        truth.append(segment_spans(track.segments) + offset)
        offset += recording.info.n_samples
    return Stream(
        sensor=data.sensor,
        samples=np.concatenate([recording.samples for recording, _ in kept]),
        gaps=tuple(gaps),
        truth=np.concatenate(truth),
        judged=np.concatenate([judged_time(r.info.n_samples, track) for r, track in kept]),
        ends=frozenset(ends),
    )


def find_judged(stream: Stream, values: NDArray[np.uint16], segmenter: Segmenter) -> Spans:
    """(k, 2) what the segmenter finds in judged time."""
    found = path.segments_of(values, stream.gaps, stream.sensor, segmenter, stream.ends).spans
    n_before = np.concatenate([[0], np.cumsum(stream.judged)])
    n_judged = n_before[found[:, 1]] - n_before[found[:, 0]]
    return np.asarray(found[2 * n_judged >= found[:, 1] - found[:, 0]])


def score_of(quality: SegmentQuality, n_background: int) -> float:
    """F1, with the found segments that touch no labelled one at BACKGROUND_WEIGHT."""
    n_found = quality.n_found - (1 - BACKGROUND_WEIGHT) * n_background
    n_close = sum(iou >= CLOSE_IOU for iou in quality.ious)
    return (quality.n_matched + n_close) / max(1.0, quality.n_true + n_found)


@dataclass
class _Search:
    stream: Stream
    default: Activity
    fixed_activity: bool
    others: list[Stream] = field(init=False)
    _measured: dict[Activity, tuple[Scale, list[_Wearer]]] = field(default_factory=dict)
    _known: dict[tuple[str, ...], Fitted | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.others = [other_wearer(self.stream, *one) for one in OTHERS]

    def best_of(self, kind: Kind) -> Fitted:
        """A random draw, then one parameter at a time from the best of it."""
        self._known = {}
        random = np.random.default_rng(SEED)
        drawn = [
            {name: steps[random.integers(len(steps))] for name, steps in kind.axes.items()}
            for _ in range(N_DRAWN)
        ]
        tried = sorted(drawn, key=lambda values: -self._score(kind, values))
        climbed = [self._climb(kind, values) for values in tried[:N_STARTS]]
        best = max(climbed, key=lambda values: self._score(kind, values))
        fitted = self._fit(kind, best)
        assert fitted is not None
        return fitted

    def _climb(self, kind: Kind, values: Values) -> Values:
        for _ in range(N_ROUNDS):
            before = values
            for name, steps in kind.axes.items():
                at = steps.index(values[name])
                near = [dict(values) | {name: steps[i]} for i in (at - 1, at + 1) if 0 <= i < len(steps)]
                values = max([values, *near], key=lambda one: self._score(kind, one))
            if values == before:
                break
        return values

    def _score(self, kind: Kind, values: Values) -> float:
        fitted = self._fit(kind, values)
        return -1.0 if fitted is None else fitted.score

    def _fit(self, kind: Kind, values: Values) -> Fitted | None:
        key = tuple(f"{name}={value}" for name, value in sorted(values.items()))
        if key not in self._known:
            self._known[key] = self._run(kind, values)
        return self._known[key]

    def _run(self, kind: Kind, values: Values) -> Fitted | None:
        """Which movements it finds at all; then with its borders where they belong."""
        activity = self._activity(values)
        scale, wearers = self._measure(activity)
        segmenter = kind.build(values, scale)
        try:
            rough = segment_quality(wearers[0].truth, wearers[0].find(segmenter), LOOSE_IOU)
        except ContractError:
            return None
        late = float(np.median(rough.start_errors or [0]))
        early = -float(np.median(rough.stop_errors or [0]))
        segmenter = with_borders(segmenter, late, early, scale.ms)
        judged = [wearer.judge(segmenter) for wearer in wearers]
        score = float(np.mean([score_of(quality, n_background) for quality, n_background in judged]))
        return Fitted(activity, segmenter, score, *judged[0])

    def _activity(self, values: Values) -> Activity:
        if self.fixed_activity:
            return self.default
        rate_hz = self.stream.sensor.rate_hz
        lengths = self.stream.truth[:, 1] - self.stream.truth[:, 0]
        n = min(max(1, round(values["smooth"] * float(np.median(lengths)))), MAX_SMOOTH)
        return msgspec.structs.replace(
            self.default, smooth_ms=n * 1000 / rate_hz, baseline_ms=values["baseline"]
        )

    def _measure(self, activity: Activity) -> tuple[Scale, list[_Wearer]]:
        if activity not in self._measured:
            streams = [self.stream, *self.others]
            wearers = [_Wearer(one, _activity_of(one, activity)) for one in streams]
            self._measured[activity] = _scale(self.stream, wearers[0].values), wearers
        return self._measured[activity]


@dataclass(frozen=True)
class _Wearer:
    """A stream and its activity."""

    stream: Stream
    values: NDArray[np.uint16]

    @property
    def truth(self) -> Spans:
        return self.stream.truth

    def find(self, segmenter: Segmenter) -> Spans:
        return find_judged(self.stream, self.values, segmenter)

    def judge(self, segmenter: Segmenter) -> tuple[SegmentQuality, int]:
        """How well it finds what is labelled, and how many it finds where nothing is."""
        found = self.find(segmenter)
        quality = segment_quality(self.truth, found, IOU)
        n_background = len(found) - len(np.unique(overlapping_pairs(found, self.truth).i))
        return quality, n_background


def _activity_of(stream: Stream, measure: Activity) -> NDArray[np.uint16]:
    values = path.activity(stream.samples, stream.gaps, stream.sensor, measure)
    return np.asarray(np.minimum(values * stream.vigour, 65535), np.uint16)


def other_wearer(stream: Stream, vigour: float, tempo: float) -> Stream:
    """The same movements by somebody with another vigour and tempo."""
    n = round(len(stream.samples) / tempo)
    at = np.minimum(np.arange(n) * tempo, len(stream.samples) - 1)
    rows = np.arange(len(stream.samples))
    samples = np.stack(
        [np.round(np.interp(at, rows, channel)).astype(np.int16) for channel in stream.samples.T], axis=1
    )
    row_of = {gap.at: min(max(1, math.ceil(gap.at / tempo)), n - 1) for gap in stream.gaps}
    truth = np.minimum(np.round(stream.truth / tempo).astype(np.int64), n)
    judged = stream.judged[np.round(at).astype(np.int64)]
    return Stream(
        sensor=stream.sensor,
        samples=samples,
        gaps=tuple(Gap(row) for row in sorted(set(row_of.values()))),
        truth=truth,
        judged=judged,
        ends=frozenset(row_of[at] for at in stream.ends),
        vigour=vigour,
    )


def _scale(stream: Stream, values: NDArray[np.uint16]) -> Scale:
    """From what is usual outside segments to what nearly every segment reaches."""
    outside = stream.judged.copy()
    for start, stop in stream.truth:
        outside[start:stop] = False
    peaks = [int(values[start:stop].max()) for start, stop in stream.truth]
    low = max(1.0, float(np.median(values[outside]))) if outside.any() else 1.0
    lengths = stream.truth[:, 1] - stream.truth[:, 0]
    return Scale(
        ms=1000 / stream.sensor.rate_hz,
        typical=float(np.median(lengths)),
        shortest=int(np.quantile(lengths, 0.05)),
        longest=int(lengths.max()),
        low=low,
        high=max(low + 1, float(np.quantile(peaks, 0.1))),
    )
