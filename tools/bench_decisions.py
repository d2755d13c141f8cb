"""Whole decisions on an emulated Cortex-M4: python tools/bench_decisions.py

From the sample that completes a segment to the event, and what a sample costs else. Six channels at 100 Hz,
six classes. The networks are those that `tinygest train` makes, but not trained: instructions hardly depend
on weights.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from tinygest.core.contract import (
    Activity,
    CentreSegmenter,
    FeatureInput,
    ModelContract,
    Segmenter,
    SlidingSegmenter,
    WindowInput,
)
from tinygest.core.recording import Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.generate.classifier_library import generate_library
from tinygest.signalpath.defaults import default_features, default_window
from tinygest.signalpath.extract import feature_names
from tinygest.toolchain import arm
from tinygest.train.backend import load_tensorflow
from tinygest.train.convert import convert
from tinygest.train.networks import build_cnn, build_dense
from tinygest.verify.profile import CLOCK_HZ, Instructions, profile_library

SENSOR = imu_contract(100.0)
CLASSES = ("jab", "cross", "hook", "uppercut", "overhand", "unknown")
N_DECISIONS = 5
LENGTHS = (100, 300)
BUILDS = (arm.SPEED_FLAGS, arm.PLATFORMIO_FLAGS)
HEAD = ("what", "-O2", "as PlatformIO builds")


def default_model(family: str) -> tuple[ModelContract, bytes]:
    """(contract, .tflite); segmenter: a window a second."""
    load_tensorflow(1)
    generator = np.random.default_rng(0)
    wanted: FeatureInput | WindowInput
    if family == "dense":
        wanted = default_features(SENSOR)
        n = len(feature_names(SENSOR, wanted))
        network, shape = build_dense(n, len(CLASSES)), (n,)
    else:
        wanted = default_window(SENSOR)
        n = len(wanted.channels)
        network, shape = build_cnn(wanted.length, n, len(CLASSES)), (1, wanted.length, n)
    converted = convert(network, generator.normal(size=(100, *shape)).astype(np.float32))
    contract = ModelContract(
        name="gesture",
        sensor=SENSOR,
        activity=Activity((16, 16, 16, 0, 0, 0)),
        segmenter=SlidingSegmenter(1000.0, 1000.0),
        input=msgspec.structs.replace(wanted, mean=(0.0,) * n, std=(10_000.0,) * n),
        quantisation=converted.quantisation,
        classes=CLASSES,
    )
    return contract, converted.tflite


def measure(
    contract: ModelContract, tflite: bytes, segmenter: Segmenter, flags: tuple[str, ...]
) -> Instructions:
    """Over N_DECISIONS windows of movement."""
    contract = msgspec.structs.replace(contract, segmenter=segmenter)
    n = round(segmenter.length_ms / 10) * (N_DECISIONS + 1)
    movement = np.random.default_rng(1).normal(0, 3000, (n, 6)).cumsum(axis=0)
    samples = (movement - movement.mean(axis=0)).clip(-32768, 32767).astype(np.int16)
    recording = Recording("r", RecordingInfo(SENSOR, n), RecordingMeta(), samples)
    with tempfile.TemporaryDirectory(prefix="tinygest-decisions-") as folder:
        generate_library(contract, tflite, Path(folder))
        return profile_library(contract, tflite, Path(folder), [recording], flags=flags).instructions


def rows() -> Iterator[tuple[str, ...]]:
    """What is counted, and its instructions by either build."""
    for family in ("dense", "cnn"):
        model = default_model(family)
        for n in LENGTHS:
            found = [measure(*model, SlidingSegmenter(10.0 * n, 10.0 * n), flags) for flags in BUILDS]
            yield from _decision_rows(f"{family}, segment of {n}", found)
        lengths = dict.fromkeys(CLASSES[:-1], 800.0)
        found = [measure(*model, CentreSegmenter(1000.0, 100.0, lengths), flags) for flags in BUILDS]
        yield from _centre_rows(f"{family} behind a centre detector, hop of 100 ms", found)


def _decision_rows(what: str, found: list[Instructions]) -> Iterator[tuple[str, ...]]:
    for part in ("extract", "network", "deciding_push"):
        name = {"deciding_push": "the whole decision"}.get(part, part)
        yield f"{what}: {name}", *(f"{getattr(each, part).mean:,.0f}" for each in found)


def _centre_rows(what: str, found: list[Instructions]) -> Iterator[tuple[str, ...]]:
    counts: dict[str, Callable[[Any], str]] = {
        "idle sample": lambda each: f"{each.idle_push.mean:,.0f}",
        "a hop, with its network": lambda each: f"{each.deciding_push.mean:,.0f}",
        "share of the processor": lambda each: f"{each.deciding_push.mean / (CLOCK_HZ / 10):.1%}",
    }
    for name, count in counts.items():
        yield f"{what}: {name}", *map(count, found)


def main() -> None:
    for row in (HEAD, ("---",) * len(HEAD), *rows()):
        print("|", " | ".join(row), "|", flush=True)


if __name__ == "__main__":
    main()
