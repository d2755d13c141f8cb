"""A board's clock against the host's."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.recording import Gap, RecordingInfo
from tinygest.core.sensor import imu_contract
from tinygest.gateway.clock import ClockFitter, DeviceClock
from tinygest.gateway.host_clock import epoch_s, unix_s
from tinygest.gateway.stream import Cause
from tinygest.gateway.timing import Told, fit_times, measured_rate_hz, row_times
from tinygest.store.journal import Rows

RATE_HZ = 100.0


def radio_arrivals(
    due_s: np.ndarray, interval_s: float, phase_s: float, rng: np.random.Generator
) -> np.ndarray:
    """A frame waits for the next connection event of its link, and now and then for a later one."""
    event = np.ceil((due_s - phase_s) / interval_s)
    event += rng.geometric(0.95, len(due_s)) - 1
    return event * interval_s + phase_s + rng.exponential(0.0005, len(due_s))


def board_frames(
    skew: float, start_s: float, n: int, phase_s: float, seed: int
) -> tuple[list[Rows], np.ndarray]:
    """(what the gateway gets of a board, the host's true time of each row)."""
    rng = np.random.default_rng(seed)
    n_frames = n // 5
    true_s = start_s + np.arange(n) / RATE_HZ * (1 + skew)
    ready_s = true_s[4::5] + rng.uniform(0.0, 0.004, n_frames)  # the main loop looks now and then
    device_ms = np.floor((ready_s - start_s) / (1 + skew) * 1000) + 5000
    arrivals = radio_arrivals(ready_s, 0.030, phase_s, rng)
    samples = np.zeros((5, 6), np.int16)
    return [Rows(samples, 0, 0, d / 1000, h) for d, h in zip(device_ms, arrivals, strict=True)], true_s


def board_answers(skew: float, start_s: float, seconds: float, phase_s: float, seed: int) -> list[Told]:
    """What the gateway learns of the clock by asking; a question waits for an event as a frame does."""
    rng = np.random.default_rng(seed)
    asked_s = start_s + np.cumsum(rng.uniform(0.9, 1.0, int(seconds)))
    read_s = radio_arrivals(asked_s, 0.030, phase_s, rng)
    told_ms = np.floor((read_s - start_s) / (1 + skew) * 1000) + 5000
    return [Told(t / 1000, a) for t, a in zip(told_ms, asked_s, strict=True)]


def misfits(seconds: int, seed: int, *, with_answers: bool) -> list[np.ndarray]:
    """Of two boards: times of rows by the fit less the true ones."""
    rng = np.random.default_rng(seed)
    n = int(seconds * RATE_HZ)
    found = []
    for skew in (50e-6, -50e-6):
        start, phase = 1000 + rng.uniform(0, 0.05), rng.uniform(0, 0.03)
        own_seed = seed + 100 * (skew > 0)
        rows, true_s = board_frames(skew, start, n, phase, own_seed)
        told = board_answers(skew, start, seconds, phase, own_seed) if with_answers else []
        fit = fit_times(rows, RATE_HZ, 0.0, 0.0, told)
        assert ("within_s" in fit) == with_answers
        device_s = fit["first_row_s"] + np.arange(n) / fit["device_rate_hz"]
        found.append((fit["offset_s"] + fit["rate"] * device_s - true_s)[:: n // 50])
    return found


@pytest.mark.parametrize(("seconds", "limit_s"), [(20, 0.006), (60, 0.004), (600, 0.004)])
def test_two_boards_are_aligned_within_ten_milliseconds(seconds: int, limit_s: float) -> None:
    """Connection intervals of 30 ms at any phase, clocks 50 ppm off in opposite directions."""
    for asks in (False, True):
        found = np.array([misfits(seconds, seed, with_answers=asks) for seed in range(40)])
        truth_s = np.quantile(np.abs(found), 0.95)
        others_s = np.quantile(np.abs(found[:, 0] - found[:, 1]), 0.95)
        print(f"{seconds} s, {'asked' if asks else 'arrivals alone'}: 95 % of rows within", end=" ")
        print(f"{1000 * truth_s:.1f} ms of the truth, {1000 * others_s:.1f} ms of the other board's")
        assert others_s < 0.010
    assert truth_s < limit_s


def test_an_answer_of_another_time_is_passed_over() -> None:
    """Of before a reset of the board, say."""
    rows, _ = board_frames(0.0, 1000.0, 2000, 0.0, 1)
    strange = [Told(5.0, 900.0), Told(2.0, 1100.0)]
    assert fit_times(rows, RATE_HZ, 0.0, 0.0, strange) == fit_times(rows, RATE_HZ, 0.0)


@pytest.mark.parametrize(("before_s", "late_s"), [(40, 0.0), (10, -600.0)])
def test_the_computer_slept_within_a_recording(before_s: int, late_s: float) -> None:
    """Its clock stood still for ten minutes, the board's did not: what the longer part shows counts."""
    slept_s, n = 600.0, 5000
    rows, _ = board_frames(0.0, 1000.0, n, 0.0, 1)
    told = board_answers(0.0, 1000.0, n / RATE_HZ, 0.0, 1)
    wakes_s = 1000.0 + before_s
    rows = [r if r.host_s < wakes_s else replace(r, device_s=r.device_s + slept_s) for r in rows]
    told = [t if t.asked_s < wakes_s else replace(t, device_s=t.device_s + slept_s) for t in told]
    at = next(i for i, r in enumerate(rows) if r.host_s >= wakes_s)
    rows[at] = replace(rows[at], missing=int(slept_s * RATE_HZ), cause=Cause.LINK_DOWN)
    for answers in ([], told):
        fit = fit_times(rows, RATE_HZ, 0.0, 0.0, answers)
        first_s = fit["offset_s"] + fit["rate"] * fit["first_row_s"]
        assert first_s == pytest.approx(1000.0 + late_s, abs=0.2)  # at most 200 ppm of the sleep
        assert fit.get("within_s", 0.0) < 0.02
        assert fit["device_rate_hz"] == pytest.approx(RATE_HZ, rel=0.001)


def test_the_delay_of_the_boards_resampler_is_taken_off() -> None:
    rows, _ = board_frames(0.0, 1000.0, 2000, 0.0, 1)
    plain, measured = fit_times(rows, RATE_HZ, 0.0), fit_times(rows, RATE_HZ, 0.0, 0.08)
    assert measured["first_row_s"] == pytest.approx(plain["first_row_s"] - 0.08)
    assert measured["device_rate_hz"] == plain["device_rate_hz"]


@settings(max_examples=50, deadline=None)
@given(st.floats(-1e-4, 1e-4), st.floats(0, 1e6), st.lists(st.floats(0, 0.2), min_size=2, max_size=60))
def test_the_line_lies_below_all_points_and_is_found_where_delays_vanish(
    skew: float, offset: float, delays: list[float]
) -> None:
    fitter = ClockFitter()
    device = np.arange(len(delays) + 2) * 10.0
    host = offset + (1 + skew) * device + np.array([0.0, *delays, 0.0])
    for d, h in zip(device, host, strict=True):
        fitter.add(float(d), float(h))
    fit = fitter.fit()
    assert all(fit.host_s(d) <= h + 1e-6 for d, h in zip(device, host, strict=True))
    assert fit.rate == pytest.approx(1 + skew, abs=1e-9 * max(1.0, offset))


def test_a_short_recording_does_not_make_a_wild_rate() -> None:
    fitter = ClockFitter()
    for device, host in [(0.0, 0.03), (0.05, 0.05), (0.1, 0.13)]:
        fitter.add(device, host)
    assert abs(fitter.fit().rate - 1) <= 200e-6
    assert ClockFitter().fit() is None


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 1 << 31),
    st.lists(st.floats(0.01, 600), min_size=1, max_size=30),
    st.floats(-1e-4, 1e-4),
)
def test_sixteen_bits_become_the_whole_time(uptime_ms: int, steps: list[float], skew: float) -> None:
    """Also over breaks of ten minutes, in which the 16 bits go round nine times."""
    clock = DeviceClock()
    clock.begin_link(uptime_ms, 0.0)
    at = 0.0
    for step in steps:
        at += step
        true_ms = uptime_ms + round(at * 1000)
        if step > 30:
            clock.begin_link(true_ms, at * (1 + skew))
        assert clock.seconds(true_ms & 0xFFFF, at * (1 + skew)) == true_ms / 1000


def test_a_restarted_board_is_known_by_its_uptime() -> None:
    clock = DeviceClock()
    assert not clock.begin_link(100_000, 0.0)
    clock.seconds(100_010 & 0xFFFF, 0.01)
    assert not clock.begin_link(129_500, 30.0)  # health is up to a second old
    assert clock.begin_link(2_000, 60.0)
    assert clock.seconds(2_050, 60.05) == 2.05


def test_a_computer_that_slept_takes_the_boards_word_for_how_long() -> None:
    """Its own monotonic clock may stand still meanwhile."""
    clock = DeviceClock()
    clock.begin_link(100_000, 0.0)
    clock.seconds(100_010 & 0xFFFF, 0.01)
    assert not clock.begin_link(700_000, 5.0)
    assert clock.seconds(700_020 & 0xFFFF, 5.02) == 700.02


def test_unix_time_holds_after_a_sleep_and_does_not_follow_every_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now_s = time.time()
    host_s = time.monotonic()
    before_s = epoch_s()
    slept_s = 0.4
    monkeypatch.setattr("tinygest.gateway.host_clock.time.time", lambda: now_s + slept_s)
    monkeypatch.setattr("tinygest.gateway.host_clock.time.monotonic", lambda: host_s)
    assert epoch_s() == before_s
    slept_s = 3600.0
    assert unix_s(host_s) == pytest.approx(now_s + 3600, abs=0.01)


@pytest.mark.parametrize("true_hz", [80.0, 119.0])
def test_a_board_whose_rate_is_not_what_it_says_is_measured(true_hz: float) -> None:
    """As boards of SensiML's firmware, which tell no clock."""
    ends_s = np.arange(1, 401) * 5 / true_hz
    rows = [Rows(np.zeros((5, 6), np.int16), 0, 0, float("nan"), end) for end in ends_s]
    assert measured_rate_hz(fit_times(rows, RATE_HZ, 0.0)) == pytest.approx(true_hz, rel=0.001)


def test_times_of_rows_jump_over_gaps() -> None:
    fit = {"offset_s": 100.0, "rate": 1.0, "first_row_s": 1.0, "device_rate_hz": 10.0}
    info = RecordingInfo(imu_contract(10), 6, (Gap(2, 5), Gap(4)), clock_fit=fit)
    np.testing.assert_allclose(row_times(info), [101.0, 101.1, 101.7, 101.8, 101.9, 102.0])
