from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.recording import Gap
from tinygest.formats.timing import TimeError, read_timing


def stamps(n: int, rate_hz: float = 100.0, start_s: float = 12.0) -> np.ndarray:
    return start_s + np.arange(n) / rate_hz


def test_a_steady_clock_has_a_rate_and_no_gaps():
    timing = read_timing(stamps(200, 104.0), ())
    assert timing.rate_hz == pytest.approx(104.0)
    assert timing.gaps == ()


def test_late_stamps_that_catch_up_are_no_gap():
    # What a smartwatch does about every five seconds, in milliseconds.
    steps = [10] * 40 + [37, 1, 0, 0, 6, 10] + [10] * 60
    time_s = np.cumsum([0, *steps]) / 1000
    assert read_timing(time_s, ()).gaps == ()


@given(st.integers(40, 300), st.integers(1, 50), st.data())
@settings(deadline=None)
def test_a_loss_is_found_and_counted(n, n_missing, data):
    at = data.draw(st.integers(1, n - 1))
    seed = data.draw(st.integers(0, 2**32 - 1))
    jitter_s = np.random.default_rng(seed).uniform(0, 0.001, n)
    time_s = stamps(n) + jitter_s
    time_s[at:] += n_missing / 100
    timing = read_timing(time_s, ())
    assert timing.gaps == (Gap(at, n_missing),)
    assert timing.rate_hz == pytest.approx(100, rel=0.01)


def test_time_may_jump_at_borders_and_nowhere_else():
    time_s = np.concatenate([stamps(50), stamps(50, start_s=0.0), stamps(50, start_s=99.0)])
    assert read_timing(time_s, (50, 100)).gaps == ()
    with pytest.raises(TimeError) as caught:
        read_timing(time_s, (100,))
    assert caught.value.row == 50


@pytest.mark.parametrize("time_s", [[1.0], [1.0, 1.0], [2.0, 2.0, 2.0]])
def test_too_little_time_tells_no_rate(time_s):
    assert read_timing(np.array(time_s), ()).rate_hz is None
