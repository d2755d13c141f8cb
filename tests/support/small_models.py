"""Models and recordings that are small and yet pass through every stage. No training, no TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinygest.core.contract import (
    Activity,
    Decision,
    FeatureInput,
    HysteresisSegmenter,
    ModelContract,
    Quantisation,
    WindowInput,
)
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.generate.classifier_library import generate_library
from tinygest.generate.network import resolve_network

NETWORKS = Path(__file__).parents[1] / "golden" / "networks"
SENSOR = imu_contract(100.0)
SEGMENTER = HysteresisSegmenter(
    start_level=700, stop_level=400, min_ms=80, max_ms=900, pre_ms=30, post_ms=30, merge_ms=60
)
WINDOW = WindowInput(
    length=64,
    channels=SENSOR.channel_names,
    scaling=("absolute",) * 3 + ("rms",) * 3,
    mean=(0.0,) * 6,
    std=(100_000.0,) * 3 + (4000.0,) * 3,  # 1/16 count, 1/4096 of the RMS
)
# 33 features of raw units that differ by orders of magnitude: 4 channels by 8, and a pair.
FEATURES = FeatureInput(
    channels=("ax", "ay", "gz", "|a|"),
    features=("mean", "std", "range", "log_jerk", "argmax", "p25", "p75", "centroid"),
    pairs=(("ax", "gz"),),
    mean=(0.0,) * 33,
    std=(20000.0,) * 33,
)


@dataclass(frozen=True)
class Case:
    """A contract and the .tflite that belongs to it."""

    contract: ModelContract
    tflite: bytes

    def generate(self, out: Path) -> Path:
        generate_library(self.contract, self.tflite, out)
        return out


def make_case(name, network, model_input, classes, thresholds):
    tflite = (NETWORKS / f"{network}.tflite").read_bytes()
    resolved = resolve_network(tflite)
    contract = ModelContract(
        name=name,
        sensor=SENSOR,
        activity=Activity(weights=(16, 16, 16, 2, 2, 2)),
        segmenter=SEGMENTER,
        input=model_input,
        quantisation=Quantisation(
            resolved.input.scale,
            resolved.input.zero_point,
            resolved.output.scale,
            resolved.output.zero_point,
        ),
        classes=classes,
        decision=Decision(thresholds=thresholds, refractory_ms=50.0),
    ).check()
    return Case(contract, tflite)


def window_case():
    """This network answers almost always with its last class, sure or less sure."""
    classes = ("unknown", "cross", "hook", "uppercut", "overhand", "jab")
    return make_case("swing", "separable", WINDOW, classes, {"jab": 30})


def feature_case():
    classes = ("jab", "cross", "hook", "unknown")
    return make_case("punch", "dense_per_tensor", FEATURES, classes, {"jab": 12, "cross": 30})


def bursts(seed, n_samples):
    """Noise around gravity with a burst of motion every second and a half or so, int16 (n, 6)."""
    rng = np.random.default_rng(seed)
    samples = rng.normal(0, 25, (n_samples, 6))
    samples[:, 2] += 2048
    for start in range(40, n_samples - 90, 150):
        length = int(rng.integers(15, 80))
        shape = np.sin(np.linspace(0, np.pi, length))[:, None]
        waves = np.sin(np.outer(np.arange(length), rng.uniform(0.05, 0.5, 6)) + rng.uniform(0, 6, 6))
        samples[start : start + length] += rng.uniform(1500, 30000) * shape * waves
    return np.clip(samples, -32768, 32767).astype(np.int16)


def make_recording(name, samples, gaps=(), sensor=SENSOR):
    info = RecordingInfo(sensor, len(samples), tuple(gaps))
    return Recording(name, info, RecordingMeta(), samples)


def four_recordings():
    """Gaps inside and between bursts, in neighbouring rows, of unknown length, one after which the index
    wraps; and a recording of one sample.
    """
    return [
        make_recording("long", bursts(1, 6000)),
        make_recording(
            "gappy", bursts(2, 3000), [Gap(60, 37), Gap(61, 5), Gap(700, 0), Gap(2200, 100_000)]
        ),
        make_recording("tiny", bursts(3, 1)),
        make_recording("late", bursts(4, 2500), [Gap(900, 2**32 - 1000), Gap(2499, 1)]),
    ]
