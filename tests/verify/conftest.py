from __future__ import annotations

import pytest
import small_models


@pytest.fixture(scope="session")
def window_case():
    return small_models.window_case()


@pytest.fixture(scope="session")
def feature_case():
    return small_models.feature_case()


@pytest.fixture(scope="session")
def recordings():
    return small_models.four_recordings()
