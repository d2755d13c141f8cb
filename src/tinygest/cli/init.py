"""`tinygest init`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tinygest.cli.options import Json, print_json


def command(
    folder: Annotated[Path, typer.Argument(help="Folder of the new project.")],
    labels: Annotated[str, typer.Option("--labels", help="Labels of the project, with commas.")] = "",
    rate_hz: Annotated[
        float, typer.Option("--rate-hz", help="Rate that boards of this project deliver.")
    ] = 100.0,
    as_json: Json = False,
) -> None:
    """Start a project: a folder with tinygest.toml, recordings, labels and models.

    \b
    Example:
      tinygest init punches --labels jab,cross,hook
    """
    from tinygest.workflow.projects import create_project

    names = [name.strip() for name in labels.split(",") if name.strip()]
    project = create_project(folder, names, rate_hz)
    if as_json:
        print_json({"project": str(project.root), "labels": names})
    else:
        typer.echo(f"started {project.root}; bring data in with `tinygest -p {project.root} import ...`")
