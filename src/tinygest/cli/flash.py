"""`tinygest flash`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tinygest.cli.options import Json, open_project, print_json, progress_bar
from tinygest.cli.table import print_table
from tinygest.core.errors import UsageError

if TYPE_CHECKING:
    from tinygest.workflow.flashing import FlashReport


def command(
    context: typer.Context,
    *,
    model: Annotated[
        str | None,
        typer.Argument(help="Name, or name/revision.", metavar="MODEL", show_default="the newest"),
    ] = None,
    capture: Annotated[
        bool, typer.Option("--capture", help="Firmware that only captures; needs no project.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="Every board that is connected.")] = False,
    port: Annotated[
        str, typer.Option("--port", help="The board on this port.", show_default="the only one")
    ] = "",
    folder: Annotated[
        Path | None,
        typer.Option("--dir", help="A project of `tinygest firmware`, built as it is.", metavar="DIR"),
    ] = None,
    back_end: Annotated[
        Literal["c", "tflm"], typer.Option("--back-end", help="Our kernels, or TensorFlow Lite Micro.")
    ] = "c",
    link: Annotated[
        str,
        typer.Option(
            "--link", envvar="TINYGEST_LINK", help="Where to look for it on the air; '' to leave it."
        ),
    ] = "ble",
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="Ask the board afterwards what it runs.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Build firmware, put it on a board, and read back what runs there.

    Boards are found by their USB id. The first build takes compiler and Arduino core from PlatformIO's
    registry. Afterwards the board is asked over its cable and looked for on the air.

    \b
    Examples:
      tinygest flash --capture
      tinygest flash punch --all
    """
    from tinygest.workflow.flashing import flash

    if sum((capture, folder is not None, model is not None)) > 1:
        raise UsageError("choose one of MODEL, --capture and --dir")
    project = None if capture or folder is not None else open_project(context)
    with progress_bar() as progress:
        report = flash(
            project,
            model,
            back_end=back_end,
            folder=folder,
            port=port,
            every=every,
            check=check,
            radio=link,
            progress=progress,
        )
    if as_json:
        print_json(report)
    else:
        _print(report)
    if any(board.error for board in report.boards):
        raise typer.Exit(1)


def _print(report: FlashReport) -> None:
    what = report.wanted.model or ("a model" if report.wanted.model_id else "capture only")
    typer.echo(f"{what}: {report.size.flash:,} bytes of flash, {report.size.ram:,} of RAM")
    rows = [
        (b.port, b.device or None, b.sensor or None, b.model_id[:12] or None, b.error or b.note or "well")
        for b in report.boards
    ]
    print_table(("port", "device", "sensor", "model", "is"), rows)
