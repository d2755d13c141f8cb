"""The resampler: accuracy in the pass band, rejection of aliases, and exact bookkeeping of time."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import signal

from tinygest.core.errors import ContractError
from tinygest.signalpath._native import ffi, lib
from tinygest.signalpath.resample import MAX_KEPT_BACK, REACH, ResamplerStream, resample

PAIRS = [(238.0, 100.0), (200.0, 100.0), (97.3, 100.0), (119.0, 100.0), (25.0, 100.0), (400.0, 100.0)]
PASS_BAND = 0.4  # of the slower rate's Nyquist frequency
AMPLITUDE = 20000

rates = st.floats(26.0, 399.0)
moderate = settings(deadline=None, max_examples=50)


def tone(n: int, rate_hz: float, frequency_hz: float, phase: float = 0.3) -> NDArray[np.float64]:
    return AMPLITUDE * np.sin(2 * np.pi * frequency_hz * np.arange(n) / rate_hz + phase)


def to_samples(x: NDArray[np.float64]) -> NDArray[np.int16]:
    return np.round(x)[:, None].astype(np.int16)


def middle(x: NDArray[np.int16]) -> NDArray[np.float64]:
    """Without the ends, where the input before and after is made up."""
    edge = min(len(x) // 4, 60)
    return x[edge:-edge, 0].astype(float)


@pytest.mark.parametrize(("in_hz", "out_hz"), PAIRS)
@pytest.mark.parametrize("share", [0.05, 0.2, 0.4])
def test_tones_in_the_pass_band_come_out_in_time_and_size(
    in_hz: float, out_hz: float, share: float
) -> None:
    """Within 16 counts of 20000, -62 dB, of the tone itself at the output's own times."""
    frequency = share * min(in_hz, out_hz) / 2
    out = resample(to_samples(tone(2000, in_hz, frequency)), in_hz, out_hz)
    expected = tone(len(out), out_hz, frequency)
    assert len(out) == int((2000 - 1) * out_hz / in_hz) + 1
    assert np.abs(middle(out) - middle(expected[:, None])).max() <= 16


def test_agrees_with_scipy_on_band_limited_noise() -> None:
    """200 to 100 Hz against scipy's polyphase filter; its own pass band is no flatter."""
    random = np.random.default_rng(4)
    low_pass = signal.firwin(401, 18, fs=200)
    x = np.convolve(random.normal(0, 20000, 4000), low_pass, "same")
    out = resample(to_samples(x), 200.0, 100.0)
    expected = signal.resample_poly(x, 1, 2, window=signal.firwin(801, 40, fs=200))
    assert np.abs(middle(out) - middle(expected[:, None])).max() < 16


@pytest.mark.parametrize(("in_hz", "out_hz"), [pair for pair in PAIRS if pair[0] > pair[1]])
def test_what_would_alias_is_rejected(in_hz: float, out_hz: float) -> None:
    """Tones from the output's Nyquist frequency up to the input's: at least 60 dB down."""
    rejections = []
    for frequency in np.linspace(out_hz / 2, in_hz / 2, 25):
        out = middle(resample(to_samples(tone(3000, in_hz, frequency)), in_hz, out_hz))
        rejections.append(20 * math.log10(AMPLITUDE / max(np.abs(out).max(), 1)))
    print(f"{in_hz:g} to {out_hz:g} Hz: {min(rejections):.1f} dB")
    assert min(rejections) >= 60


@moderate
@given(rates, st.integers(-32768, 32767))
def test_a_constant_stays_exact(in_hz: float, value: int) -> None:
    out = resample(np.full((300, 2), value, np.int16), in_hz, 100.0)
    assert (out == value).all()


def test_overshoot_saturates() -> None:
    """Full-scale steps would ring beyond int16; no value wraps around."""
    steps = np.repeat(np.random.default_rng(2).choice([-32768, 32767], 80), 10)
    out = resample(steps[:, None].astype(np.int16), 150.0, 100.0)[:, 0].astype(int)
    inside = np.repeat(steps, 10)[np.arange(len(out)) * 15]
    far = np.abs(out - inside) > 60000  # a wrapped value has the other sign, next to no edge
    edges = np.abs(np.diff(np.repeat(steps, 10))) > 0
    near_edge = np.convolve(edges, np.ones(61), "same")[np.arange(len(out)) * 15] > 0
    assert (out == 32767).any()
    assert (out == -32768).any()
    assert not (far & ~near_edge).any()


def test_channels_do_not_mix() -> None:
    random = np.random.default_rng(6)
    samples = random.integers(-32768, 32768, (500, 8)).astype(np.int16)
    together = resample(samples, 238.0, 100.0)
    for channel in range(8):
        alone = resample(np.ascontiguousarray(samples[:, channel : channel + 1]), 238.0, 100.0)
        assert together[:, channel].tolist() == alone[:, 0].tolist()


@moderate
@given(
    rates,
    st.lists(st.integers(0, 120), max_size=12),
    st.integers(0, 2**32 - 1),
)
def test_any_batching_gives_the_same(in_hz: float, sizes: list[int], seed: int) -> None:
    samples = np.random.default_rng(seed).integers(-32768, 32768, (sum(sizes), 3)).astype(np.int16)
    whole = ResamplerStream(3, in_hz, 100.0).push(samples)
    stream = ResamplerStream(3, in_hz, 100.0)
    pieces = [stream.push(piece) for piece in np.split(samples, np.cumsum(sizes)[:-1])] if sizes else []
    assert np.concatenate([np.empty((0, 3), np.int16), *pieces]).tolist() == whole.tolist()


@moderate
@given(rates, st.integers(1, 3000))
def test_outputs_come_as_soon_as_the_delay_has_passed(in_hz: float, n: int) -> None:
    """Output k is there once the newest sample is REACH periods of the slower rate after its time."""
    stream = ResamplerStream(1, in_hz, 100.0)
    n_out = len(stream.push(np.zeros((n, 1), np.int16)))
    in_uhz, out_uhz = round(in_hz * 1e6), 100_000_000
    newest = Fraction(n - 1, in_uhz) - Fraction(REACH, min(in_uhz, out_uhz))
    assert n_out == max(0, math.floor(newest * out_uhz) + 1)


def test_time_does_not_drift_in_a_week() -> None:
    """The bookkeeping of 238.000001 Hz for a week: n_missing moves time without work."""
    stream = ResamplerStream(1, 238.000001, 100.0)
    stream.push(np.zeros((1000, 1), np.int16))
    n_week = 7 * 24 * 3600 * 238
    before = math.floor((Fraction(999) - 8 * Fraction(238000001, 100000000)) * 100000000 / 238000001) + 1
    lost = stream.skip(n_week)
    first = math.ceil(Fraction(1000 + n_week) * 100000000 / 238000001)
    assert before + lost == first


@moderate
@given(rates, st.integers(0, 200), st.integers(0, 2000), st.integers(30, 200), st.integers(0, 2**32 - 1))
def test_outputs_keep_their_place_in_time_over_a_gap(
    in_hz: float, n_before: int, n_missing: int, n_after: int, seed: int
) -> None:
    samples = np.random.default_rng(seed).integers(-9999, 9999, (n_after, 2)).astype(np.int16)
    stream = ResamplerStream(2, in_hz, 100.0)
    n_out = len(stream.push(np.full((n_before, 2), 12345, np.int16)))
    index = n_out + stream.skip(n_missing)  # of the first output after the gap

    in_uhz = round(in_hz * 1e6)
    position = Fraction(index * in_uhz, 100_000_000)  # in input samples
    gap_end = n_before + n_missing
    assert gap_end <= position < gap_end + Fraction(in_uhz, 100_000_000)

    # As if the first sample after the gap had always been there: nothing from before has influence.
    always = np.concatenate([np.repeat(samples[:1], gap_end, axis=0), samples])
    expected = ResamplerStream(2, in_hz, 100.0).push(always)[index:]
    assert stream.push(samples).tolist() == expected.tolist()


def test_skip_of_unknown_length_restarts_at_once() -> None:
    stream = ResamplerStream(1, 200.0, 100.0)
    assert len(stream.push(np.full((50, 1), 1000, np.int16))) == 17  # outputs 0..16 of 25 due
    assert stream.skip(0) == 8
    assert (stream.push(np.full((50, 1), -1000, np.int16)) == -1000).all()


def test_reset_is_a_new_start() -> None:
    samples = np.random.default_rng(1).integers(-9999, 9999, (100, 1)).astype(np.int16)
    stream = ResamplerStream(1, 119.0, 100.0)
    first = stream.push(samples)
    stream.skip(5)
    stream.reset()
    assert stream.push(samples).tolist() == first.tolist()


@moderate
@given(st.lists(st.tuples(rates, st.integers(0, 150)), min_size=1, max_size=6))
def test_rate_may_change_at_any_time(pieces: list[tuple[float, int]]) -> None:
    """A constant stays itself, and as many outputs come as time has passed."""
    stream = ResamplerStream(1, pieces[0][0], 100.0)
    n_out, position, newest = 0, Fraction(0), -1  # position of the next output, in input samples
    for rate, n in pieces:
        stream.set_rate(rate)
        in_uhz = round(rate * 1e6)
        newest += n
        out = stream.push(np.full((n, 1), -7777, np.int16))
        n_out += len(out)
        assert (out == -7777).all()
        reach = Fraction(REACH * max(in_uhz, 100_000_000), 100_000_000)
        position += len(out) * Fraction(in_uhz, 100_000_000)
        assert position > newest - reach


def test_slowest_after_fastest_input_releases_all_that_was_kept_back() -> None:
    stream = ResamplerStream(1, 400.0, 100.0)
    stream.push(np.full((131, 1), 5, np.int16))
    stream.set_rate(25.0)
    released = stream.push(np.empty((0, 1), np.int16))
    assert 80 < len(released) <= MAX_KEPT_BACK
    assert (released == 5).all()


def test_a_sample_is_refused_while_an_output_waits() -> None:
    resampler = ffi.new("tg_resampler_t *")
    assert lib.tg_resampler_init(resampler, 1, 100_000_000, 100_000_000) == 0
    sample, out = ffi.new("int16_t[]", [7]), ffi.new("int16_t[]", 1)
    pushed = [lib.tg_resampler_push(resampler, sample) for _ in range(REACH + 2)]
    assert pushed == [True] * (REACH + 1) + [False]
    assert lib.tg_resampler_pull(resampler, out)
    assert not lib.tg_resampler_pull(resampler, out)
    assert lib.tg_resampler_push(resampler, sample)


def test_equal_rates_give_the_samples_back() -> None:
    samples = np.random.default_rng(1).integers(-9999, 9999, (100, 3)).astype(np.int16)
    assert resample(samples, 100.0, 100.0).tolist() == samples.tolist()
    assert len(resample(samples[:0], 50.0, 100.0)) == 0


@pytest.mark.parametrize(
    ("in_hz", "words"),
    [
        (401.0, "cannot resample from 401 Hz to 100 Hz: one rate is more than 4 times the other"),
        (24.9, "more than 4 times"),
        (0.0, "rate 0 Hz is not possible"),
        (-5.0, "rate -5 Hz"),
        (math.nan, "rate nan Hz"),
        (math.inf, "rate inf Hz"),
        (1e6, "more than 0, at most 2000"),
    ],
)
def test_rates_that_make_no_sense_are_refused(in_hz: float, words: str) -> None:
    with pytest.raises(ContractError, match=words):
        resample(np.zeros((10, 1), np.int16), in_hz, 100.0)
    stream = ResamplerStream(1, 50.0, 100.0)
    with pytest.raises(ContractError, match=words):
        stream.set_rate(in_hz)
    assert (stream.push(np.full((99, 1), 3, np.int16)) == 3).all()


def test_number_of_channels_is_limited() -> None:
    with pytest.raises(ContractError, match="1 to 8 channels, not 9"):
        ResamplerStream(9, 200.0, 100.0)
