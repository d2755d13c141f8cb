"""What a model answers: by its generated C compiled for this machine, or by a stand-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import ModelContract
from tinygest.core.errors import ToolchainError
from tinygest.core.recording import Gap, Recording
from tinygest.core.resources import resource_dir
from tinygest.generate.classifier_library import generate_library
from tinygest.generate.network_library import generate_network
from tinygest.metrics import FoundEvent
from tinygest.toolchain import host
from tinygest.toolchain.boards import HostBoard, Image
from tinygest.verify.expected import expect, expected_events
from tinygest.verify.library import Library, open_library
from tinygest.verify.network import build_network, run_network
from tinygest.verify.runner import Runner, build_runner
from tinygest.verify.stream import TracedEvent
from tinygest.verify.tflm import Tflm

COMPILED = "the compiled C library"
STAND_IN = "the Python signal path with TensorFlow Lite Micro, as no C compiler was found"


class Answers(Protocol):
    """One model that can be asked."""

    @property
    def name(self) -> str:
        """What gives the answers, for the report."""
        ...

    def events(self, recordings: Sequence[Recording]) -> list[tuple[FoundEvent, ...]]:
        """What is reported while each recording is streamed, in rows of the recording."""
        ...

    def logits(self, inputs: NDArray[np.int8]) -> NDArray[np.int8]:
        """(k, n_inputs) -> (k, n_classes)"""
        ...


class CompiledAnswers:
    """The generated library; each part of it is generated and compiled when it is first asked."""

    name = COMPILED

    def __init__(
        self, contract: ModelContract, tflite: bytes, folder: Path, runtime: Path | None = None
    ) -> None:
        self._contract = contract
        self._tflite = tflite
        self._folder = folder
        self._runtime = runtime

    def events(self, recordings: Sequence[Recording]) -> list[tuple[FoundEvent, ...]]:
        if not recordings:
            return []
        for recording in recordings:
            self._contract.require_sensor(recording.info.contract, f"recording {recording.id}")
        traces = self._runner.run([counted_in_rows(recording) for recording in recordings]).recordings
        return [as_found(trace.events, self._contract) for trace in traces]

    def logits(self, inputs: NDArray[np.int8]) -> NDArray[np.int8]:
        if len(inputs) == 0:
            return np.empty((0, len(self._contract.classes)), np.int8)
        return run_network(HostBoard(), self._network, inputs, self._folder / "network").outputs

    @cached_property
    def _runner(self) -> Runner:
        generate_library(self._contract, self._tflite, self._folder / "library")
        library = self._open("library")
        return build_runner(HostBoard(), library.stream_sources(traced=False), self._folder / "stream")

    @cached_property
    def _network(self) -> Image:
        generate_network(self._tflite, self._contract.name, self._folder / "bare")
        return build_network(HostBoard(), self._open("bare"), self._folder / "network")

    def _open(self, folder: str) -> Library:
        library = open_library(self._folder / folder, self._contract.name)
        return replace(library, runtime=(self._runtime,)) if self._runtime else library


class StandInAnswers:
    """The same C signal path as Python sees it, and TFLM for the network: `verify` shows they are equal."""

    name = STAND_IN

    def __init__(self, contract: ModelContract, tflite: bytes) -> None:
        self._contract = contract
        self._tflm = Tflm(tflite)

    def events(self, recordings: Sequence[Recording]) -> list[tuple[FoundEvent, ...]]:
        return [self._events(recording) for recording in recordings]

    def logits(self, inputs: NDArray[np.int8]) -> NDArray[np.int8]:
        return self._tflm.run(inputs)

    def _events(self, recording: Recording) -> tuple[FoundEvent, ...]:
        expected = expect(counted_in_rows(recording), self._contract)
        events = expected_events(expected, self._contract, self._tflm.run(expected.inputs))
        return as_found(events, self._contract)


def make_answers(
    contract: ModelContract, tflite: bytes, folder: Path, runtime: Path | None = None
) -> Answers:
    """Ask the compiled library, built in `folder`; without a C compiler the stand-in.

    runtime: the hand-written part, compiled before by `compile_runtime`. Raises VerifyError when there
    is neither a compiler nor TFLM.
    """
    try:
        host.find_compiler()
    except ToolchainError:
        return StandInAnswers(contract, tflite)
    return CompiledAnswers(contract, tflite, folder, runtime)


def compile_runtime(folder: Path) -> Path | None:
    """The hand-written library as one object file, for many models; None where that is not possible."""
    sources = resource_dir("firmware/lib/tinygest") / "src"
    try:
        return host.compile_object(
            sorted(sources.glob("*.c")), folder / "runtime.o", include_dirs=[sources]
        )
    except ToolchainError:
        return None


def counted_in_rows(recording: Recording) -> Recording:
    """The same stream, but what is missing in its gaps is not counted: a sample's index is its row.

    The path restarts at a gap however long it is, so the answers are the same. The device's own indices
    tell no row once they wrap, as after a gap that a clock set in mid-recording made.
    """
    gaps = tuple(Gap(gap.at) for gap in recording.info.gaps)
    return replace(recording, info=msgspec.structs.replace(recording.info, gaps=gaps))


def as_found(events: Sequence[TracedEvent], contract: ModelContract) -> tuple[FoundEvent, ...]:
    """Events of a stream that is counted in rows. No event spans a gap."""
    return tuple(
        FoundEvent(e.start, e.start + e.length, contract.labels[e.label], e.score, e.at) for e in events
    )
