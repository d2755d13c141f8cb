"""A fresh project and small recordings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.store.project import Project

MakeRecording = Callable[..., Recording]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "punches")


@pytest.fixture
def make_recording() -> MakeRecording:
    """make_recording(id, n_samples=100, rate_hz=100, gaps=(), **meta)"""

    def make(
        name: str, n_samples: int = 100, rate_hz: float = 100, gaps: tuple[Gap, ...] = (), **meta: object
    ):
        contract = imu_contract(rate_hz)
        samples = np.random.default_rng(n_samples).integers(-32768, 32768, (n_samples, 6)).astype(np.int16)
        info = RecordingInfo(contract, n_samples, gaps, source={"file": f"{name}.csv"})
        return Recording(name, info, RecordingMeta(**meta), samples)

    return make


def tree(root: Path) -> dict[str, bytes]:
    """Every file below `root` with its content, but for the lock file, which holds nothing."""
    files = (path for path in root.rglob("*") if path.is_file() and path.name != "lock")
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(name="tree")
def tree_fixture() -> Callable[[Path], dict[str, bytes]]:
    return tree
