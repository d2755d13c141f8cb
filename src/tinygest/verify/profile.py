"""What a generated library costs on a Cortex-M4: measured on the linked ELF and in the emulator."""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import CentreSegmenter, ModelContract, SlidingSegmenter, model_id
from tinygest.core.errors import VerifyError
from tinygest.core.progress import Progress, silent
from tinygest.core.recording import Recording
from tinygest.toolchain import arm, elf, qemu
from tinygest.toolchain.boards import Board, CortexM4Board
from tinygest.toolchain.stack import CALL_GRAPH_FLAG, read_call_graph
from tinygest.verify.bundle import batches
from tinygest.verify.layers import LayerCost, LayerTold, measure_layers
from tinygest.verify.library import Library, empty_sources, open_library, require_model, stated_stack
from tinygest.verify.runner import Runner, build_runner
from tinygest.verify.stages import Stages, measure_stages
from tinygest.verify.stream import Trace

CLOCK_HZ = 64e6  # of the nRF52840
MAX_LOAD = 0.3
"""Share of the processor for a network that is asked at every hop; radio and sensor need theirs."""

PROFILE_SAMPLES = 50_000
"""Enough for every path of the code; counting makes the emulator slower."""

MAX_LAYER_INPUTS = 40

LINKED = (
    "library and stream harness with --gc-sections and newlib-nano, less the same image around a model "
    "that does nothing"
)


class Flash(msgspec.Struct, frozen=True):
    """Bytes of the library alone, from the sections of the linked ELF."""

    library: int
    """The image less the image of a model that does nothing."""
    runtime_code: int
    runtime_constants: int
    model_code: int
    model_constants: int
    """Weights, tables and configuration."""
    compiler_library: int
    """What of libgcc and libc is linked only because the library needs it."""


class Ram(msgspec.Struct, frozen=True):
    """Bytes of static memory."""

    state: int
    """sizeof(tg_<name>_t), the caller's memory: ring, filters, activations."""
    static: int
    """Variables of the library itself."""


class Stack(msgspec.Struct, frozen=True):
    """Bytes of stack that a push takes."""

    measured: int
    """Down to the deepest word that was written, over all samples."""
    bound: int | None
    """Frames along the deepest chain of calls; a pointer may call whatever has its address taken. None:
    the compiler does not tell."""
    not_in_bound: tuple[str, ...]
    """Functions of the compiler's library, whose frames are not known."""


class Spread(msgspec.Struct, frozen=True):
    """Instructions over n executions."""

    n: int
    min: int
    mean: float
    max: int


class Instructions(msgspec.Struct, frozen=True):
    """None where nothing of the kind happened in the recordings.

    Whole pushes are exact; their parts, taken between trace hooks, are good to a few tens.
    """

    idle_push: Spread | None
    """A sample that completes no segment."""
    deciding_push: Spread | None
    """A sample that completes a segment: the whole push."""
    path: Spread | None
    """Of deciding pushes: ring, activity, segmenter."""
    extract: Spread | None
    """Segment to int8 input."""
    network: Spread | None
    """One inference."""
    decision: Spread | None
    """Logits to event."""


class ProfileReport(msgspec.Struct, frozen=True):
    """Nothing here is estimated. Instructions are no cycles: see docs/verification.md."""

    model: str
    model_id: str
    flash: Flash
    ram: Ram
    stack: Stack
    instructions: Instructions
    n_recordings: int
    n_samples: int
    linked: str
    compiler: str
    flags: tuple[str, ...]
    emulator: str
    layers: tuple[LayerCost, ...] = ()
    """Of the network, run alone over the inputs of the recordings; empty if there was none."""
    stages: Stages | None = None
    speed: Speed | None = None
    within_budget: bool | None = None
    """None: the project has no budget."""
    over_budget: str = ""
    """Which limits are broken, in words."""


class Speed(msgspec.Struct, frozen=True):
    """The same library built for speed, where the figures above are as PlatformIO builds it."""

    flags: tuple[str, ...]
    flash: Flash
    stack: Stack
    instructions: Instructions


def profile_library(
    contract: ModelContract,
    tflite: bytes,
    library: Path,
    recordings: Iterable[Recording],
    *,
    layers: Sequence[LayerTold] = (),
    flags: tuple[str, ...] = arm.PLATFORMIO_FLAGS,
    with_stages: bool = False,
    progress: Progress = silent,
) -> ProfileReport:
    """Link for Cortex-M4 and run the first recordings, PROFILE_SAMPLES in all or just above.

    layers: of the network, in order, if they are to be measured one by one; with_stages: so with the path
    and the features.
    Raises ToolchainError when a tool is missing, VerifyError when there is no recording, when a network
    that is asked every so often would take more than MAX_LOAD of the processor, or when the stack is
    deeper than the library's header says.
    """
    identity = model_id(contract, tflite)
    opened = open_library(library, contract.name)
    require_model(library, contract.name, identity)
    board = CortexM4Board(flags)
    board.check()
    if arm.takes_flags(CALL_GRAPH_FLAG):
        board = CortexM4Board((*board.flags, CALL_GRAPH_FLAG))
    batch = next(batches(recordings, PROFILE_SAMPLES), None)
    if batch is None:
        raise VerifyError("there is no recording to measure with; choose others with --where")
    for recording in batch:
        contract.require_sensor(recording.info.contract, f"recording {recording.id}")
    with tempfile.TemporaryDirectory(prefix="tinygest-profile-") as folder:
        images = _link(board, opened, Path(folder), progress)
        report, inputs = _measure(images, batch, contract.name, identity, progress)
        if layers and len(inputs):
            progress("counting instructions of each layer", 0, 1)
            costs = measure_layers(board, opened, layers, inputs, Path(folder) / "layers")
            report = msgspec.structs.replace(report, layers=costs)
        if with_stages:
            progress("counting instructions of each stage", 0, 1)
            stages = measure_stages(board, opened, contract, batch, Path(folder) / "stages")
            report = msgspec.structs.replace(report, stages=stages)
    check_load(contract, report.instructions)
    check_stack(report.stack, stated_stack(library, contract.name))
    return report


def check_load(contract: ModelContract, measured: Instructions) -> None:
    """Raise VerifyError if overlapping windows keep the processor busier than MAX_LOAD.

    Other segmenters ask the network once an event.
    """
    segmenter = contract.segmenter
    if not isinstance(segmenter, SlidingSegmenter | CentreSegmenter) or measured.deciding_push is None:
        return
    needed = measured.deciding_push.mean / CLOCK_HZ * 1000  # ms of one window at one instruction a cycle
    if needed > MAX_LOAD * segmenter.hop_ms:
        raise VerifyError(
            f"a window every {segmenter.hop_ms:g} ms, of {measured.deciding_push.mean:,.0f} instructions, "
            f"takes {needed / segmenter.hop_ms:.0%} of the processor at {CLOCK_HZ / 1e6:.0f} MHz, more "
            f"than {MAX_LOAD:.0%}; set segmenter hop_ms to {math.ceil(needed / MAX_LOAD)} or more, or "
            "train a smaller network"
        )


def check_stack(stack: Stack, stated: int | None) -> None:
    """Raise VerifyError if a push may take more than the library's header says."""
    needed = max(stack.measured, stack.bound or 0)
    if stated is not None and needed > stated:
        raise VerifyError(
            f"a push may take {needed} bytes of stack, and the library's header promises {stated}; keep "
            "the larger number free, and tell us of this compiler"
        )


def with_speed(report: ProfileReport, fast: ProfileReport) -> ProfileReport:
    """`report`, and beside it what `fast`, of the same library built otherwise, says."""
    speed = Speed(fast.flags, fast.flash, fast.stack, fast.instructions)
    return msgspec.structs.replace(report, speed=speed)


class Memory(NamedTuple):
    """Bytes, known without running anything."""

    flash: int
    """Of the library alone."""
    ram: int
    """The model's state, other variables, and as much stack as a push may take."""


def measure_memory(library: Path, name: str) -> Memory:
    """Link model `name` of a folder that `generate` made. Raises ToolchainError, VerifyError."""
    opened = open_library(library, name)
    board = CortexM4Board((*arm.PLATFORMIO_FLAGS, CALL_GRAPH_FLAG))
    with tempfile.TemporaryDirectory(prefix="tinygest-memory-") as temporary:
        folder = Path(temporary)
        empty = build_runner(board, empty_sources(), folder / "empty")
        plain = build_runner(board, opened.stream_sources(traced=False), folder / "plain")
        flash, ram = _flash(plain, empty), _ram(plain)
        stack = _stack(plain, f"tg_{name}_push", 0)
        return Memory(flash.library, ram.state + ram.static + (stack.bound or 0))


class _Images(NamedTuple):
    empty: Runner
    """A model that does nothing."""
    plain: Runner
    """As shipped."""
    traced: Runner
    """With the hooks that tell the stages apart."""


def _link(board: Board, library: Library, folder: Path, progress: Progress) -> _Images:
    wanted = {
        "empty": empty_sources(),
        "plain": library.stream_sources(traced=False),
        "traced": library.stream_sources(traced=True),
    }
    runners: list[Runner] = []
    for name, sources in wanted.items():
        progress(f"linking the {name} image", len(runners), len(wanted))
        runners.append(build_runner(board, sources, folder / name))
    return _Images(*runners)


def _measure(
    images: _Images, batch: list[Recording], name: str, identity: str, progress: Progress
) -> tuple[ProfileReport, NDArray[np.int8]]:
    """The report without layers, and what the network was given, (n, n_inputs)."""
    progress("counting instructions", 0, 2)
    plain = images.plain.run(batch, count_instructions=True, ends=False)
    progress("counting instructions", 1, 2)
    traced = images.traced.run(batch, count_instructions=True, ends=False)
    inputs = [entry.values for trace in traced.recordings for entry in trace.inputs][:MAX_LAYER_INPUTS]
    report = ProfileReport(
        model=name,
        model_id=identity,
        flash=_flash(images.plain, images.empty),
        ram=_ram(images.plain),
        stack=_stack(images.plain, f"tg_{name}_push", plain.stack_bytes),
        instructions=_instructions(plain.recordings, traced.recordings),
        n_recordings=len(batch),
        n_samples=plain.n_samples,
        linked=LINKED,
        compiler=images.plain.image.compiler,
        flags=images.plain.image.flags,
        emulator=qemu.emulator_version(),
    )
    return report, np.array([np.frombuffer(values, np.int8) for values in inputs], np.int8)


def _flash(plain: Runner, empty: Runner) -> Flash:
    size = _sizes(plain)
    return Flash(
        library=elf.flash_bytes(plain.image.path) - elf.flash_bytes(empty.image.path),
        runtime_code=size[".text.runtime"],
        runtime_constants=size[".rodata.runtime"],
        model_code=size[".text.model"],
        model_constants=size[".rodata.model"],
        compiler_library=size[".text.toolchain"] - _sizes(empty)[".text.toolchain"],
    )


def _ram(plain: Runner) -> Ram:
    size = _sizes(plain)
    return Ram(
        state=elf.symbol_bytes(plain.image.path)["model"],
        static=size[".data.library"] + size[".bss.library"],
    )


def _stack(plain: Runner, entry: str, measured: int) -> Stack:
    if CALL_GRAPH_FLAG not in plain.image.flags:
        return Stack(measured, None, ())
    linked = elf.functions(plain.image.path)
    graph = read_call_graph((plain.folder / "runtime", plain.folder / "model"), linked)
    bound = graph.bound(entry)
    return Stack(measured, bound.bytes, bound.not_counted)


def _sizes(runner: Runner) -> Counter[str]:
    """Bytes by section; 0 for one that the linker left out."""
    return Counter({name: section.n_bytes for name, section in elf.sections(runner.image.path).items()})


def _instructions(plain: Sequence[Trace], traced: Sequence[Trace]) -> Instructions:
    """Whole pushes from the image as shipped, their parts from the traced one."""
    idle: list[int] = []
    deciding: list[int] = []
    for trace, marks in zip(plain, traced, strict=True):
        decides = {segment.at for segment in marks.segments}
        for cost in trace.pushes:
            (deciding if cost.at in decides else idle).append(cost.instructions)
    parts = [cost for marks in traced for cost in marks.decisions]
    return Instructions(
        idle_push=spread(idle),
        deciding_push=spread(deciding),
        path=spread([cost.path for cost in parts]),
        extract=spread([cost.extract for cost in parts]),
        network=spread([cost.network for cost in parts]),
        decision=spread([cost.decision for cost in parts]),
    )


def spread(counts: list[int]) -> Spread | None:
    """None of no counts."""
    if not counts:
        return None
    values = np.array(counts, np.int64)
    return Spread(len(counts), int(values.min()), round(float(values.mean()), 1), int(values.max()))
