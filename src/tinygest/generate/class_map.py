"""model.json: names of the classes in SensiML's layout, which its gateway and app read."""

from __future__ import annotations

import uuid
from typing import Any

from tinygest.core.canonical import pretty_json
from tinygest.core.contract import ModelContract
from tinygest.core.labels import UNKNOWN

MODEL_TYPES = {"c": "tinygest", "tflm": "TensorFlow Lite for Microcontrollers"}


def class_map(contract: ModelContract, model_id: str, back_end: str) -> bytes:
    """The file for one model. Class 0 is Unknown; the others are the labels of events."""
    labels = ("Unknown" if label == UNKNOWN else label for label in contract.labels)
    description: dict[str, Any] = {
        "Name": contract.name,
        "ClassMaps": {str(i): label for i, label in enumerate(labels)},
        "ModelType": MODEL_TYPES[back_end],
        "FeatureNames": list(getattr(contract.input, "features", ())),
        "sensors_columns": list(contract.sensor.channel_names),
        "uuid": str(uuid.UUID(model_id[:32])),
        "model_id": model_id,
    }
    return pretty_json(
        {"NumModels": 1, "ModelIndexes": {"0": contract.name}, "ModelDescriptions": [description]}
    )
