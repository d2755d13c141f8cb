"""What a model costs on a Cortex-M4, measured, against what it may cost."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
from msgspec import structs

from tinygest.core.contract import ModelContract
from tinygest.core.errors import ToolchainError
from tinygest.core.recording import Recording
from tinygest.generate.classifier_library import generate_library
from tinygest.store.config import Budgets
from tinygest.toolchain import arm, qemu
from tinygest.train.data import Labelled
from tinygest.verify.profile import ProfileReport, measure_memory, profile_library

SAMPLES = 8000
"""Streamed while instructions are counted; enough for a few dozen events."""


class Cost(msgspec.Struct, frozen=True):
    """Of the C library alone. Nothing here is estimated."""

    flash_bytes: int
    """Linked, less the image of a model that does nothing."""
    ram_bytes: int
    """The model's state, other variables, and the deepest stack that a push was seen to take."""
    instructions: int
    """The most that a sample took which completed a segment."""
    idle_instructions: int
    """The most that any other sample took."""


def measure(contract: ModelContract, tflite: bytes, recordings: Sequence[Labelled]) -> Cost:
    """Link for Cortex-M4 and count instructions in the emulator, over the start of a recording.

    Raises ToolchainError without compiler or emulator, or if the model finds no segment there.
    """
    recording = _busiest(recordings)
    with tempfile.TemporaryDirectory(prefix="tinygest-cost-") as folder:
        library = Path(folder)
        generate_library(contract, tflite, library)
        report = profile_library(contract, tflite, library, [recording])
    return cost_of(report)


def cost_of(report: ProfileReport) -> Cost:
    """The four figures of a profile. Raises ToolchainError if nothing was decided in it."""
    deciding, idle = report.instructions.deciding_push, report.instructions.idle_push
    if deciding is None or idle is None:
        raise ToolchainError("the model found no segment in the recording that its cost was measured on")
    return Cost(
        flash_bytes=report.flash.library,
        ram_bytes=report.ram.state + report.ram.static + report.stack.measured,
        instructions=deciding.max,
        idle_instructions=idle.max,
    )


def why_not_measurable() -> str:
    """A sentence, or nothing if compiler and emulator for Cortex-M4 are there."""
    try:
        arm.find_compiler()
        arm.check_c_library()
        qemu.find_emulator()
    except ToolchainError as error:
        return str(error)
    return ""


def excess(cost: Mapping[str, int], budgets: Budgets) -> dict[str, float]:
    """For each limit that is set the share by which it is broken: 0.1 is a tenth over, -0.5 half used."""
    return {name: cost[name] / limit - 1.0 for name, limit in limits_of(budgets).items()}


def limits_of(budgets: Budgets) -> dict[str, int]:
    """The limits that are set, by the names of a cost."""
    return {name: limit for name, limit in structs.asdict(budgets).items() if limit is not None}


def budget_rows(
    cost: Mapping[str, int], budgets: Budgets
) -> list[tuple[str, int, int | None, float | None]]:
    """(what, measured, limit, share of the limit), for pages."""
    limits = limits_of(budgets)
    return [
        (name.replace("_", " "), value, limits.get(name), value / limits[name] if name in limits else None)
        for name, value in cost.items()
    ]


def over_budget(cost: Mapping[str, int], budgets: Budgets) -> str:
    """Which limits are broken, in words; empty if none is."""
    broken = [name for name, share in excess(cost, budgets).items() if share > 0]
    limits = structs.asdict(budgets)
    return ", ".join(f"{name} {cost[name]} of {limits[name]}" for name in broken)


def against_budget(report: ProfileReport, budgets: Budgets) -> ProfileReport:
    """The report, and whether it is within the limits that are set."""
    if all(limit is None for limit in structs.asdict(budgets).values()):
        return report
    over = over_budget(structs.asdict(cost_of(report)), budgets)
    return structs.replace(report, within_budget=not over, over_budget=over)


def memory_over_budget(library: Path, name: str, budgets: Budgets) -> str:
    """Which limits of flash and RAM a generated library breaks, in words; without a compiler none."""
    limits = structs.replace(budgets, instructions=None)
    if all(limit is None for limit in structs.asdict(limits).values()):
        return ""
    try:
        memory = measure_memory(library, name)
    except ToolchainError:
        return ""
    return over_budget({"flash_bytes": memory.flash, "ram_bytes": memory.ram}, limits)


def _busiest(recordings: Sequence[Labelled]) -> Recording:
    """The start of the recording with most segments in its first SAMPLES rows."""

    def n_early(one: Labelled) -> int:
        return sum(segment.stop <= SAMPLES for segment in one[1].segments)

    recording = max(recordings, key=n_early)[0]
    n = min(SAMPLES, recording.info.n_samples)
    gaps = tuple(gap for gap in recording.info.gaps if gap.at < n)
    info = structs.replace(recording.info, n_samples=n, gaps=gaps)
    return replace(recording, info=info, samples=recording.samples[:n])
