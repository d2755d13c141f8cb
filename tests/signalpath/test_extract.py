"""Names, scales, quantisation and refusals of the two kinds of input."""

from __future__ import annotations

import math
from fractions import Fraction

import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tinygest.core.contract import (
    Activity,
    FeatureInput,
    ModelContract,
    ModelInput,
    Quantisation,
    SlidingSegmenter,
    WindowInput,
)
from tinygest.core.errors import ContractError, DatasetError
from tinygest.core.sensor import Channel, SensorContract, imu_contract
from tinygest.signalpath import input_plan
from tinygest.signalpath._native import ffi, lib
from tinygest.signalpath.defaults import default_features, default_window
from tinygest.signalpath.extract import feature_names, inputs, raw_inputs, raw_scale
from tinygest.signalpath.input_plan import FeaturesPlan, WindowPlan, plan_affine, plan_input, plan_raw_input
from tinygest.signalpath.plan import plan_path

from .movements import segments

SENSOR = imu_contract(100.0)
LARGEST = 2**30 - 1
RAW = st.integers(-LARGEST, LARGEST)


def contract_of(input: ModelInput, sensor: SensorContract = SENSOR, zero_point: int = -3) -> ModelContract:
    return ModelContract(
        name="punch",
        sensor=sensor,
        activity=Activity(weights=(16,) * len(sensor.channels)),
        segmenter=SlidingSegmenter(length_ms=1000, hop_ms=100),
        input=input,
        quantisation=Quantisation(10 / 255, zero_point, 0.1, 0),
        classes=("jab", "cross"),
    )


def normalised(input: ModelInput, raw: NDArray[np.int32]) -> ModelInput:
    """With the mean and deviation of these raw values."""
    columns = raw.reshape(-1, len(input.channels)) if isinstance(input, WindowInput) else raw
    mean, std = columns.mean(axis=0), np.maximum(columns.std(axis=0), 1.0)
    return msgspec.structs.replace(input, mean=tuple(mean.tolist()), std=tuple(std.tolist()))


def quantise(affine: object, zero_point: int, raw: list[int]) -> list[int]:
    """All by one affine map, with equal answers from both functions."""
    values = ffi.new("int32_t[]", raw)
    alike, spread = ffi.new("int8_t[]", len(raw)), ffi.new("int8_t[]", 3 * len(raw))
    lib.tg_quantise(ffi.new("tg_affine_t[]", [affine[0]] * len(raw)), zero_point, values, len(raw), alike)
    lib.tg_quantise_alike(affine, zero_point, values, len(raw), spread, 3)
    assert list(spread)[::3] == list(alike)
    return list(alike)


@given(RAW, RAW, st.integers(0, 2**31 - 1), st.integers(0, 62), st.integers(-128, 127))
@example(-LARGEST, LARGEST, 2**31 - 1, 0, 127)
@example(LARGEST, -LARGEST, 2**31 - 1, 0, -128)
@example(LARGEST, -LARGEST, 2**31 - 1, 62, 5)
@example(5, 0, 2**30, 31, 0)
@example(-5, 0, 2**30, 31, 0)
@example(-5, 0, 2**30, 33, 0)
@settings(deadline=None, max_examples=500)
def test_affine_quantisation_is_exact_and_saturates(
    raw: int, offset: int, multiplier: int, shift: int, zero_point: int
) -> None:
    affine = ffi.new("tg_affine_t *", [offset, multiplier, shift])
    exact = zero_point + math.floor(Fraction((raw - offset) * multiplier, 2**shift) + Fraction(1, 2))
    assert quantise(affine, zero_point, [raw]) == [max(-128, min(127, exact))]


@given(
    st.floats(-1e6, 1e6),
    st.floats(1e-3, 1e6),
    st.floats(1e-4, 10),
    st.lists(st.integers(-(10**7), 10**7), max_size=20),
)
@settings(deadline=None)
def test_plan_of_the_affine_map(mean: float, std: float, scale: float, values: list[int]) -> None:
    input = FeatureInput(("ax",), ("mean",), mean=(mean,), std=(std,))
    (plan,) = plan_affine(input, Quantisation(scale, 0, 1.0, 0), 1)
    affine = ffi.new("tg_affine_t *", [plan.offset, plan.multiplier, plan.shift])
    for raw in values:
        real = (raw - mean) / (std * scale)
        off = 0.5 + 0.5 / (std * scale) + abs(real) * 1e-9  # rounding here, and of the mean
        (told,) = quantise(affine, 0, [raw])
        assert abs(told - np.clip(real, -128, 127)) <= off + 1e-6


@pytest.mark.parametrize("rotation", [True, False])
@pytest.mark.parametrize("default", [default_features, default_window])
def test_inputs_are_the_quantised_raw_inputs(rotation: bool, default: type) -> None:
    sensor = imu_contract(100.0, rotation=rotation)
    samples = np.random.default_rng(3).normal(0, 4000, (3000, len(sensor.channels))).astype(np.int16)
    spans = np.arange(0, 2900, 29)[:, None] + np.array([0, 90])
    raw = raw_inputs(samples, spans, sensor, default(sensor))
    contract = contract_of(normalised(default(sensor), raw), sensor)
    quantised = inputs(samples, spans, contract)
    assert quantised.dtype == np.int8
    assert quantised.shape == raw.shape == (100, plan_path(contract).input.n_inputs)

    repeats = raw.shape[1] // len(contract.input.mean)
    mean, std = (np.tile(values, repeats) for values in (contract.input.mean, contract.input.std))
    z = (raw - mean) / std
    expected = np.clip(np.round(z / contract.quantisation.input_scale) - 3, -128, 127)
    assert np.abs(quantised - expected).max() <= 1
    assert (quantised == expected).mean() > 0.9


@given(segments(6))
@settings(deadline=None, max_examples=20)
def test_the_mean_becomes_the_zero_point_for_any_segment(segment: NDArray[np.int16]) -> None:
    span = np.array([[0, len(segment)]])
    raw = raw_inputs(segment, span, SENSOR, default_features(SENSOR))
    assert (inputs(segment, span, contract_of(normalised(default_features(SENSOR), raw))) == -3).all()


def test_no_spans_give_no_rows() -> None:
    samples = np.zeros((10, 6), np.int16)
    assert raw_inputs(samples, np.empty((0, 2), np.int64), SENSOR, default_window(SENSOR)).shape == (0, 384)


@pytest.mark.parametrize(
    ("span", "words"), [((5, 5), "not inside"), ((-1, 3), "not inside"), ((0, 3001), "not inside")]
)
def test_spans_outside_are_refused(span: tuple[int, int], words: str) -> None:
    with pytest.raises(DatasetError, match=words):
        raw_inputs(np.zeros((3000, 6), np.int16), np.array([[0, 5], span]), SENSOR, default_window(SENSOR))


def test_a_span_that_is_too_long_is_refused() -> None:
    samples = np.zeros((3000, 6), np.int16)
    assert len(raw_inputs(samples, np.array([[10, 2058]]), SENSOR, default_window(SENSOR))) == 1
    with pytest.raises(DatasetError, match=r"\[10, 2059\) has 2049 samples"):
        raw_inputs(samples, np.array([[10, 2059]]), SENSOR, default_window(SENSOR))


@pytest.mark.parametrize(
    ("input", "words"),
    [
        (
            FeatureInput(("ax", "bx"), ("mean",)),
            "'bx' is not known; this sensor has ax, ay, az, gx, gy, gz",
        ),
        (FeatureInput(("ax",), ("men",)), "feature 'men' is not known; choose from mean, std"),
        (FeatureInput(("ax",), ("mean", "mean")), "features repeat"),
        (FeatureInput(("ax", "ax"), ("mean",)), "channels repeat"),
        (FeatureInput((), ("mean",)), "no input channels"),
        (FeatureInput(("ax",), ()), "neither features nor pairs"),
        (FeatureInput(("ax",), ("mean",), (("ax", "ay"),)), "'ay' is not among the input channels ax"),
        (FeatureInput(("ax",), ("mean",), (("ax", "ax"),) * 256), "number of pairs is 256"),
        (WindowInput(0, ("ax",), ("absolute",)), "window length is 0"),
        (WindowInput(1025, ("ax",), ("absolute",)), "window length is 1025"),
        (WindowInput(64, ("ax", "ay"), ("absolute",)), "1 scalings for 2"),
    ],
)
def test_inputs_that_make_no_sense_are_refused(input: ModelInput, words: str) -> None:
    for use in (plan_raw_input, feature_names, raw_scale):
        with pytest.raises(ContractError, match=words):
            use(SENSOR, input)


def test_magnitudes_need_a_triad() -> None:
    flat = SensorContract(SENSOR.channels[:2], 100.0, "board")
    with pytest.raises(ContractError, match=r"'\|a\|' is not known; this sensor has ax, ay"):
        plan_raw_input(flat, FeatureInput(("|a|",), ("mean",)))
    with pytest.raises(ContractError, match="channel ax cannot be scaled by rms"):
        plan_raw_input(flat, WindowInput(64, ("ax",), ("rms",)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mean": (), "std": ()}, "train it first"),
        ({"std": ()}, "1 means and 0 deviations for 1 inputs"),
        ({"mean": (float("nan"),)}, "input mean nan"),
        ({"mean": (1e12,)}, "larger than any raw value"),
        ({"std": (0.0,)}, "input deviation is 0.0"),
        ({"std": (float("inf"),)}, "input deviation is inf"),
        ({"std": (1e-12,)}, "out of range"),
        ({"std": (1e12,)}, "out of range"),
        ({"std": (5e-324,)}, "out of range"),
        ({"std": (1e308,)}, "out of range"),
    ],
)
def test_normalisation_that_makes_no_sense_is_refused(
    change: dict[str, tuple[float, ...]], words: str
) -> None:
    good = FeatureInput(("ax",), ("mean",), mean=(5.0,), std=(2.0,))
    plan_input(contract_of(good))
    with pytest.raises(ContractError, match=words):
        plan_input(contract_of(msgspec.structs.replace(good, **change)))


def test_zero_point_must_be_int8() -> None:
    good = FeatureInput(("ax",), ("mean",), mean=(5.0,), std=(2.0,))
    with pytest.raises(ContractError, match="zero point is 128"):
        plan_input(contract_of(good, zero_point=128))


def test_plans_mirror_the_contract() -> None:
    features = plan_raw_input(SENSOR, default_features(SENSOR))
    assert isinstance(features, FeaturesPlan)
    assert [(s.first, s.is_magnitude) for s in features.channels][5:] == [(5, False), (0, True), (3, True)]
    assert [(pair.a, pair.b) for pair in features.pairs] == [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5)]
    window = plan_raw_input(SENSOR, default_window(SENSOR))
    assert isinstance(window, WindowPlan)
    assert [channel.triad for channel in window.channels] == [255] * 3 + [3] * 3
    assert input_plan.ABSOLUTE == lib.TG_WINDOW_ABSOLUTE


@pytest.mark.parametrize("default", [default_features, default_window])
def test_names_and_scales_have_one_entry_an_input(default: type) -> None:
    for rotation in (True, False):
        sensor = imu_contract(50.0, rotation=rotation)
        n_inputs = plan_raw_input(sensor, default(sensor)).n_inputs
        names = feature_names(sensor, default(sensor))
        assert len(names) == len(set(names)) == n_inputs
        assert raw_scale(sensor, default(sensor)).shape == (n_inputs,)


def test_scales_give_physical_values() -> None:
    """Two g on ax and 100 degrees/s on gx, constant: mean in g, and the norm of the triad."""
    samples = np.zeros((50, 6), np.int16)
    samples[:, 0] = 2 * 2048
    samples[:, 3] = round(100 * 16.384)
    span = np.array([[0, 50]])
    input = FeatureInput(("ax", "gx", "|g|"), ("mean", "argmax"))
    values = raw_inputs(samples, span, SENSOR, input)[0] * raw_scale(SENSOR, input)
    assert values == pytest.approx([2.0, 0.01, 100.0, 0.01, 100.0, 0.01], abs=0.03)
    window = WindowInput(4, ("ax", "gx"), ("absolute", "rms"))
    values = raw_inputs(samples, span, SENSOR, window)[0] * raw_scale(SENSOR, window)
    assert values == pytest.approx([2.0, 3**0.5] * 4, abs=1e-3)


def test_defaults_look_at_the_chosen_channels_only() -> None:
    features = default_features(SENSOR, ("gz", "gx", "gy", "ax"))
    assert features.channels == ("ax", "gx", "gy", "gz", "|g|")
    assert features.pairs == (("gx", "gy"), ("gx", "gz"), ("gy", "gz"))
    assert default_window(SENSOR, ("ay", "gx")).scaling == ("absolute", "rms")
    for default in (default_features, default_window):
        with pytest.raises(ContractError, match="'mx' is not known; this sensor has ax"):
            default(SENSOR, ("mx",))


def test_default_window_of_a_lone_gyroscope_axis_is_absolute() -> None:
    lone = SensorContract((Channel("gz", "rotation", "deg/s", 16.0),), 100.0, "board")
    assert default_window(lone).scaling == ("absolute",)
