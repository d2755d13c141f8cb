"""Every feature against numpy and scipy in double precision, for any segment of int16 on its points."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tinygest.core.contract import FeatureInput, ModelInput
from tinygest.core.sensor import Channel, SensorContract, imu_contract
from tinygest.signalpath._native import lib
from tinygest.signalpath.extract import feature_names, raw_inputs
from tinygest.signalpath.feature_kinds import CORRELATION_BITS, KINDS

from . import references
from .movements import channels, make, segments

INT8_STEP = 10 / 255
"""Of a z-score: training clips at 5 deviations."""

# Raw units by which a feature may be off, and how much it differs between gestures (a small deviation,
# in counts, octaves, bins or shares). Rounding alone is half a raw unit.
TOLERANCES = {
    "mean": (0.5, 20.0),
    "std": (1.0, 20.0),
    "rms": (1.0, 20.0),
    "min": (0.0, 20.0),
    "max": (0.0, 20.0),
    "range": (0.0, 20.0),
    "log_jerk": (2.0, 0.25),
    "argmax": (0.0, 0.02),
    "argmin": (0.0, 0.02),
    "crossings": (0.501, 0.02),
    "bins8": (0.0, 20.0),
    "log_std4": (2.0, 0.25),
    "p25": (0.0, 20.0),
    "median": (0.0, 20.0),
    "p75": (0.0, 20.0),
    "spectrum": (3.0, 0.25),
    "centroid": (10.0, 0.4),
}
CORRELATION_TOLERANCE = 3.0

many = settings(deadline=None, max_examples=150)


def sensor_of(n: int) -> SensorContract:
    return SensorContract(
        tuple(Channel(f"c{i}", "rotation", "deg/s", 1.0) for i in range(n)), 100.0, "board"
    )


def raw_of(segment: NDArray[np.int16], sensor: SensorContract, input: ModelInput) -> NDArray[np.int32]:
    """Raw inputs of one segment, (n_inputs,)."""
    (raw,) = raw_inputs(segment, np.array([[0, len(segment)]]), sensor, input)
    return raw


@pytest.mark.parametrize("name", KINDS)
@many
@given(x=channels())
@example(x=make("rails", 2048, 1, 3))
@example(x=make("constant", 2048, 32768, 3))
def test_feature(name: str, x: NDArray[np.int16]) -> None:
    kind = KINDS[name]
    tolerance, deviation = TOLERANCES[name]
    raw = raw_of(x[:, None], sensor_of(1), FeatureInput(("c0",), (name,)))
    expected = np.atleast_1d(references.FEATURES[name](references.points(x))) * 2.0**kind.fraction_bits
    off = np.abs(raw - expected).max()
    assert len(raw) == len(expected)
    assert off <= tolerance
    assert off < INT8_STEP * deviation * 2**kind.fraction_bits


@many
@given(segment=segments(2))
def test_correlation(segment: NDArray[np.int16]) -> None:
    raw = raw_of(segment, sensor_of(2), FeatureInput(("c0", "c1"), (), (("c0", "c1"),)))
    a, b = (references.points(x) for x in segment.T)
    assert abs(raw[0] - 2**15 * references.correlation(a, b)) <= CORRELATION_TOLERANCE


@given(segment=segments(1), gain=st.integers(1, 3), offset=st.integers(-1000, 1000))
@settings(deadline=None, max_examples=50)
def test_correlation_of_a_line_is_one(segment: NDArray[np.int16], gain: int, offset: int) -> None:
    a = references.points(segment[:, 0]).astype(np.int32)[:, None] // 4
    both = np.concatenate([a, offset - gain * a], axis=1).astype(np.int16)
    raw = raw_of(both, sensor_of(2), FeatureInput(("c0", "c1"), (), (("c0", "c1"), ("c0", "c0"))))
    expected = 0 if np.ptp(a) == 0 else 2**15
    assert np.abs(raw - [-expected, expected]).max() <= CORRELATION_TOLERANCE
    assert np.abs(raw).max() <= 2**15


@given(segment=segments(6))
@settings(deadline=None, max_examples=50)
def test_features_look_at_the_points_alone(segment: NDArray[np.int16]) -> None:
    """Whatever the length: the points themselves, taken for a segment, have the same features."""
    sensor = imu_contract(100.0)
    whole = FeatureInput((*sensor.channel_names, "|a|"), tuple(KINDS), (("ax", "gz"), ("|a|", "gx")))
    averaged = np.stack([references.points(x) for x in segment.T], axis=1)
    assert raw_of(segment, sensor, whole).tolist() == raw_of(averaged, sensor, whole).tolist()


def test_tables_in_python_and_c_agree() -> None:
    assert lib.TG_FEATURE_POINTS == references.POINTS
    assert sum(len(kind.outputs) for kind in KINDS.values()) <= lib.TG_MAX_CHANNEL_OUTPUTS
    assert set(KINDS) == set(references.FEATURES) == set(TOLERANCES)
    for name, kind in KINDS.items():
        assert (
            getattr(lib, f"tg_feature_{name}").n_outputs == len(kind.outputs) <= lib.TG_MAX_FEATURE_OUTPUTS
        )


def test_every_feature_is_documented_with_its_format() -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "features.md").read_text(encoding="utf-8")
    for name, kind in KINDS.items():
        assert f"\n| `{name}` | {len(kind.outputs)} | Q{kind.fraction_bits} " in text
        assert f"`{name}`" in text[text.index("### References") :]
    assert f"\n| `correlation` | 1 | Q{CORRELATION_BITS} |" in text


@given(segment=segments(6))
@settings(deadline=None, max_examples=30)
def test_order_is_channel_by_channel_then_pairs(segment: NDArray[np.int16]) -> None:
    sensor = imu_contract(100.0)
    kinds = ("std", "bins8", "centroid", "p25", "spectrum")
    pairs = (("gz", "ax"), ("|a|", "gz"), ("gz", "gz"))
    whole = FeatureInput(("gz", "|a|", "ax"), kinds, pairs)
    named = dict(zip(feature_names(sensor, whole), raw_of(segment, sensor, whole), strict=True))
    assert list(named)[:4] == ["gz.std", "gz.bins8[0]", "gz.bins8[1]", "gz.bins8[2]"]
    assert list(named)[-3:] == ["gz~ax.correlation", "|a|~gz.correlation", "gz~gz.correlation"]
    for channel in whole.channels:
        for kind in kinds:
            alone = FeatureInput((channel,), (kind,))
            values = raw_of(segment, sensor, alone)
            assert [named[name] for name in feature_names(sensor, alone)] == values.tolist()


@given(segment=segments(6))
@settings(deadline=None, max_examples=50)
def test_magnitudes_are_norms_of_points(segment: NDArray[np.int16]) -> None:
    kinds = tuple(KINDS)
    derived = raw_of(segment, imu_contract(100.0), FeatureInput(("|a|", "|g|"), kinds, (("|a|", "|g|"),)))
    axes = [references.points(x) for x in segment.T]
    norms = np.stack([references.magnitude(*axes[:3]), references.magnitude(*axes[3:])], axis=1)
    direct = raw_of(norms, sensor_of(2), FeatureInput(("c0", "c1"), kinds, (("c0", "c1"),)))
    assert derived.tolist() == direct.tolist()


def test_spans_are_cut_out_of_the_recording() -> None:
    samples = np.random.default_rng(1).integers(-32768, 32767, (500, 3)).astype(np.int16)
    sensor = imu_contract(100.0, rotation=False)
    input = FeatureInput(("ay", "|a|"), tuple(KINDS))
    spans = np.array([[0, 500], [17, 18], [100, 164], [437, 500]])
    raw = raw_inputs(samples, spans, sensor, input)
    for row, (start, stop) in zip(raw, spans, strict=True):
        assert row.tolist() == raw_of(samples[start:stop], sensor, input).tolist()
