"""`tinygest profile`"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.options import Json, Where, open_project, print_json, progress_bar
from tinygest.cli.table import print_table
from tinygest.cli.verify import LibraryFolder, Limit
from tinygest.core.errors import UsageError

if TYPE_CHECKING:
    from tinygest.verify.layers import LayerCost
    from tinygest.verify.network_profile import NetworkProfile
    from tinygest.verify.profile import Instructions, ProfileReport, Spread


INSTRUCTIONS = "instructions times least mean most".split()
LAYERS = "layer,instructions,floor,flash,floor,RAM,floor,stack".split(",")


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

    Sizes come from the linked image, instructions and stack from the emulator; of a .tflite file alone
    from random inputs. Floors are what no kernel could be below.

    \b
    Examples:
      tinygest profile punch --json
      tinygest profile keyword.tflite
    """
    from tinygest.workflow.verification import profile_file, profile_model

    if model is not None and model.endswith(".tflite"):
        if where or limit is not None or library is not None:
            raise UsageError("--where, --limit and --library are for models, not for a .tflite file")
        file = Path(model)
        with progress_bar() as progress:
            network = profile_file(file, file.stem, progress=progress)
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


def _print_network(report: NetworkProfile) -> None:
    sizes = {
        "flash, network and runtime": report.flash,
        "RAM, the arena": report.arena,
        "stack, measured": report.stack,
        "stack, at most": report.stack_bound,
    }
    print_table(("memory", "bytes"), sizes.items())
    if report.instructions is not None:
        print_table(INSTRUCTIONS, [("network", *_spread_cells(report.instructions))])
    print_table(LAYERS, _layer_rows(report.layers))
    typer.echo(f"{report.emulator}; {report.compiler}, {' '.join(report.flags)}")


def _spread_cells(spread: Spread) -> tuple[int, ...]:
    return (spread.n, spread.min, round(spread.mean), spread.max)


def _print(report: ProfileReport) -> None:
    flash, ram = report.flash, report.ram
    typer.echo(f"{report.model} ({report.model_id[:12]})")
    sizes = {
        "flash, library alone": flash.library,
        "  runtime code": flash.runtime_code,
        "  runtime constants": flash.runtime_constants,
        "  model code": flash.model_code,
        "  model constants": flash.model_constants,
        "  compiler's library": flash.compiler_library,
        "RAM, the model's state": ram.state,
        "RAM, other variables": ram.static,
        "stack, measured": report.stack.measured,
        "stack, at most": report.stack.bound,
    }
    print_table(("memory", "bytes"), sizes.items())
    if report.stack.not_in_bound:
        typer.echo(f"at most, but for frames of {', '.join(report.stack.not_in_bound)}")
    print_table(INSTRUCTIONS, _instruction_rows(report.instructions))
    if report.layers:
        print_table(LAYERS, _layer_rows(report.layers))
    typer.echo(f"{report.n_samples} samples of {report.n_recordings} recordings, {report.emulator}")
    typer.echo(f"linked: {report.linked}")
    typer.echo(f"{report.compiler}, {' '.join(report.flags)}")


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


def _instruction_rows(instructions: Instructions) -> Iterator[tuple[object, ...]]:
    rows = {
        "idle sample": instructions.idle_push,
        "deciding sample": instructions.deciding_push,
        "  path": instructions.path,
        "  extract": instructions.extract,
        "  network": instructions.network,
        "  decision": instructions.decision,
    }
    for name, spread in rows.items():
        if spread is None:
            yield (name, 0, None, None, None)
        else:
            yield (name, *_spread_cells(spread))
