"""On recorded gestures no int8 input differs from double precision by more than one step."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import Activity, FeatureInput, ModelContract, Quantisation, SlidingSegmenter
from tinygest.core.sensor import imu_contract
from tinygest.signalpath.defaults import default_features
from tinygest.signalpath.extract import feature_names, inputs, raw_inputs
from tinygest.signalpath.feature_kinds import CORRELATION_BITS, KINDS

from . import references

SENSOR = imu_contract(119.0)
COUNTS = np.array([2048.0] * 3 + [16.384] * 3)  # per g, per degree/s
INPUT_SCALE = 10 / 255


def load(folder: Path) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """All recordings laid end to end in canonical counts, and the spans of their segments."""
    pieces, spans, n_before = [], [], 0
    with (folder / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for name in sorted({row["file"] for row in rows}):
        signal = np.loadtxt(folder / "rec" / name, delimiter=",", skiprows=1)[:, 1:]
        pieces.append(np.clip(np.round(signal * COUNTS), -32768, 32767).astype(np.int16))
        marks = [(int(row["start_sample"]), int(row["end_sample"])) for row in rows if row["file"] == name]
        spans.append(np.array(marks) + n_before)
        n_before += len(signal)
    return np.concatenate(pieces), np.concatenate(spans)


def reference(segment: NDArray[np.int16], input: FeatureInput) -> NDArray[np.float64]:
    """(n_inputs,) in raw units, not rounded."""
    axes = [references.points(x) for x in segment.T]
    channels = dict(zip(SENSOR.channel_names, axes, strict=True))
    channels |= {"|a|": references.magnitude(*axes[:3]), "|g|": references.magnitude(*axes[3:])}
    values = [
        np.atleast_1d(references.FEATURES[kind](channels[name])) * 2.0 ** KINDS[kind].fraction_bits
        for name in input.channels
        for kind in input.features
    ]
    pairs = [references.correlation(channels[a], channels[b]) for a, b in input.pairs]
    return np.concatenate([*values, np.array(pairs) * 2.0**CORRELATION_BITS])


def test_int8_inputs_of_recorded_gestures(shared_dir: Path) -> None:
    samples, spans = load(shared_dir / "data" / "nano33_spells")
    input = msgspec.structs.replace(default_features(SENSOR), features=tuple(KINDS))
    raw = raw_inputs(samples, spans, SENSOR, input)
    mean, std = raw.mean(axis=0), np.maximum(raw.std(axis=0), 1.0)
    contract = ModelContract(
        name="spell",
        sensor=SENSOR,
        activity=Activity(weights=(16,) * 6),
        segmenter=SlidingSegmenter(length_ms=1000, hop_ms=100),
        input=msgspec.structs.replace(input, mean=tuple(mean.tolist()), std=tuple(std.tolist())),
        quantisation=Quantisation(INPUT_SCALE, 0, 1.0, 0),
        classes=("a", "b"),
    )
    quantised = inputs(samples, spans, contract)
    for row, (start, stop) in zip(quantised, spans, strict=True):
        exact = reference(samples[start:stop], input)
        expected = np.clip(np.round((exact - mean) / std / INPUT_SCALE), -128, 127)
        worst = int(np.abs(row - expected).argmax())
        assert abs(row[worst] - expected[worst]) <= 1, feature_names(SENSOR, input)[worst]
