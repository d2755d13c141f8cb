"""`tinygest name`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.board_options import Board, Link, run
from tinygest.cli.options import Json, print_json

if TYPE_CHECKING:
    from tinygest.gateway.board import Identity


def command(
    *,
    board: Board = None,
    name: Annotated[
        str | None, typer.Option("--name", help="At most 20 bytes; empty brings the stock name back.")
    ] = None,
    side: Annotated[
        str | None, typer.Option("--side", help="left, right or none; picks the model.")
    ] = None,
    link: Link = None,
    as_json: Json = False,
) -> None:
    """Give a board a name and a side that it keeps.

    \b
    Example:
      tinygest name 1a2f --name "Ada left" --side left
    """
    from tinygest.workflow.boards import check_name

    check_name(name, side)
    identity = run(_name(board, name, side, link or []))
    if as_json:
        print_json({"device": identity.device, "name": identity.name, "side": identity.side})
    else:
        shown = identity.name or "(stock name)"
        typer.echo(f"device {identity.device}: {shown}, side {identity.side or 'none'}")


async def _name(board: str | None, name: str | None, side: str | None, link: list[str]) -> Identity:
    from tinygest.workflow.boards import Ways, give_name

    async with Ways(link) as ways:
        (target,) = await ways.find([board] if board else [])
        return await give_name(target, name, side)
