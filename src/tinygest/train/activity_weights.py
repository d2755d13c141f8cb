"""How much each channel counts in the activity: no quantity drowns the other."""

from __future__ import annotations

import numpy as np

from tinygest.core.contract import Activity
from tinygest.core.sensor import SensorContract
from tinygest.signalpath.path import activity
from tinygest.train.data import TrainingData

ONE = 16  # TG: the weight that counts a channel once
MAX_WEIGHT = 255
MAX_ACTIVITY = 65535  # saturates: uint16
HEADROOM = 2.0  # people move harder than those who were recorded


def activity_weights(data: TrainingData) -> tuple[int, ...]:
    """One weight a channel, so that acceleration and rotation move the activity alike.

    Measured with the C code: each quantity alone, its mean activity inside labelled segments. The
    quantity with the larger counts has weight ONE, unless the sum would saturate in hard movement.
    """
    groups = quantities(data.sensor)
    measured = [_inside_segments(data, _only(data.sensor, group)) for group in groups]
    means = np.array([max(float(np.mean(values)), 1.0) for values in measured])
    gains = means.max() / means
    peak = sum(gain * float(np.quantile(v, 0.999)) for gain, v in zip(gains, measured, strict=True))
    gains *= min(1.0, MAX_ACTIVITY / (HEADROOM * max(peak, 1.0)))
    weights = [0] * len(data.sensor.channels)
    for group, gain in zip(groups, gains, strict=True):
        for i in group:
            weights[i] = int(np.clip(round(ONE * gain), 1, MAX_WEIGHT))
    return tuple(weights)


def quantities(sensor: SensorContract) -> list[list[int]]:
    """Channels of each quantity, in the order of the contract."""
    groups: dict[str, list[int]] = {}
    for i, channel in enumerate(sensor.channels):
        groups.setdefault(channel.quantity, []).append(i)
    return list(groups.values())


def _only(sensor: SensorContract, group: list[int]) -> Activity:
    return Activity(tuple(ONE if i in group else 0 for i in range(len(sensor.channels))))


def _inside_segments(data: TrainingData, measure: Activity) -> np.ndarray[tuple[int], np.dtype[np.uint16]]:
    """Activity of every sample in a chosen segment."""
    pieces = []
    for recording, track in data.recordings:
        values = activity(recording.samples, recording.info.gaps, data.sensor, measure)
        pieces += [values[s.start : s.stop] for s in data.chosen(track)]
    return np.concatenate(pieces)
