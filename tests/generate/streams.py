"""Streams of a moving sensor, and the contracts of two models for it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tinygest.core.contract import (
    Activity,
    CentreSegmenter,
    Decision,
    FeatureInput,
    HysteresisSegmenter,
    ModelContract,
    Quantisation,
    Segmenter,
    SlidingSegmenter,
    WindowInput,
)
from tinygest.core.recording import Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.generate.network import resolve_network

SENSOR = imu_contract(100.0)
HYSTERESIS = HysteresisSegmenter(
    300, 200, min_ms=80.0, max_ms=900.0, pre_ms=60.0, post_ms=60.0, merge_ms=50.0
)
SLIDING = SlidingSegmenter(length_ms=640.0, hop_ms=320.0)

CENTRE = CentreSegmenter(
    640.0,
    160.0,
    dict.fromkeys(("jab", "cross", "hook", "uppercut", "over-hand", "a", "b", "c", "d"), 500.0),
    smooth=2,
    horizon=2,
)


def movements(n: int, seed: int) -> npt.NDArray[np.int16]:
    """(n, 6): rest with some noise, and a swing of 0.6 s every 3 s, the first after 1.5 s."""
    generator = np.random.default_rng(seed)
    samples = generator.normal(0, 20, (n, 6)) + np.array([0, 0, 2048, 0, 0, 0])
    swing = np.hanning(60)[:, None] * np.sin(np.linspace(0, 9, 60))[:, None]
    for start in range(150, n - 60, 300):
        samples[start : start + 60] += swing * generator.normal(0, 9000, 6)
    return np.clip(samples, -32768, 32767).astype(np.int16)


def recording(samples: npt.NDArray[np.int16], name: str = "r1") -> Recording:
    return Recording(name, RecordingInfo(SENSOR, len(samples)), RecordingMeta(), samples)


def window_model(tflite: bytes, name: str = "punch", segmenter: Segmenter = HYSTERESIS) -> ModelContract:
    """For the network `separable`: 64 points of 6 channels, 6 classes, unknown among them."""
    return ModelContract(
        name,
        SENSOR,
        Activity((16, 16, 16, 8, 8, 8)),
        segmenter,
        WindowInput(
            64,
            ("ax", "ay", "az", "gx", "gy", "gz"),
            ("absolute", "absolute", "absolute", "rms", "rms", "rms"),
            mean=(0.0, 0.0, 32768.0, 0.0, 0.0, 0.0),
            std=(32768.0, 32768.0, 32768.0, 4096.0, 4096.0, 4096.0),
        ),
        quantisation(tflite),
        ("jab", "cross", "hook", "uppercut", "over-hand", "unknown"),
        Decision({"jab": 4, "hook": 3}, refractory_ms=200.0),
    )


def features_model(tflite: bytes, name: str = "swing", segmenter: Segmenter = HYSTERESIS) -> ModelContract:
    """For the network `dense_per_tensor`: 5 features of 6 channels and 3 correlations, 4 classes."""
    return ModelContract(
        name,
        SENSOR,
        Activity((16, 16, 16, 0, 0, 0)),
        segmenter,
        FeatureInput(
            ("ax", "ay", "az", "gx", "gy", "|a|"),
            ("mean", "std", "range", "log_jerk", "argmax"),
            (("ax", "ay"), ("ax", "az"), ("gx", "gy")),
            mean=(1000.0,) * 33,
            std=(20000.0,) * 33,
        ),
        quantisation(tflite),
        ("a", "b", "c", "d"),
        Decision(score_table=tuple(255 - i // 2 for i in range(256))[::-1]),
    )


def quantisation(tflite: bytes) -> Quantisation:
    network = resolve_network(tflite)
    return Quantisation(
        network.input.scale, network.input.zero_point, network.output.scale, network.output.zero_point
    )
