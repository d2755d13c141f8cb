"""`tinygest init`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.options import Json, print_json

if TYPE_CHECKING:
    from tinygest.store.project import Project

RATE_HZ = 100.0


def command(
    folder: Annotated[Path, typer.Argument(help="Folder of the new project.")],
    *,
    labels: Annotated[str, typer.Option("--labels", help="Labels of the project, with commas.")] = "",
    rate_hz: Annotated[
        float, typer.Option("--rate-hz", help="Rate that boards of this project deliver.")
    ] = RATE_HZ,
    example: Annotated[
        str, typer.Option("--example", help='Start with example data: "boxing", which is simulated.')
    ] = "",
    as_json: Json = False,
) -> None:
    """Start a project: a folder with tinygest.toml, recordings, labels and models.

    \b
    Example:
      tinygest init punches --labels jab,cross,hook
      tinygest init boxing --example boxing
    """
    names = [name.strip() for name in labels.split(",") if name.strip()]
    project = _start(folder, names, rate_hz, example)
    n_recordings = len(project.layout.recording_ids())
    if as_json:
        labels_now = list(project.config.labels)
        print_json({"project": str(project.root), "labels": labels_now, "n_recordings": n_recordings})
    elif example:
        typer.echo(
            f"started {project.root} with {n_recordings} simulated recordings; see them with "
            f"`tinygest -p {project.root} recordings`"
        )
    else:
        typer.echo(f"started {project.root}; bring data in with `tinygest -p {project.root} import ...`")


def _start(folder: Path, labels: list[str], rate_hz: float, example: str) -> Project:
    from tinygest.core.errors import UsageError
    from tinygest.workflow.examples import start_from_example
    from tinygest.workflow.projects import create_project

    if not example:
        return create_project(folder, labels, rate_hz)
    if labels or rate_hz != RATE_HZ:
        raise UsageError("an example brings its own labels and rate; leave --labels and --rate-hz out")
    return start_from_example(folder, example)
