"""The firmware compiled once, for everything that runs over the virtual radio."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tinygest.simulate.virtual_image import build_virtual_board

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


@pytest.fixture(scope="session")
def program(needs_host_compiler: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the golden model."""
    if sys.platform != "linux" or shutil.which("c++") is None:
        pytest.skip("the virtual board needs Linux and c++")
    sources = GOLDEN / "library" / "tg_punch" / "src"
    return build_virtual_board(tmp_path_factory.mktemp("board"), sources, flags=["-O0"])
