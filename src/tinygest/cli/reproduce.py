"""`tinygest reproduce`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.options import Json, open_project, print_json, progress_bar
from tinygest.cli.table import print_table
from tinygest.cli.verify import Model

if TYPE_CHECKING:
    from tinygest.workflow.comparing import Change
    from tinygest.workflow.reproducing import Reproduction

SHOWN = 30  # characters of a version or hash


def command(
    context: typer.Context,
    model: Model = None,
    *,
    quick: Annotated[
        bool,
        typer.Option("--quick", help="Take the family from the lock, do not choose it anew."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Train a model again from its lock, in a fresh process, and compare contract, .tflite and C.

    Exit status 1 if a byte differs, or if the recordings are no longer those of the lock.

    \b
    Example:
      tinygest reproduce punch@2
    """
    from tinygest.workflow.reproducing import reproduce

    project = open_project(context)
    with progress_bar() as progress:
        result = reproduce(project, model, quick=quick, progress=progress)
    if as_json:
        print_json(result)
    else:
        _print(result)
    if not result.reproduced:
        raise typer.Exit(1)


def _print(result: Reproduction) -> None:
    if result.data_differ:
        _print_data(result)
    elif result.reproduced:
        typer.echo(f"{result.model}: reproduced; contract, .tflite and generated C are the same bytes")
    else:
        typer.echo(f"{result.model}: not the same")
        parts = {".tflite": result.same_tflite, "contract": result.same_contract}
        parts |= {f"generated C of the {part}": same for part, same in result.same_c.items()}
        print_table(("part", "bytes"), [(name, "same" if ok else "differ") for name, ok in parts.items()])
        if result.contract:
            print_table(("contract", "lock", "here"), [_row(change) for change in result.contract])
    if result.conditions:
        typer.echo("not as it was when the model was trained:")
        print_table(("condition", "lock", "here"), [_row(change) for change in result.conditions])
    elif result.trained and not result.reproduced:
        typer.echo("code, packages and processor are those of the lock")


def _print_data(result: Reproduction) -> None:
    typer.echo(f"{result.model}: not trained again, because the recordings are not those of the lock")
    if result.missing:
        typer.echo(f"missing: {', '.join(result.missing)}")
    if result.changed:
        typer.echo(f"changed: {', '.join(result.changed)}")
    if not (result.missing or result.changed):
        typer.echo("the lock is too old to tell which recordings were changed")


def _row(change: Change) -> tuple[str, str, str]:
    return change.what, str(change.a)[:SHOWN], str(change.b)[:SHOWN]
