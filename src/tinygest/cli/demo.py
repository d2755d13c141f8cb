"""`tinygest demo`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder for the project and the library.")] = Path(
        "demo"
    ),
    open_report: Annotated[bool, typer.Option("--open", help="Show the report in a browser.")] = False,
) -> None:
    """The main job on simulated boxers: from recordings to a verified C library and a report.

    Each step is a command of tinygest, printed before it runs, so that you can repeat it.

    \b
    Example:
      tinygest demo --out demo --open
    """
    from tinygest.cli.app import app
    from tinygest.workflow.demo import DemoPlan

    plan = DemoPlan(out)
    for step in plan.steps():
        typer.secho(f"\n{step.why}", bold=True)
        typer.secho(f"$ {step.line}", fg="cyan")
        status = app(list(step.arguments), standalone_mode=False)
        if status:
            raise typer.Exit(status)
    typer.secho(
        "\nDone. All people in this demo are simulated: the scores say nothing about real gloves.",
        bold=True,
    )
    typer.echo(f"report      {plan.report}\nC library   {plan.library}\nproject     {plan.project}")
    if open_report:
        typer.launch(str(plan.report))
