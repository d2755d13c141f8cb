"""A generated library against Python, stage by stage, over whole recordings."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path

from tinygest.core.contract import ModelContract, model_id
from tinygest.core.errors import ToolchainError, VerifyError
from tinygest.core.progress import Progress, silent
from tinygest.core.recording import Recording
from tinygest.toolchain.boards import BOARDS, Board
from tinygest.verify.comparison import TFLM, Comparison
from tinygest.verify.library import Library, open_library, require_model
from tinygest.verify.report import NotRun, VerifyReport, check_required
from tinygest.verify.runner import Runner, build_runner
from tinygest.verify.tflm import ABSENT, Tflm, tflm_is_here

BATCH_SAMPLES = 200_000
"""Samples in one run of a board: large enough that starting it costs little."""


NO_SEGMENT = "no recording held a segment; choose others with --where"


def verify_bundle(
    contract: ModelContract,
    tflite: bytes,
    library: Path,
    recordings: Iterable[Recording],
    *,
    n_recordings: int = 0,
    required: Iterable[str] = (),
    boards: Sequence[Board] = tuple(BOARDS.values()),
    progress: Progress = silent,
) -> VerifyReport:
    """Compile `library` for each board, stream the recordings through, compare every byte.

    library: a folder that `generate` made; recordings: read once, kept no longer than needed;
    n_recordings: how many there are, for progress only. Raises VerifyError at the first difference, or when
    something of `required` cannot run; ContractError when a recording is of another sensor.
    """
    identity = model_id(contract, tflite)
    opened = open_library(library, contract.name)
    require_model(library, contract.name, identity)
    ready, not_run = find_ready(boards)
    check_required(required, not_run)
    if not ready:
        raise VerifyError(f"nothing can be verified: {not_run[0].reason}")
    comparison = Comparison(contract, Tflm(tflite) if tflm_is_here() else None)
    with tempfile.TemporaryDirectory(prefix="tinygest-verify-") as folder:
        build = partial(_build, opened, ready, Path(folder), progress)
        traced = build(traced=True)
        shipped = cache(partial(build, traced=False))
        for batch in batches(recordings):
            progress("verifying", comparison.n_recordings, n_recordings)
            comparison.add(batch, traced, shipped)
    tools = {runner.board.name: runner.image.built_by for runner in traced}
    _check_found(comparison, required)
    return _report(contract.name, identity, comparison, not_run, tools)


def _build(
    library: Library, boards: Sequence[Board], folder: Path, progress: Progress, *, traced: bool
) -> list[Runner]:
    progress(f"compiling for {' and '.join(board.name for board in boards)}", 0, len(boards))
    sources = library.stream_sources(traced=traced)

    def build(board: Board) -> Runner:
        return build_runner(board, sources, folder / f"{board.name}-{'traced' if traced else 'shipped'}")

    with ThreadPoolExecutor() as pool:  # each waits for its own compiler
        return list(pool.map(build, boards))


def find_ready(boards: Sequence[Board]) -> tuple[list[Board], list[NotRun]]:
    """Boards whose tools are there; and what is not: other boards, and TFLM."""
    ready, not_run = [], []
    for board in boards:
        try:
            board.check()
            ready.append(board)
        except ToolchainError as error:
            not_run.append(NotRun(board.name, str(error)))
    if not tflm_is_here():
        not_run.append(NotRun(TFLM, ABSENT))
    return ready, not_run


def batches(recordings: Iterable[Recording], n_samples: int = BATCH_SAMPLES) -> Iterator[list[Recording]]:
    """Whole recordings in groups of n_samples or just above."""
    batch: list[Recording] = []
    for recording in recordings:
        batch.append(recording)
        if sum(len(entry.samples) for entry in batch) >= n_samples:
            yield batch
            batch = []
    if batch:
        yield batch


def _check_found(comparison: Comparison, required: Iterable[str]) -> None:
    """Raises VerifyError if there was nothing to compare, or less than whoever requires something wants."""
    if not comparison.n_recordings:
        raise VerifyError("there is no recording to verify with; choose others with --where")
    if not comparison.n_segments and set(required):
        raise VerifyError(
            f"{NO_SEGMENT}: nothing but that could be compared, which --require does not accept"
        )


def _report(
    name: str, identity: str, comparison: Comparison, not_run: list[NotRun], tools: dict[str, str]
) -> VerifyReport:
    if not comparison.n_segments:
        not_run = [*not_run, *(NotRun(stage, NO_SEGMENT) for stage in ("inputs", "logits", "events"))]
    return VerifyReport(
        model=name,
        model_id=identity,
        n_recordings=comparison.n_recordings,
        n_samples=comparison.n_samples,
        n_gaps=comparison.n_gaps,
        stages=comparison.stages(),
        not_run=tuple(not_run),
        tools=tools,
    )
