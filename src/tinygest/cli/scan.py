"""`tinygest scan`"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.board_options import Link, run
from tinygest.cli.options import Json, print_json
from tinygest.cli.table import print_table

if TYPE_CHECKING:
    from tinygest.workflow.boards import BoardRow, Target

HEADER = ("name", "mode", "side", "device", "signal", "way", "address")


def command(
    *,
    link: Link = None,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="How long to listen.")] = 5.0,
    as_json: Json = False,
) -> None:
    """Show the boards that can be heard; a connected board is silent.

    \b
    Example:
      tinygest scan
    """
    rows, problems = run(_scan(link or [], seconds))
    for problem in problems:
        typer.echo(f"note: {problem}", err=True)
    if as_json:
        print_json(rows)
        return
    signal = {row.address: None if row.rssi_dbm is None else f"{row.rssi_dbm} dBm" for row in rows}
    print_table(
        HEADER,
        ((r.name, r.mode, r.side, r.device, signal[r.address], r.way, r.address) for r in rows),
    )
    typer.echo(f"{len(rows)} boards")


async def _scan(link: list[str], seconds: float) -> tuple[list[BoardRow], list[str]]:
    from tinygest.workflow.boards import Ways, row

    async with Ways(link) as ways:
        targets = await ways.scan(seconds, _show)
        return [row(target) for target in targets], ways.problems


def _show(target: Target) -> bool:
    """As soon as it is heard, for a person who waits; it never is enough."""
    if sys.stderr.isatty():
        typer.echo(f"  {target.found.name or '(no name yet)'}  {target.address}", err=True)
    return False
