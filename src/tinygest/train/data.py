"""What is learnt from: recordings with labels, checked before any work starts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import DatasetError
from tinygest.core.labels import UNKNOWN, LabelTrack, Segment
from tinygest.core.names import check_distinct_macros
from tinygest.core.recording import Recording
from tinygest.core.sensor import SensorContract, explain_mismatch
from tinygest.signalpath.plan import MAX_SEGMENT

Labelled = tuple[Recording, LabelTrack]
Spans = NDArray[np.int64]  # (k, 2) rows [start, stop)

MIN_SEGMENTS = 2  # of each label: one to learn from and another to be surprised by
MAX_CLIPPED = 0.2  # of a label's samples at the end of the int16 range
INT16 = np.iinfo(np.int16)


@dataclass(frozen=True)
class TrainingData:
    """Recordings of one sensor contract, and the labels to learn in the order of the classes."""

    recordings: tuple[Labelled, ...]
    labels: tuple[str, ...]

    @property
    def sensor(self) -> SensorContract:
        return self.recordings[0][0].info.contract

    def chosen(self, track: LabelTrack) -> list[Segment]:
        """Segments of a track that carry one of the labels."""
        return [segment for segment in track.segments if segment.label in self.labels]

    def lengths(self) -> NDArray[np.int64]:
        """(n,) samples of every chosen segment."""
        return np.array([s.stop - s.start for _, track in self.recordings for s in self.chosen(track)])

    def counts(self) -> dict[str, int]:
        """Segments of each label, in the order of the labels."""
        found = Counter(s.label for _, track in self.recordings for s in self.chosen(track))
        return {label: found[label] for label in self.labels}


def training_data(
    recordings: Sequence[Labelled],
    wanted: Sequence[str] = (),
    order: Sequence[str] = (),
    channels: Sequence[str] = (),
) -> TrainingData:
    """Choose labels and check that a model can come of it; raises DatasetError with the remedy.

    wanted: labels to learn, all that segments carry when empty; order: how a project orders its labels;
    channels: those a model will look at, all when empty.
    """
    if not recordings:
        raise DatasetError("no recording was chosen; import some, or widen --where")
    check_one_contract([recording for recording, _ in recordings])
    used = {s.label for _, track in recordings for s in track.segments if s.label}
    if not used:
        raise DatasetError(
            "the chosen recordings have no labelled segment; label some with `tinygest label`"
        )
    _check_known(wanted, used)
    rank = {label: i for i, label in enumerate(order)}
    labels = sorted(wanted or used, key=lambda label: (rank.get(label, len(rank)), label))
    data = TrainingData(tuple(recordings), tuple(labels))
    _check_counts(data)
    check_distinct_macros((UNKNOWN, *data.labels))
    _check_channels(data, channels)
    return data


def check_one_contract(recordings: Sequence[Recording]) -> None:
    """Raise DatasetError that names two recordings and their difference, unless all are alike."""
    first = recordings[0]
    for other in recordings[1:]:
        difference = explain_mismatch(first.info.contract, other.info.contract)
        if difference:
            raise DatasetError(
                f"recordings {first.id} and {other.id} cannot train one model: {difference}; "
                "choose alike ones with --where"
            )


def _check_known(wanted: Sequence[str], used: set[str]) -> None:
    for label in wanted:
        if label not in used:
            raise DatasetError(
                f"no chosen segment is labelled {label!r}; there are {', '.join(sorted(used))}"
            )
    if len(set(wanted)) != len(wanted):
        raise DatasetError(f"labels repeat: {', '.join(wanted)}")


def _check_counts(data: TrainingData) -> None:
    counts = data.counts()
    if len(counts) < 2:
        raise DatasetError(
            f"all chosen segments are labelled {data.labels[0]!r}; a model needs two labels or more"
        )
    for label, n in counts.items():
        if n < MIN_SEGMENTS:
            raise DatasetError(
                f"label {label!r} has {n} segment{'s' if n != 1 else ''} in the chosen recordings; "
                f"it takes {MIN_SEGMENTS} or more: label more, or leave it out with --labels"
            )


def _check_channels(data: TrainingData, channels: Sequence[str]) -> None:
    """A dead or saturated channel teaches nothing, and a model would come to trust it."""
    low = np.full(len(data.sensor.channels), INT16.max)
    high = np.full_like(low, INT16.min)
    n_clipped, n = np.zeros(len(low), np.int64), 0
    for recording, track in data.recordings:
        for segment in data.chosen(track):
            rows = recording.samples[segment.start : segment.stop]
            low, high = np.minimum(low, rows.min(axis=0)), np.maximum(high, rows.max(axis=0))
            n_clipped += ((rows == INT16.min) | (rows == INT16.max)).sum(axis=0)
            n += len(rows)
    for i, name in enumerate(data.sensor.channel_names):
        if not channels or name in channels:
            _check_channel(name, (int(low[i]), int(high[i])), float(n_clipped[i] / n))


def _check_channel(name: str, extremes: tuple[int, int], clipped: float) -> None:
    if extremes[0] == extremes[1]:
        raise DatasetError(
            f"channel {name} is {extremes[0]} in all labelled segments: the sensor was off or unplugged; "
            f"leave out these recordings with --where, or the channel with --channels"
        )
    if clipped > MAX_CLIPPED:
        raise DatasetError(
            f"channel {name} is clipped in {clipped:.0%} of the labelled samples; import with the right "
            "range, or leave the channel out with --channels"
        )


def pieces_around(recording: Recording, spans: Spans) -> Spans:
    """(k, 2) for each span the unbroken piece of recording that holds its start."""
    pieces = np.array(recording.spans(), np.int64)
    which = np.searchsorted(pieces[:, 0], spans[:, 0], side="right") - 1
    return pieces[which]


def segment_spans(segments: Sequence[Segment]) -> Spans:
    """(k, 2) rows of the segments."""
    return np.array([(s.start, s.stop) for s in segments], np.int64).reshape(-1, 2)


def marked(one: Labelled, labels: Sequence[str]) -> list[Segment]:
    """Segments with one of the labels that a device could see: short enough to hold, and without a gap."""
    recording, track = one
    chosen = [s for s in track.segments if s.label in labels and s.stop - s.start <= MAX_SEGMENT]
    stops = pieces_around(recording, segment_spans(chosen))[:, 1]
    return [s for s, stop in zip(chosen, stops, strict=True) if s.stop <= stop]
