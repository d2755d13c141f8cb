"""How fast recordings go through the signal path offline: python tools/bench_signalpath.py

The stream is six channels at 100 Hz: noise, and a movement of about a second every four seconds. One
process, one thread; segments by the streaming C code (hysteresis), then the default features of every
segment, quantised to int8. The best of several runs is printed, because other work on the machine can
only slow a run down; samples a second are rows of the stream divided by wall-clock time.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import msgspec
import numpy as np

from tinygest.core.contract import Activity, HysteresisSegmenter, ModelContract, Quantisation
from tinygest.core.recording import Samples
from tinygest.core.sensor import imu_contract
from tinygest.signalpath.defaults import default_features
from tinygest.signalpath.extract import inputs, raw_inputs
from tinygest.signalpath.path import find_segments

RATE_HZ = 100.0
N_SAMPLES = 2_000_000
N_RUNS = 5
PERIOD = 400  # samples from one movement to the next
SENSOR = imu_contract(RATE_HZ)
ACTIVITY = Activity(weights=(16, 16, 16, 2, 2, 2))
SEGMENTER = HysteresisSegmenter(
    start_level=1500, stop_level=700, min_ms=200, max_ms=2000, pre_ms=100, post_ms=100, merge_ms=150
)


def make_stream(n_samples: int) -> Samples:
    """int16 (n_samples, 6): noise, and in every period a swing of 0.7 to 1.3 s."""
    random = np.random.default_rng(1)
    samples = random.normal(0, 20, (n_samples, 6))
    for start in range(0, n_samples - PERIOD, PERIOD):
        t = np.linspace(0, 1, random.integers(70, 131))[:, np.newaxis]
        swing = np.sin(2 * np.pi * random.uniform(1, 4, 6) * t + random.uniform(0, 6, 6))
        samples[start + 100 : start + 100 + len(t)] += 6000 * np.sin(np.pi * t) * swing
    return np.round(samples).astype(np.int16)


def make_contract(samples: Samples, spans: np.ndarray) -> ModelContract:
    """The default features, normalised by these segments."""
    input = default_features(SENSOR)
    raw = raw_inputs(samples, spans, SENSOR, input)
    mean, std = raw.mean(axis=0), np.maximum(raw.std(axis=0), 1.0)
    return ModelContract(
        name="bench",
        sensor=SENSOR,
        activity=ACTIVITY,
        segmenter=SEGMENTER,
        input=msgspec.structs.replace(input, mean=tuple(mean.tolist()), std=tuple(std.tolist())),
        quantisation=Quantisation(10 / 255, 0, 1.0, 0),
        classes=("a", "b"),
    )


def best_seconds(work: Callable[[], object]) -> float:
    """Shortest of N_RUNS."""
    times = []
    for _ in range(N_RUNS):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def measure() -> dict[str, float]:
    """Samples a second through segmentation, through both, and what the features alone take."""
    samples = make_stream(N_SAMPLES)
    spans = find_segments(samples, (), SENSOR, ACTIVITY, SEGMENTER).spans
    contract = make_contract(samples, spans)
    segmenting = best_seconds(lambda: find_segments(samples, (), SENSOR, ACTIVITY, SEGMENTER))
    extracting = best_seconds(lambda: inputs(samples, spans, contract))
    return {
        "samples": N_SAMPLES,
        "segments": len(spans),
        "mean_segment_samples": round(float((spans[:, 1] - spans[:, 0]).mean()), 1),
        "features_a_segment": len(contract.input.mean),
        "segmentation_samples_a_second": round(N_SAMPLES / segmenting),
        "features_microseconds_a_segment": round(1e6 * extracting / len(spans), 2),
        "both_samples_a_second": round(N_SAMPLES / (segmenting + extracting)),
    }


if __name__ == "__main__":
    json.dump(measure(), sys.stdout, indent=2)
    print()
