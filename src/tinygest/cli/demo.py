"""`tinygest demo`"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.core.errors import ToolchainError

if TYPE_CHECKING:
    from tinygest.workflow.demo import Step

READY = "to reach them"
"""What `virtual-board` says when boards can be reached."""
STOP_S = 10.0


def command(
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder for the project and the library.")] = Path(
        "demo"
    ),
    open_report: Annotated[bool, typer.Option("--open", help="Show the report in a browser.")] = False,
) -> None:
    """The main job on simulated boxers: record with virtual gloves, label, train, verify, recognise live.

    Each step is a command of tinygest, printed before it runs, so that you can repeat it. It ends in a
    report. What is there already is used again.

    \b
    Example:
      tinygest demo --out demo --open
    """
    from tinygest.workflow.demo import DemoPlan

    plan = DemoPlan(out)
    with _background() as background:
        for step in plan.steps():
            typer.secho(f"\n{step.why}" if step.why else "", bold=True)
            typer.secho(f"$ {step.line}", fg="cyan")
            _run(step, background)
    typer.secho(
        "\nDone. All people in this demo are simulated: the scores say nothing about real gloves.",
        bold=True,
    )
    typer.echo(f"report      {plan.report}\nC library   {plan.library}\nproject     {plan.project}")
    if open_report:
        typer.launch(str(plan.report))


def _run(step: Step, background: list[subprocess.Popen[str]]) -> None:
    from tinygest.cli.app import app

    if step.ends:
        _end(background.pop())
    elif step.stays:
        background.append(_begin(step))
    else:
        status = app(list(step.arguments), standalone_mode=False)
        if status:
            raise typer.Exit(status)


@contextmanager
def _background() -> Iterator[list[subprocess.Popen[str]]]:
    """Nothing stays behind, however the demo ends."""
    running: list[subprocess.Popen[str]] = []
    try:
        yield running
    finally:
        while running:
            _end(running.pop())


def _begin(step: Step) -> subprocess.Popen[str]:
    """Shows what it says until it is ready. Raises ToolchainError."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tinygest", *step.arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout
    for line in process.stdout:
        typer.echo(line.rstrip())
        if line.startswith(READY):
            return process
    process.wait()
    raise ToolchainError("the virtual boards did not start; what they said is above")


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.communicate(timeout=STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
