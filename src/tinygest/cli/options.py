"""Options that several verbs share, and how results and progress are shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tinygest.core.errors import UsageError
from tinygest.core.progress import Progress

if TYPE_CHECKING:
    from tinygest.store.project import Project

Where = Annotated[
    str,
    typer.Option("--where", help='Choose recordings, e.g. "side=left subject!=S3".', show_default="all"),
]
NewestModel = Annotated[
    str | None, typer.Argument(help="Name, or NAME/REVISION.", show_default="newest model")
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON for machines.")]
MAX_TOLD = 5  # of notes of one kind

PROGRESS_FILE = "TINYGEST_PROGRESS"
"""Environment variable: the file in which progress is written as JSON, for whoever started the verb."""


def open_project(context: typer.Context) -> Project:
    """The project that `-p` names, or the current folder."""
    from tinygest.store.project import Project

    project = Project.open(context.obj)
    if any(project.layout.journals.glob("*.journal")):
        _recover(project)
    _tell_of_missing_signals(project)
    return project


def _tell_of_missing_signals(project: Project) -> None:
    """Such a recording is in no list and trains nothing; nobody should have to find out by its absence."""
    missing = project.layout.ids_without_signal()
    for name in missing[:MAX_TOLD]:
        typer.echo(
            f"note: recordings/{name}.json has no {name}.parquet beside it: restore the signal; "
            "until then the recording is left out",
            err=True,
        )
    if len(missing) > MAX_TOLD:
        typer.echo(f"note: {len(missing) - MAX_TOLD} more recordings have no signal", err=True)


def _recover(project: Project) -> None:
    """Recordings that a crash, a kill or a full disk left behind."""
    from tinygest.gateway.finish import recover

    finished, problems = recover(project)
    for one in finished:
        seconds = f"{one.physics.duration_s:.1f} s"
        typer.echo(f"note: recording {one.id} was cut off; {seconds} of it are saved now", err=True)
    for problem in problems:
        typer.echo(f"note: {problem}", err=True)


def parse_fields(texts: list[str]) -> dict[str, str]:
    """NAME=VALUE, each; raises UsageError."""
    fields = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--field {text!r}: write NAME=VALUE")
        fields[name] = value
    return fields


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    from tinygest.core.canonical import pretty_json

    sys.stdout.write(pretty_json(value).decode())


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress bar on standard error; nothing where standard error is not a terminal.

    With PROGRESS_FILE in the environment, a file instead.
    """
    if path := os.environ.get(PROGRESS_FILE):
        from tinygest.cli.progress_file import progress_file

        yield progress_file(Path(path))
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)

        def report(what: str, done: int, total: int) -> None:
            bar.update(task, description=what, completed=done, total=total)

        yield report
