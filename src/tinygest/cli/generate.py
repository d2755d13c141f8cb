"""`tinygest generate`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tinygest.cli.options import Json, open_project, print_json, progress_bar
from tinygest.core.errors import UsageError

if TYPE_CHECKING:
    from tinygest.workflow.generation import Generated


def command(
    context: typer.Context,
    *,
    model: Annotated[
        str | None,
        typer.Argument(metavar="[MODEL|FILE.tflite]", help="A model, MODEL/REVISION, or a .tflite file."),
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder to write into.", show_default=True)] = Path(
        "library"
    ),
    name: Annotated[
        str, typer.Option("--name", help="Name in C of a .tflite file.", show_default="the file's name")
    ] = "",
    back_end: Annotated[
        Literal["c", "tflm"], typer.Option("--back-end", help="Our kernels, or TensorFlow Lite Micro.")
    ] = "c",
    zip: Annotated[bool, typer.Option("--zip", help="Also make one archive for the Arduino IDE.")] = False,
    as_json: Json = False,
) -> None:
    """Write a C library: of a model of the project, or of a bare int8 .tflite.

    \b
    Examples:
      tinygest generate punch --out firmware/lib
      tinygest generate keyword.tflite --name keyword --out lib --zip
    """
    from tinygest.workflow.generation import generate_file, generate_model

    with progress_bar() as progress:
        if model is not None and model.endswith(".tflite"):
            file = Path(model)
            result = generate_file(file, name, out, back_end, zip=zip, progress=progress)
        elif name:
            raise UsageError("--name is for .tflite files; a model keeps the name it was trained under")
        else:
            result = generate_model(open_project(context), model, out, back_end, zip=zip, progress=progress)
    if as_json:
        print_json(result)
    else:
        _print(result)


def _print(result: Generated) -> None:
    typer.echo(f"{result.library}: {result.n_changed} files written, back end {result.back_end}")
    typer.echo(
        f"arena {result.arena_bytes} bytes (in use at one time: {result.arena_bound_bytes}), constants "
        f"{result.constant_bytes} bytes, {result.n_macs} multiply-accumulates"
    )
    if result.zip is not None:
        typer.echo(f"{result.zip}: for the Arduino IDE")
    if result.over_budget:
        typer.echo(f"over the budget of tinygest.toml: {result.over_budget}", err=True)
    if not result.self_test:
        typer.echo(f"without self-test: {result.no_self_test}")
