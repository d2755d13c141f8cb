"""The virtual board, compiled once."""

from __future__ import annotations

from pathlib import Path

import board_process
import pytest


@pytest.fixture(scope="session")
def board_program(needs_host_compiler: None) -> Path:
    return board_process.build()
