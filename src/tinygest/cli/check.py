"""`tinygest check`"""

from __future__ import annotations

import typer

from tinygest.cli.options import Json, Where, open_project, print_json, progress_bar


def command(context: typer.Context, *, where: Where = "", as_json: Json = False) -> None:
    """Are the project's data sound? Physics, gaps, clipping, labels, sessions that do not fit together.

    \b
    Example:
      tinygest check --where "session=monday"
    """
    from tinygest.workflow.checking import check_data

    project = open_project(context)
    with progress_bar() as progress:
        result = check_data(project, where, progress)
    if as_json:
        print_json(result)
    else:
        for finding in result.findings:
            typer.echo(f"{finding.kind}  {finding.recording}: {finding.text}")
        typer.echo(f"{result.n_recordings} recordings, {result.n_sound} of them without any remark")
    if any(finding.kind == "problem" for finding in result.findings):
        raise typer.Exit(1)
