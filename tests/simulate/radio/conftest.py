"""The firmware compiled once, for everything that runs over the virtual radio."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinygest.simulate.virtual_image import cached_virtual_board

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


@pytest.fixture(scope="session")
def program(board_cache: None) -> Path:
    """With the golden model."""
    return cached_virtual_board(GOLDEN / "library" / "tg_punch" / "src")
