from __future__ import annotations

import msgspec
import pytest

from tinygest.core.canonical import canonical_json, decode_json
from tinygest.core.contract import (
    Activity,
    Decision,
    FeatureInput,
    HysteresisSegmenter,
    ModelContract,
    Quantisation,
    model_id,
)
from tinygest.core.errors import ContractError, LabelError
from tinygest.core.sensor import imu_contract


def make_contract(**changes: object) -> ModelContract:
    contract = ModelContract(
        name="punch",
        sensor=imu_contract(100.0),
        activity=Activity(weights=(16,) * 6),
        segmenter=HysteresisSegmenter(start_level=600, stop_level=300, min_ms=100.0, max_ms=1500.0),
        input=FeatureInput(channels=("ax", "|a|"), features=("mean", "std")),
        quantisation=Quantisation(0.04, 0, 0.1, 3),
        classes=("jab", "cross", "unknown"),
    )
    return msgspec.structs.replace(contract, **changes)


def test_labels_start_with_unknown_and_classes_map_to_them() -> None:
    contract = make_contract(classes=("jab", "unknown", "cross")).check()
    assert contract.labels == ("unknown", "jab", "cross")
    assert contract.class_to_label() == (1, 0, 2)


def test_contract_survives_canonical_json() -> None:
    contract = make_contract()
    assert decode_json(canonical_json(contract), ModelContract) == contract


def test_model_id_changes_with_any_threshold_and_any_weight() -> None:
    contract = make_contract()
    other = make_contract(decision=Decision(thresholds={"jab": 10}))
    assert len({model_id(contract, b"a"), model_id(other, b"a"), model_id(contract, b"b")}) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "2 punches"},
        {"name": "while"},
        {"classes": ("jab",)},
        {"classes": ("jab", "jab")},
        {"classes": ("left jab", "left-jab")},
        {"activity": Activity(weights=(16,))},
        {"decision": Decision(thresholds={"kick": 1})},
    ],
)
def test_broken_contracts_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises((ContractError, LabelError)):
        make_contract(**changes).check()


@pytest.mark.parametrize("version", [1, 3])
def test_a_contract_of_another_format_is_refused(version: int) -> None:
    """Format 1 meant other features by the same names."""
    words = (
        f"the contract of model punch has format {version}, this tinygest reads 2; train the model again"
    )
    with pytest.raises(ContractError, match=words):
        make_contract(format_version=version).check()


def test_a_foreign_sensor_is_refused_by_name() -> None:
    with pytest.raises(ContractError, match=r"does not fit recording r1: rate 100 Hz against 50 Hz"):
        make_contract().require_sensor(imu_contract(50.0), "recording r1")
