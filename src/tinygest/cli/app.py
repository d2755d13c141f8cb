"""The application: all verbs in the order of the work."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from tinygest import __version__

# Each name is a module here with a function `command`, or an `app` when the verb has verbs of its own.
VERBS: tuple[str, ...] = (
    "doctor",
    "init",
    "scan",
    "identify",
    "name",
    "monitor",
    "record",
    "import_",
    "export",
    "recordings",
    "edit",
    "check",
    "segment",
    "label",
    "train",
    "evaluate",
    "test",
    "calibrate",
    "generate",
    "verify",
    "profile",
    "gateway",
    "search",
    "diff",
    "reproduce",
    "firmware",
    "flash",
    "virtual_board",
    "demo",
)

app = typer.Typer(
    name="tinygest",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tinygest {__version__}")
        raise typer.Exit


@app.callback()
def tinygest(
    context: typer.Context,
    project: Annotated[
        Path, typer.Option("-p", "--project", help="Project folder.", show_default="current folder")
    ] = Path(),
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """From a sensor on a wrist to a classifier in a microcontroller, on one laptop."""
    context.obj = project


for _verb in VERBS:
    _module = import_module(f"tinygest.cli.{_verb}")
    _name = _verb.strip("_").replace("_", "-")
    if hasattr(_module, "app"):
        app.add_typer(_module.app, name=_name)
    else:
        app.command(_name)(_module.command)
