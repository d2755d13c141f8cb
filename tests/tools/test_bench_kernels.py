"""What networks cost on a Cortex-M4 does not grow: instructions, flash and RAM."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
NETWORKS = Path(__file__).resolve().parents[1] / "golden" / "networks"
N_VECTORS = 6

# (instructions, flash, RAM) at most, by -O2 and as PlatformIO builds.
SHARED = {"a_mlp": (2_350, 2_390, 56), "b_conv1d": (60_000, 5_600, 896), "c_ds": (141_000, 7_900, 2_048)}
GOLDEN = {
    "separable": (21_000, 4_000, 640),
    "inception": (114_000, 3_800, 788),
    "dense_deep": (2_850, 1_540, 24),
    "conv_same": (4_900, 1_310, 196),
    "normalised": (4_350, 2_430, 36),
}


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(TOOLS))
    import bench_kernels

    return bench_kernels


class Column:
    """One way to build."""

    def __init__(self, bench: ModuleType, name: str, folder: Path) -> None:
        self.bench, self.folder = bench, folder / name
        self.board = bench.CortexM4Board(bench.COLUMNS[name])
        self.base = bench.empty_flash(self.board, self.folder / "empty")

    def cost(self, vectors: Path, name: str) -> tuple[int, ...]:
        """(instructions, flash, RAM)"""
        with np.load(vectors) as arrays:
            inputs, outputs = (arrays[key][:N_VECTORS].reshape(N_VECTORS, -1) for key in arrays.files)
        tflite = (vectors.parent / f"{name}.tflite").read_bytes()
        folder = self.folder / name
        ours = next(self.bench.candidates(name, tflite, inputs, None, folder / "library"))
        found = self.bench.measure(ours, outputs, self.board, self.base, folder)
        assert found.n_wrong == 0
        return round(found.instructions), found.flash, found.ram


def check(bench: ModuleType, limits: dict[str, tuple[int, ...]], folder: Path, vectors: str) -> None:
    """vectors: path of the .npz with {} for the network's name."""
    for column in bench.COLUMNS:
        build = Column(bench, column, folder)
        for name, limit in limits.items():
            found = build.cost(Path(vectors.format(name)), name)
            print(f"{name}, {column}: {found}, at most {limit}")
            assert all(value <= most for value, most in zip(found, limit, strict=True)), name


def test_the_bench_models_stay_below_their_limits(
    bench: ModuleType, needs_qemu: None, shared_dir: Path, tmp_path: Path
) -> None:
    check(bench, SHARED, tmp_path, f"{shared_dir}/bench/models/{{}}_vectors.npz")


def test_golden_networks_stay_below_theirs(bench: ModuleType, needs_qemu: None, tmp_path: Path) -> None:
    check(bench, GOLDEN, tmp_path, f"{NETWORKS}/{{}}.npz")
