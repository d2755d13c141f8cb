"""A generated library, built with its harness, that recordings are streamed through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.recording import Recording
from tinygest.toolchain.boards import INPUT_FILE, OUTPUT_FILE, Board, Image, Sources
from tinygest.verify.stream import BoardTrace, encode_stream, parse_trace


@dataclass(frozen=True)
class Runner:
    """One image on one board."""

    board: Board
    image: Image
    folder: Path
    """Where it was built and where its files are."""

    def run(
        self, batch: Sequence[Recording], *, count_instructions: bool = False, ends: bool = True
    ) -> BoardTrace:
        """Whole recordings of one sensor, in order; ends: the model is told where each one ends.

        Raises ToolchainError or VerifyError.
        """
        n_channels = batch[0].samples.shape[1]
        stream = encode_stream(batch, n_channels, count_instructions, ends=ends)
        (self.folder / INPUT_FILE).write_bytes(stream)
        self.board.run(self.image, self.folder, count_instructions=count_instructions)
        n_samples = sum(len(recording.samples) for recording in batch)
        return parse_trace((self.folder / OUTPUT_FILE).read_bytes(), len(batch), n_samples)


def build_runner(board: Board, sources: Sources, folder: Path) -> Runner:
    """Raises ToolchainError. folder: made if absent, for this runner alone."""
    return Runner(board, board.build(sources, folder), folder)
