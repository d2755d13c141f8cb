"""`tinygest export`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinygest.cli.options import Json, Where, open_project, print_json, progress_bar


def command(
    context: typer.Context,
    *,
    out: Annotated[Path, typer.Argument(help="New folder.")],
    format_name: Annotated[
        str,
        typer.Option("--format", help="csv, sensiml, sensiml-device, edge-impulse, ts or createai."),
    ],
    where: Where = "",
    key: Annotated[
        str, typer.Option("--key", envvar="TINYGEST_KEY", help="edge-impulse: signs each file.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Write recordings and labels for another tool; says what its format cannot hold.

    \b
    Example:
      tinygest export for_data_studio --format sensiml --where "subject=S1"
    """
    from tinygest.formats.export_base import ExportOptions
    from tinygest.workflow.device_file import FORMAT, export_device_file
    from tinygest.workflow.exporting import export_data

    project = open_project(context)
    if format_name == FORMAT:
        result = export_device_file(project, out)
    else:
        with progress_bar() as progress:
            result = export_data(
                project, out, format_name, where, options=ExportOptions(key), progress=progress
            )
    if as_json:
        print_json(result)
        return
    typer.echo(f"wrote {result.n_recordings} recordings to {result.folder}, {result.n_files} files")
    if result.import_again:
        typer.echo(f"to bring them back: {result.import_again}")
    for remark in result.remarks:
        typer.echo(f"note: {remark.kind}: {remark.examples[0]}", err=True)
