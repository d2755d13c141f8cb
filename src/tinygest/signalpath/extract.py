"""Segments to the network's input, by the C code that runs on the device."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import FeatureInput, ModelContract, ModelInput, WindowInput
from tinygest.core.errors import DatasetError
from tinygest.core.recording import Samples
from tinygest.core.sensor import SensorContract
from tinygest.signalpath import native
from tinygest.signalpath._native import ffi, lib
from tinygest.signalpath.feature_kinds import CORRELATION_BITS, feature_kinds
from tinygest.signalpath.input_plan import plan_input, plan_raw_input
from tinygest.signalpath.plan import MAX_SEGMENT
from tinygest.signalpath.sources import measured_by, plan_sources

ABSOLUTE_BITS = 4  # Q format of a window's absolute channels
RMS_BITS = 12  # and of those divided by their RMS


def raw_inputs(
    samples: Samples, spans: NDArray[np.int64], sensor: SensorContract, input: ModelInput
) -> NDArray[np.int32]:
    """The input before normalisation, in the integer library's raw units: (k, n_inputs).

    samples: int16 (n, n_channels). spans: (k, 2) rows [start, stop), at most MAX_SEGMENT long. A window
    is flattened, channels last. Raises ContractError for names that do not exist, DatasetError for
    spans that cannot be extracted.
    """
    plan = plan_raw_input(sensor, input)
    cuts = native.new_cuts(
        native.check_samples(samples, len(sensor.channels)), check_spans(spans, len(samples))
    )
    raw = np.empty((cuts.n_spans, plan.n_inputs), np.int32)
    lib.glue_extract(native.new_extractor(plan), cuts, native.as_c(raw, "int32_t"), ffi.NULL)
    return raw


def inputs(samples: Samples, spans: NDArray[np.int64], contract: ModelContract) -> NDArray[np.int8]:
    """What the network sees: int8 (k, n_inputs); arguments and errors as for raw_inputs."""
    plan = plan_input(contract)
    samples = native.check_samples(samples, len(contract.sensor.channels))
    cuts = native.new_cuts(samples, check_spans(spans, len(samples)))
    values = np.empty((cuts.n_spans, plan.n_inputs), np.int8)
    lib.glue_extract(native.new_extractor(plan), cuts, ffi.NULL, native.as_c(values, "int8_t"))
    return values


def check_spans(spans: NDArray[Any], n_samples: int) -> NDArray[np.int64]:
    """Return (k, 2) rows in one piece of memory; raises DatasetError if one cannot be extracted."""
    checked = np.ascontiguousarray(spans, np.int64).reshape(-1, 2)
    start, stop = checked.T
    for i in np.flatnonzero((start < 0) | (start >= stop) | (stop > n_samples))[:1]:
        raise DatasetError(f"segment [{start[i]}, {stop[i]}) is not inside the {n_samples} samples")
    for i in np.flatnonzero(stop - start > MAX_SEGMENT)[:1]:
        raise DatasetError(
            f"segment [{start[i]}, {stop[i]}) has {stop[i] - start[i]} samples; the signal path takes "
            f"at most {MAX_SEGMENT}, so leave it out or lower the rate"
        )
    return checked


def feature_names(sensor: SensorContract, input: ModelInput) -> list[str]:
    """Name of each input, (n_inputs,) in order; raises ContractError."""
    plan_raw_input(sensor, input)
    if isinstance(input, WindowInput):
        return [f"{channel}[{i}]" for i in range(input.length) for channel in input.channels]
    outputs = [kind.name + output for kind in feature_kinds(input.features) for output in kind.outputs]
    names = [f"{channel}.{output}" for channel in input.channels for output in outputs]
    return names + [f"{a}~{b}.correlation" for a, b in input.pairs]


def raw_scale(sensor: SensorContract, input: ModelInput) -> NDArray[np.float64]:
    """(n_inputs,): a raw value times this is in the channel's unit, or in shares, bins or octaves."""
    plan_raw_input(sensor, input)
    if isinstance(input, WindowInput):
        return np.tile(_window_scale(sensor, input), input.length)
    return _feature_scale(sensor, input)


def _window_scale(sensor: SensorContract, input: WindowInput) -> list[float]:
    return [
        per_count / 2**ABSOLUTE_BITS if scaling == "absolute" else 2.0**-RMS_BITS
        for per_count, scaling in zip(_units_per_count(sensor, input), input.scaling, strict=True)
    ]


def _feature_scale(sensor: SensorContract, input: FeatureInput) -> NDArray[np.float64]:
    scale = [
        (per_count if kind.is_amplitude else 1.0) / 2**kind.fraction_bits
        for per_count in _units_per_count(sensor, input)
        for kind in feature_kinds(input.features)
        for _ in kind.outputs
    ]
    return np.array(scale + [2.0**-CORRELATION_BITS] * len(input.pairs))


def _units_per_count(sensor: SensorContract, input: ModelInput) -> list[float]:
    sources = plan_sources(sensor, input.channels)
    return [1 / measured_by(sensor, source).counts_per_unit for source in sources]
