from __future__ import annotations

import math

import msgspec
import pytest

from tinygest.core.errors import ContractError
from tinygest.core.sensor import SensorContract, explain_mismatch, imu_contract
from tinygest.core.units import canonical_unit


def test_capture_id_depends_on_every_field() -> None:
    base = imu_contract(100.0)
    others = [
        imu_contract(119.0),
        imu_contract(100.0, rotation=False),
        imu_contract(100.0, gravity=False),
        imu_contract(100.0, frame="phone"),
        imu_contract(100.0, counts_per_g=8192.0),
        imu_contract(100.0, counts_per_dps=10.0),
    ]
    ids = {contract.capture_id for contract in [base, *others]}
    assert len(ids) == 1 + len(others)
    assert imu_contract(100.0).capture_id == base.capture_id


@pytest.mark.parametrize("rate", [0.0, -1.0, math.nan, math.inf, 1e9])
def test_impossible_rates_are_refused(rate: float) -> None:
    with pytest.raises(ContractError, match="rate"):
        imu_contract(rate)


def test_repeated_channel_is_refused() -> None:
    channel = imu_contract(100.0).channels[0]
    with pytest.raises(ContractError, match="repeat"):
        SensorContract((channel, channel), 100.0, "board").check()


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        (imu_contract(50.0), "rate 100 Hz against 50 Hz"),
        (imu_contract(100.0, rotation=False), "channels"),
        (imu_contract(100.0, frame="phone"), "frame"),
        (imu_contract(100.0, gravity=False), "linear_acceleration"),
    ],
)
def test_mismatch_is_named(other: SensorContract, difference: str) -> None:
    sentence = explain_mismatch(imu_contract(100.0), other)
    assert sentence is not None
    assert difference in sentence


def test_equal_contracts_match() -> None:
    assert explain_mismatch(imu_contract(100.0), imu_contract(100.0)) is None


def test_contracts_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        imu_contract(100.0).rate_hz = 50.0  # type: ignore[misc]


def test_units_convert_by_their_definitions() -> None:
    assert canonical_unit("m/s^2")[1] == pytest.approx(1 / 9.80665)
    assert canonical_unit("rad/s")[1] == pytest.approx(57.29577951)
    assert canonical_unit("mg") == ("g", 1e-3)
    with pytest.raises(ContractError, match="furlong"):
        canonical_unit("furlong")


def test_contract_survives_json() -> None:
    contract = imu_contract(119.0)
    assert msgspec.json.decode(msgspec.json.encode(contract), type=SensorContract) == contract
