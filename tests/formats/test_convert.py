from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import ContractError
from tinygest.core.sensor import imu_contract
from tinygest.formats.convert import CHANNELS, conversions, make_contract, to_counts


def contract(**changes):
    options = {
        "gravity": True,
        "frame": "board",
        "counts_per_g": 2048.0,
        "counts_per_dps": 16.384,
        **changes,
    }
    return make_contract(CHANNELS, 100, **options)


def test_the_default_is_the_canonical_contract():
    assert contract() == imu_contract(100)
    assert contract(gravity=False).channels[0].quantity == "linear_acceleration"


@pytest.mark.parametrize(
    ("accel_unit", "gyro_unit", "one_g", "one_dps"),
    [("g", "deg/s", 1.0, 1.0), ("mg", "mdps", 1000.0, 1000.0), ("m/s^2", "rad/s", 9.80665, np.pi / 180)],
)
def test_units(accel_unit, gyro_unit, one_g, one_dps):
    values = np.array([[one_g, -one_g, 0.5 * one_g, 1000 * one_dps, -1000 * one_dps, 0]])
    counts, n_clipped = to_counts(values, [accel_unit] * 3 + [gyro_unit] * 3, contract())
    assert counts.tolist() == [[2048, -2048, 1024, 16384, -16384, 0]]
    assert counts.dtype == np.int16
    assert n_clipped == {}


def test_saturation_is_counted_per_channel():
    values = np.zeros((3, 6))
    values[:, 0] = [15.99, 16.0, 1e308]
    values[:, 5] = [-2000.0, -2001.0, 1e308]
    counts, n_clipped = to_counts(values, ["g"] * 3 + ["deg/s"] * 3, contract())
    assert counts[:, 0].tolist() == [32748, 32767, 32767]
    assert counts[:, 5].tolist() == [-32768, -32768, 32767]
    assert n_clipped == {"ax": 2, "gz": 2}


@given(st.lists(st.floats(-15.9, 15.9), min_size=3, max_size=3))
@settings(deadline=None)
def test_at_most_half_a_count_is_lost(row):
    counts, _ = to_counts(np.array([row]), ["g"] * 3, imu_contract(100, rotation=False))
    assert np.abs(counts / 2048 - row).max() <= 0.5 / 2048 + 1e-12


def test_units_of_something_else_are_refused():
    with pytest.raises(ContractError, match="no unit of that"):
        to_counts(np.zeros((1, 6)), ["deg/s"] * 6, contract())
    with pytest.raises(ContractError, match="furlong"):
        to_counts(np.zeros((1, 6)), ["furlong"] * 6, contract())


def test_what_was_done_is_told():
    told = conversions(["m/s^2"] * 3 + ["rad/s"] * 3, contract())
    assert told["ax"] == {"unit": "m/s^2", "factor": pytest.approx(1 / 9.80665), "to": "g"}
    assert told["gz"]["to"] == "deg/s"
