from __future__ import annotations

from pathlib import Path

import pytest
import small_models

NETWORKS = Path(__file__).resolve().parent.parent / "golden" / "networks"


@pytest.fixture(scope="session")
def window_case():
    return small_models.window_case()


@pytest.fixture(scope="session")
def feature_case():
    return small_models.feature_case()


@pytest.fixture(scope="session")
def recordings():
    return small_models.four_recordings()


@pytest.fixture(scope="session")
def golden_network():
    """The .tflite of a golden network by its name."""
    return lambda name: (NETWORKS / f"{name}.tflite").read_bytes()
