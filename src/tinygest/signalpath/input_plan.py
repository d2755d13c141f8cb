"""From a contract's input to the integers of the C structs that turn a segment into int8.

Each dataclass mirrors one C struct, field by field, as in `plan`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from tinygest.core.contract import FeatureInput, ModelContract, ModelInput, Quantisation, WindowInput
from tinygest.core.errors import ContractError
from tinygest.core.sensor import SensorContract
from tinygest.signalpath.checks import check_range
from tinygest.signalpath.feature_kinds import feature_kinds
from tinygest.signalpath.sources import SourcePlan, plan_sources, triad_of

MAX_POINTS = 1024
MAX_PAIRS = 255
ABSOLUTE = 255  # TG_WINDOW_ABSOLUTE
MAX_RAW = 2.0**30 - 1
MAX_STEP = 2.0**30


@dataclass(frozen=True)
class AffinePlan:
    """tg_affine_t"""

    offset: int
    multiplier: int
    shift: int


UNMEASURED = AffinePlan(0, 0, 0)
"""Stands where only raw values are wanted: everything becomes the zero point."""


@dataclass(frozen=True)
class PairPlan:
    """tg_pair_t"""

    a: int
    b: int


@dataclass(frozen=True)
class FeaturesPlan:
    """tg_features_config_t"""

    kind: ClassVar[str] = "features"
    channels: tuple[SourcePlan, ...]
    kinds: tuple[str, ...]
    """tg_feature_<name> each"""
    pairs: tuple[PairPlan, ...]
    affine: tuple[AffinePlan, ...]
    """One per input."""
    zero_point: int

    @property
    def n_inputs(self) -> int:
        return len(self.affine)


@dataclass(frozen=True)
class WindowChannelPlan:
    """tg_window_channel_t"""

    source: SourcePlan
    triad: int
    affine: AffinePlan


@dataclass(frozen=True)
class WindowPlan:
    """tg_window_config_t"""

    kind: ClassVar[str] = "window"
    channels: tuple[WindowChannelPlan, ...]
    n_points: int
    zero_point: int

    @property
    def n_inputs(self) -> int:
        return self.n_points * len(self.channels)


InputPlan = FeaturesPlan | WindowPlan
"""`kind` names the C symbols: tg_<kind>_extract, tg_<kind>_config_t, TG_<KIND>_SCRATCH_BYTES."""


def plan_input(contract: ModelContract) -> InputPlan:
    """The input of a trained model; raises ContractError if it was never measured or makes no sense."""
    if not contract.input.mean:
        raise ContractError(f"the input of model {contract.name} has no mean and deviation; train it first")
    plan = plan_raw_input(contract.sensor, contract.input)
    zero_point = contract.quantisation.input_zero_point
    check_range("input zero point", zero_point, -128, 127)
    if isinstance(plan, FeaturesPlan):
        affine = plan_affine(contract.input, contract.quantisation, plan.n_inputs)
        return replace(plan, affine=affine, zero_point=zero_point)
    affine = plan_affine(contract.input, contract.quantisation, len(plan.channels))
    channels = map(_with_affine, plan.channels, affine)
    return replace(plan, channels=tuple(channels), zero_point=zero_point)


def plan_raw_input(sensor: SensorContract, input: ModelInput) -> InputPlan:
    """The same before training has measured anything: good for raw values; raises ContractError."""
    sensor.check()
    if isinstance(input, FeatureInput):
        return _plan_features(sensor, input)
    return _plan_window(sensor, input)


def _plan_features(sensor: SensorContract, input: FeatureInput) -> FeaturesPlan:
    channels = plan_sources(sensor, input.channels)
    n_each = sum(len(kind.outputs) for kind in feature_kinds(input.features))
    pairs = _plan_pairs(input)
    n_inputs = n_each * len(channels) + len(pairs)
    if n_inputs == 0:
        raise ContractError("the model has neither features nor pairs; name some features")
    return FeaturesPlan(channels, input.features, pairs, (UNMEASURED,) * n_inputs, 0)


def _plan_pairs(input: FeatureInput) -> tuple[PairPlan, ...]:
    check_range("number of pairs", len(input.pairs), 0, MAX_PAIRS)
    for pair in input.pairs:
        for name in pair:
            if name not in input.channels:
                raise ContractError(
                    f"pair {pair[0]}, {pair[1]}: {name!r} is not among the input channels "
                    f"{', '.join(input.channels)}"
                )
    return tuple(PairPlan(input.channels.index(a), input.channels.index(b)) for a, b in input.pairs)


def _plan_window(sensor: SensorContract, input: WindowInput) -> WindowPlan:
    check_range("window length", input.length, 1, MAX_POINTS)
    if len(input.scaling) != len(input.channels):
        raise ContractError(f"{len(input.scaling)} scalings for {len(input.channels)} input channels")
    sources = plan_sources(sensor, input.channels)
    triads = [
        ABSOLUTE if scaling == "absolute" else _rms_triad(sensor, source, name)
        for source, scaling, name in zip(sources, input.scaling, input.channels, strict=True)
    ]
    channels = map(WindowChannelPlan, sources, triads, [UNMEASURED] * len(sources))
    return WindowPlan(tuple(channels), input.length, 0)


def _rms_triad(sensor: SensorContract, source: SourcePlan, name: str) -> int:
    triad = triad_of(sensor, source)
    if triad is None:
        raise ContractError(
            f"channel {name} cannot be scaled by rms: it is not one of three neighbours x, y, z of one "
            "quantity; use absolute"
        )
    return triad


def _with_affine(channel: WindowChannelPlan, affine: AffinePlan) -> WindowChannelPlan:
    return replace(channel, affine=affine)


def plan_affine(input: ModelInput, quantisation: Quantisation, n: int) -> tuple[AffinePlan, ...]:
    """int8 = zero_point + (raw - mean) / (std * input_scale), n times; raises ContractError."""
    if len(input.mean) != n or len(input.std) != n:
        raise ContractError(f"{len(input.mean)} means and {len(input.std)} deviations for {n} inputs")
    return tuple(
        _affine(mean, std, quantisation.input_scale)
        for mean, std in zip(input.mean, input.std, strict=True)
    )


def _affine(mean: float, std: float, scale: float) -> AffinePlan:
    """The multiplier keeps 31 bits, so the product is off by less than 2^-31 of itself."""
    for what, value in (("input scale", scale), ("input deviation", std)):
        if not (math.isfinite(value) and value > 0):
            raise ContractError(f"{what} is {value}; it must be more than 0")
    if not abs(mean) < MAX_RAW:  # also refuses NaN
        raise ContractError(f"input mean {mean} is larger than any raw value can be")
    step = std * scale  # raw units to a step of int8
    if not 1 / MAX_STEP <= step <= MAX_STEP:
        raise ContractError(f"input deviation {std} with scale {scale} is out of range")
    fraction, exponent = math.frexp(1 / step)  # 0.5 <= fraction < 1, -30 <= exponent <= 31
    multiplier = round(fraction * 2**31)
    if multiplier == 2**31:
        multiplier, exponent = 2**30, exponent + 1
    return AffinePlan(_round_half_away(mean), multiplier, 31 - exponent)


def _round_half_away(value: float) -> int:
    return math.floor(abs(value) + 0.5) * (1 if value >= 0 else -1)
