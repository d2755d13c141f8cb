"""Instructions of a library's stages one by one: what a push is made of, and what each feature costs.

The stages are called by firmware/emulated/stage_harness.c with the model's own configuration, so they are
counted without hooks in the library; what binds them together in a push is not among them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from tinygest.core.contract import FeatureInput, ModelContract
from tinygest.core.errors import VerifyError
from tinygest.core.recording import Recording
from tinygest.core.resources import resource_dir
from tinygest.toolchain.boards import INPUT_FILE, OUTPUT_FILE, Board, Sources
from tinygest.verify.library import Library
from tinygest.verify.stream import encode_stream

RESAMPLED_FROM = 1.19
"""Rate of the sensor that the resampler is measured with, as a multiple of the model's."""


class StageCost(msgspec.Struct, frozen=True):
    """Instructions."""

    mean: float
    max: int


class Stages(msgspec.Struct, frozen=True):
    """None where no segment was found."""

    n_samples: int
    n_segments: int
    ring: StageCost
    """A sample into the ring."""
    activity: StageCost
    """A sample into the activity signal."""
    segmenter: StageCost
    """A value of it into the segmenter."""
    extract: StageCost | None
    """A segment to int8 input."""
    features: dict[str, float]
    """Parts of extract, means: `points` that all share, each kind for all its channels, `pairs`. Empty for
    a window."""
    resampler: StageCost
    """One output from RESAMPLED_FROM times the rate. No part of a push: the board calls it before."""


def measure_stages(
    board: Board, library: Library, contract: ModelContract, batch: Sequence[Recording], folder: Path
) -> Stages:
    """Stream `batch` on a board that counts. folder: made if absent. Raises ToolchainError, VerifyError."""
    folder.mkdir(parents=True, exist_ok=True)
    image = board.build(_sources(library, contract), folder)
    n_channels = len(contract.sensor.channels)
    (folder / INPUT_FILE).write_bytes(encode_stream(batch, n_channels, True, ends=False))
    board.run(image, folder, count_instructions=True)
    return _parse((folder / OUTPUT_FILE).read_bytes(), contract)


def _sources(library: Library, contract: ModelContract) -> Sources:
    defines = {
        "MODEL": library.name,
        "MODEL_HEADER": f'"tg_{library.name}.h"',
        "RATE_UHZ": f"{round(contract.sensor.rate_hz * 1e6)}u",
    }
    if isinstance(contract.input, FeatureInput):
        defines["FEATURES"] = "1"
    harness = resource_dir("firmware/emulated") / "stage_harness.c"
    return Sources((harness,), library.runtime, library.model, library.include_dirs, defines)


def _parse(data: bytes, contract: ModelContract) -> Stages:
    """The output of the harness; raises VerifyError when its size is wrong."""
    kinds = contract.input.features if isinstance(contract.input, FeatureInput) else None
    n_expected = 13 + (0 if kinds is None else len(kinds) + 2)
    if len(data) != 4 * n_expected:
        raise VerifyError(f"the board wrote {len(data)} bytes of costs instead of {4 * n_expected}")
    counts = iter(struct.unpack(f"<{n_expected}I", data))
    n_samples = next(counts)
    ring, activity, segmenter = (_cost(n_samples, counts) for _ in range(3))
    n_segments = next(counts)
    extract = _cost(n_segments, counts)
    features = {} if kinds is None else _features(kinds, n_segments, counts)
    return Stages(
        n_samples=n_samples,
        n_segments=n_segments,
        ring=ring,
        activity=activity,
        segmenter=segmenter,
        extract=extract if n_segments else None,
        features=features,
        resampler=_cost(next(counts), counts),
    )


def _cost(n: int, counts: Iterator[int]) -> StageCost:
    return StageCost(mean=round(next(counts) / max(n, 1), 1), max=next(counts))


def _features(kinds: Sequence[str], n_segments: int, counts: Iterator[int]) -> dict[str, float]:
    sums = {name: next(counts) for name in ("points", *kinds, "pairs")}
    if not n_segments:
        return {}
    points = sums.pop("points")
    parts = {name: round((total - points) / n_segments, 1) for name, total in sums.items()}
    return {"points": round(points / n_segments, 1)} | parts
