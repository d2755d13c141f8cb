"""`tinygest profile`"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from tinygest.cli.options import Json, Where, open_project, print_json, progress_bar
from tinygest.cli.table import print_table
from tinygest.cli.verify import LibraryFolder, Limit, Model

if TYPE_CHECKING:
    from tinygest.verify.profile import Instructions, ProfileReport


INSTRUCTIONS = "instructions times least mean most".split()


def command(
    context: typer.Context,
    model: Model = None,
    *,
    where: Where = "",
    limit: Limit = None,
    library: LibraryFolder = None,
    as_json: Json = False,
) -> None:
    """Measure flash, RAM, stack and instructions of a model's C library on a Cortex-M4.

    Sizes come from the linked image, instructions and stack from the emulator.

    \b
    Example:
      tinygest profile punch --json
    """
    from tinygest.workflow.verification import profile_model

    project = open_project(context)
    with progress_bar() as progress:
        report = profile_model(project, model, where=where, limit=limit, library=library, progress=progress)
    if as_json:
        print_json(report)
    else:
        _print(report)


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
    typer.echo(f"{report.n_samples} samples of {report.n_recordings} recordings, {report.emulator}")
    typer.echo(f"linked: {report.linked}")
    typer.echo(f"{report.compiler}, {' '.join(report.flags)}")


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
            yield (name, spread.n, spread.min, round(spread.mean), spread.max)
