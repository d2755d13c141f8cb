"""Change of rate, by the C code that runs on the device."""

from __future__ import annotations

import math

import numpy as np

from tinygest.core.errors import ContractError
from tinygest.core.recording import Samples
from tinygest.core.sensor import MAX_CHANNELS, MAX_RATE_HZ
from tinygest.signalpath import native
from tinygest.signalpath._native import lib

REACH = lib.TG_RESAMPLER_REACH
"""Periods of the slower rate by which an output comes after its time, on the device."""

MAX_KEPT_BACK = REACH * lib.TG_RESAMPLER_MAX_RATIO**2
"""Outputs that become due at once when the largest input rate is changed to the smallest."""


class ResamplerStream:
    """tg_resampler_t fed in batches."""

    def __init__(self, n_channels: int, in_rate_hz: float, out_rate_hz: float):
        """Raises ContractError for rates that are impossible or too far apart."""
        if not 1 <= n_channels <= MAX_CHANNELS:
            raise ContractError(f"a resampler takes 1 to {MAX_CHANNELS} channels, not {n_channels}")
        self._n_channels = n_channels
        self._in_uhz = microhertz(in_rate_hz)
        self._out_uhz = microhertz(out_rate_hz)
        self._resampler = native.new_resampler(n_channels, self._in_uhz, self._out_uhz)

    def push(self, samples: Samples) -> Samples:
        """The outputs that these samples complete; both int16 (n, n_channels)."""
        samples = native.check_samples(samples, self._n_channels)
        capacity = len(samples) * self._out_uhz // self._in_uhz + 1 + MAX_KEPT_BACK
        out = np.empty((capacity, self._n_channels), np.int16)
        from_, to = native.as_c(samples, "int16_t"), native.as_c(out, "int16_t")
        return out[: lib.glue_resample(self._resampler, from_, len(samples), to, capacity)]

    def set_rate(self, in_rate_hz: float) -> None:
        """From now on samples come at this rate; raises ContractError as the constructor."""
        in_uhz = microhertz(in_rate_hz)
        native.set_input_rate(self._resampler, in_uhz, self._out_uhz)
        self._in_uhz = in_uhz

    def skip(self, n_missing: int) -> int:
        """n_missing samples were lost; returns how many outputs will never come."""
        return int(lib.tg_resampler_skip(self._resampler, n_missing))

    def reset(self) -> None:
        """The next sample is the first again."""
        lib.tg_resampler_reset(self._resampler)


def resample(samples: Samples, in_rate_hz: float, out_rate_hz: float) -> Samples:
    """An unbroken recording at another rate; row k of the result is at the time k / out_rate_hz.

    samples: int16 (n, n_channels). The device's outputs, without its delay: they run to the time of
    the last sample, after which the input is taken to stay as it was. Equal rates give the samples
    back. Raises ContractError for rates that are impossible or too far apart.
    """
    stream = ResamplerStream(samples.shape[1], in_rate_hz, out_rate_hz)
    if len(samples) == 0 or in_rate_hz == out_rate_hz:
        return samples.copy()
    n_out = (len(samples) - 1) * microhertz(out_rate_hz) // microhertz(in_rate_hz) + 1
    n_after = math.ceil(REACH * max(1.0, in_rate_hz / out_rate_hz)) + 1
    padded = np.concatenate([samples, np.repeat(samples[-1:], n_after, axis=0)])
    return stream.push(padded)[:n_out]


def microhertz(rate_hz: float) -> int:
    """The nearest integer; raises ContractError for what is no rate."""
    if not (math.isfinite(rate_hz) and 1e-6 <= rate_hz <= MAX_RATE_HZ):
        raise ContractError(f"rate {rate_hz:g} Hz is not possible: more than 0, at most {MAX_RATE_HZ:g}")
    return round(rate_hz * 1e6)
