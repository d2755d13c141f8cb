from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import UsageError
from tinygest.workflow.signal_view import Pyramid


@given(st.integers(1, 300), st.data())
@settings(deadline=None, max_examples=80)
def test_bins_hold_the_extremes_of_their_samples(n_samples, data):
    rng = np.random.default_rng(n_samples)
    rows = rng.integers(-32768, 32768, (2, n_samples)).astype(np.int16)
    start = data.draw(st.integers(0, n_samples - 1))
    stop = data.draw(st.integers(start + 1, n_samples))
    n_bins = data.draw(st.integers(1, 50))
    view = Pyramid(rows).view(start, stop, n_bins)
    n = view.low.shape[1]
    assert view.start <= start
    assert view.start + n * view.step >= stop
    assert min(n_bins, stop - start) <= n <= 2 * n_bins + 2
    for i in range(n):
        part = rows[:, view.start + i * view.step : view.start + (i + 1) * view.step]
        np.testing.assert_array_equal(view.low[:, i], part.min(axis=1))
        np.testing.assert_array_equal(view.high[:, i], part.max(axis=1))


@pytest.mark.parametrize("span", [(-1, 5), (5, 5), (0, 11)])
def test_ranges_outside(span):
    with pytest.raises(UsageError):
        Pyramid(np.zeros((1, 10), np.int16)).view(*span, 4)


def test_no_samples_cannot_be_viewed():
    with pytest.raises(UsageError):
        Pyramid(np.zeros((1, 0), np.int16)).view(0, 0, 4)
