"""Instructions of the signal path, counted by tests/c/path_cost.c and tests/c/extract_cost.c."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path
from typing import NamedTuple

from tinygest.toolchain.boards import Board, Sources

REPOSITORY = Path(__file__).resolve().parents[2]
LIBRARY = REPOSITORY / "firmware" / "lib" / "tinygest" / "src"

SEGMENTERS = ("hysteresis", "adaptive", "peak", "trigger", "sliding")
LENGTHS = (20, 100, 300, 1000, 2048)
DEFAULT_KINDS = (
    *("mean", "std", "min", "max", "log_jerk"),
    *("argmax", "argmin", "crossings", "bins8", "log_std4"),
)
OTHER_KINDS = ("rms", "range", "p25", "median", "p75", "spectrum", "centroid")
N_SOURCES = 8


class Idle(NamedTuple):
    """Of ring, activity and one segmenter together, six channels."""

    n_samples: int
    in_sum: int
    longest: int
    """Of one sample."""
    n_segments: int

    @property
    def mean(self) -> float:
        return self.in_sum / self.n_samples


class Extraction(NamedTuple):
    """Six channels and, for features, two magnitudes."""

    features: dict[int, int]
    """The default ones, by the segment's length."""
    window: dict[int, int]
    """64 points, likewise."""
    points: int
    """What all features share, on 100 samples."""
    kinds: dict[str, int]
    """Each kind's own share, for eight channels, with its step to int8."""
    pairs: int
    """Six correlations."""
    pull: tuple[int, int]
    """One output of the resampler from 238 to 100 Hz: mean and most."""
    push: int
    """One input to it, at most."""


def measure_idle(board: Board) -> dict[str, Idle]:
    """By segmenter."""
    told = _run(board, "path_cost.c")
    return {
        name: Idle(*counts)
        for name, counts in zip(SEGMENTERS, struct.iter_unpack("<4I", told), strict=True)
    }


def measure_extraction(board: Board) -> Extraction:
    told = _run(board, "extract_cost.c")
    counts = iter(struct.unpack(f"<{len(told) // 4}I", told))
    by_length = [(next(counts), next(counts)) for _ in LENGTHS]
    points = next(counts)
    kinds = {name: next(counts) - points for name in (*DEFAULT_KINDS, *OTHER_KINDS)}
    pairs = next(counts) - points
    mean, most, push = counts
    return Extraction(
        features={n: features for n, (features, _) in zip(LENGTHS, by_length, strict=True)},
        window={n: window for n, (_, window) in zip(LENGTHS, by_length, strict=True)},
        points=points,
        kinds=kinds,
        pairs=pairs,
        pull=(mean, most),
        push=push,
    )


def _run(board: Board, harness: str) -> bytes:
    sources = Sources(
        harness=(REPOSITORY / "tests" / "c" / harness,),
        runtime=tuple(sorted(LIBRARY.glob("*.c"))),
        include_dirs=(LIBRARY,),
    )
    with tempfile.TemporaryDirectory(prefix="tinygest-cost-") as name:
        folder = Path(name)
        (folder / "input.bin").write_bytes(b"")
        board.run(board.build(sources, folder), folder, count_instructions=True)
        return (folder / "output.bin").read_bytes()
