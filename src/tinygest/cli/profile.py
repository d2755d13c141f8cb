"""`tinygest profile`"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.options import Json, Where, open_project, print_json, progress_bar
from tinygest.cli.table import print_table
from tinygest.cli.verify import LibraryFolder, Limit
from tinygest.core.errors import BudgetError, UsageError

if TYPE_CHECKING:
    from tinygest.verify.layers import LayerCost
    from tinygest.verify.network_profile import NetworkProfile
    from tinygest.verify.profile import ProfileReport, Speed, Spread
    from tinygest.verify.stages import Stages

LAYERS = "layer,instructions,floor,flash,floor,RAM,floor,stack".split(",")
BUILDS = ("PlatformIO", "-O2")
PUSHES = {
    "idle sample": "idle_push",
    "deciding sample": "deciding_push",
    "  path": "path",
    "  extract": "extract",
    "  network": "network",
    "  decision": "decision",
}


def command(
    context: typer.Context,
    model: Annotated[
        str | None,
        typer.Argument(
            help="Name, or name/revision, or a .tflite file.",
            metavar="[MODEL|FILE.tflite]",
            show_default="the newest",
        ),
    ] = None,
    *,
    where: Where = "",
    limit: Limit = None,
    library: LibraryFolder = None,
    as_json: Json = False,
) -> None:
    """Measure flash, RAM, stack and instructions of a model's C library on a Cortex-M4.

    Sizes come from the linked image, instructions and stack from the emulator; as PlatformIO builds
    the library, and built for speed. Of a .tflite file alone they come from random inputs. Floors are
    what no kernel could be below. A library over the project's budget ends in an error.

    \b
    Examples:
      tinygest profile punch --json
      tinygest profile keyword.tflite
    """
    from tinygest.workflow.verification import profile_file, profile_model

    if model is not None and model.endswith(".tflite"):
        if where or limit is not None or library is not None:
            raise UsageError("--where, --limit and --library are for models, not for a .tflite file")
        with progress_bar() as progress:
            network = profile_file(Path(model), progress=progress)
        if as_json:
            print_json(network)
        else:
            _print_network(network)
        return
    project = open_project(context)
    with progress_bar() as progress:
        report = profile_model(project, model, where=where, limit=limit, library=library, progress=progress)
    if as_json:
        print_json(report)
    else:
        _print(report)
    if report.over_budget:
        raise BudgetError(f"model {report.model} is over the budget of tinygest.toml: {report.over_budget}")


def _print_network(report: NetworkProfile) -> None:
    builds = (report.size, report.speed)
    print_table(
        ("bytes", *BUILDS),
        [
            ("flash, network and runtime", *(build.flash for build in builds)),
            ("RAM, the arena", report.arena, report.arena),
            ("stack, measured", *(build.stack for build in builds)),
            ("stack, at most, as the header says", report.stack_stated, report.stack_stated),
        ],
    )
    columns = [f"{build} {what}" for build in BUILDS for what in ("mean", "most")]
    spreads = [cell for build in builds for cell in _mean_and_most(build.instructions)]
    print_table(("instructions", *columns), [("an inference", *spreads)])
    typer.echo("layers, as PlatformIO builds")
    print_table(LAYERS, _layer_rows(report.layers))
    typer.echo(f"{report.emulator}; {report.size.compiler}, {' '.join(report.size.flags)}")


def _print(report: ProfileReport) -> None:
    typer.echo(f"{report.model} ({report.model_id[:12]})")
    print_table(("bytes", *BUILDS), _memory_rows(report, report.speed))
    if report.stack.not_in_bound:
        typer.echo(f"at most, but for frames of {', '.join(report.stack.not_in_bound)}")
    columns = [f"{build} {what}" for build in BUILDS for what in ("mean", "most")]
    print_table(("instructions", "times", *columns), _instruction_rows(report, report.speed))
    if report.stages is not None:
        print_table(("stages, PlatformIO", "mean", "most"), _stage_rows(report.stages))
    if report.layers:
        print_table(LAYERS, _layer_rows(report.layers))
    typer.echo(f"{report.n_samples} samples of {report.n_recordings} recordings, {report.emulator}")
    typer.echo(f"linked: {report.linked}")
    typer.echo(f"{report.compiler}, {' '.join(report.flags)}")
    if report.within_budget:
        typer.echo("within the budget of tinygest.toml")


def _layer_rows(layers: Sequence[LayerCost]) -> Iterator[tuple[object, ...]]:
    """With a last row of sums; of memory that layers use in turn, the most."""
    for layer in layers:
        yield (
            layer.layer,
            round(layer.instructions),
            layer.instructions_floor,
            layer.flash,
            layer.flash_floor,
            layer.ram,
            layer.ram_floor,
            layer.stack,
        )
    yield (
        "all layers",
        round(sum(layer.instructions for layer in layers)),
        sum(layer.instructions_floor or 0 for layer in layers),
        sum(layer.flash for layer in layers),
        sum(layer.flash_floor for layer in layers),
        max(layer.ram for layer in layers),
        max(layer.ram_floor for layer in layers),
        max(layer.stack or 0 for layer in layers) or None,
    )


def _memory_rows(report: ProfileReport, speed: Speed | None) -> Iterator[tuple[object, ...]]:
    flash = {
        "flash, library alone": "library",
        "  runtime code": "runtime_code",
        "  runtime constants": "runtime_constants",
        "  model code": "model_code",
        "  model constants": "model_constants",
        "  compiler's library": "compiler_library",
    }
    for title, name in flash.items():
        yield title, getattr(report.flash, name), getattr(speed.flash, name) if speed else None
    yield "RAM, the model's state", report.ram.state, report.ram.state
    yield "RAM, other variables", report.ram.static, report.ram.static
    yield "stack, measured", report.stack.measured, speed.stack.measured if speed else None
    yield "stack, at most", report.stack.bound, speed.stack.bound if speed else None


def _instruction_rows(report: ProfileReport, speed: Speed | None) -> Iterator[tuple[object, ...]]:
    for title, name in PUSHES.items():
        size: Spread | None = getattr(report.instructions, name)
        fast: Spread | None = getattr(speed.instructions, name) if speed else None
        yield title, size.n if size else 0, *_mean_and_most(size), *_mean_and_most(fast)


def _mean_and_most(spread: Spread | None) -> tuple[int | None, int | None]:
    return (None, None) if spread is None else (round(spread.mean), spread.max)


def _stage_rows(stages: Stages) -> Iterator[tuple[object, ...]]:
    for name in ("ring", "activity", "segmenter", "extract"):
        cost = getattr(stages, name)
        yield name, *((round(cost.mean), cost.max) if cost else (None, None))
    for name, mean in stages.features.items():
        yield f"  {name}", round(mean), None
    yield "resampler, an output", round(stages.resampler.mean), stages.resampler.max
