"""`tinygest verify`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.options import Json, Where, open_project, print_json, progress_bar
from tinygest.cli.table import print_table

if TYPE_CHECKING:
    from tinygest.verify.report import VerifyReport

Model = Annotated[
    str | None, typer.Argument(help="Name, or name/revision.", metavar="MODEL", show_default="the newest")
]
LibraryFolder = Annotated[
    Path | None,
    typer.Option(
        "--library", help="Folder of `tinygest generate --out`.", show_default="generated for this run"
    ),
]
Limit = Annotated[
    int | None,
    typer.Option("--limit", min=1, help="Only the first so many recordings.", show_default="all"),
]


def command(
    context: typer.Context,
    model: Model = None,
    *,
    where: Where = "",
    limit: Limit = None,
    require: Annotated[
        str,
        typer.Option(
            "--require",
            metavar="LIST",
            help="What must run, with commas: host, cortex-m4, tflm.",
            show_default="what is there",
        ),
    ] = "",
    library: LibraryFolder = None,
    as_json: Json = False,
) -> None:
    """Compare a model's C library with Python, byte for byte, here and on an emulated Cortex-M4.

    Whole recordings pass through the library; segments, inputs, logits and events are compared.

    \b
    Example:
      tinygest verify punch --require cortex-m4,tflm
    """
    from tinygest.verify.report import parse_required
    from tinygest.workflow.verification import verify_model

    required = parse_required(require)
    project = open_project(context)
    with progress_bar() as progress:
        report = verify_model(
            project, model, where=where, limit=limit, library=library, required=required, progress=progress
        )
    if as_json:
        print_json(report)
    else:
        _print(report)


def _print(report: VerifyReport) -> None:
    typer.echo(
        f"{report.model} ({report.model_id[:12]}): {report.n_recordings} recordings, "
        f"{report.n_samples} samples, {report.n_gaps} gaps"
    )
    rows = ((row.target, row.stage, row.n_compared, row.n_bytes, row.against) for row in report.stages)
    print_table(("target", "stage", "compared", "bytes", "equal to"), rows)
    for target, tool in report.tools.items():
        typer.echo(f"{target}: {tool}")
    for entry in report.not_run:
        typer.echo(f"not run: {entry.what}: {entry.reason}")
    typer.echo("0 bytes differ")
