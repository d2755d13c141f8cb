"""`tinygest firmware`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from tinygest.cli.options import Json, open_project, print_json


def command(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for the PlatformIO project.")],
    *,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            metavar="MODEL",
            help="Build a model of the project in; '' is the newest.",
            show_default="capture only",
        ),
    ] = None,
    back_end: Annotated[
        Literal["c", "tflm"], typer.Option("--back-end", help="Our kernels, or TensorFlow Lite Micro.")
    ] = "c",
    as_json: Json = False,
) -> None:
    """Write the boards' firmware as a PlatformIO project, with a model inside or for capture only.

    No checkout is needed. Written again, it keeps your `on_event.cpp` and replaces the rest.

    \b
    Example:
      tinygest firmware glove --model punch
    """
    from tinygest.workflow.flashing import make_firmware

    project = open_project(context) if model is not None else None
    written, wanted = make_firmware(folder, project, model or None, back_end)
    if as_json:
        print_json({"folder": str(written.folder), "env": written.env, "model_id": wanted.model_id})
        return
    typer.echo(f"{written.folder}: firmware with {wanted.model or 'no model, to capture'}")
    for path in written.kept:
        typer.echo(f"kept as it was: {path}")
    typer.echo(f"build it: pio run -d {written.folder}; upload it: tinygest flash --dir {written.folder}")
