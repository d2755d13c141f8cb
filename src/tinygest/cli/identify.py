"""`tinygest identify`"""

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
    link: Link = None,
    seconds: Annotated[int, typer.Option("--seconds", min=1, max=255, help="How long it blinks.")] = 5,
    as_json: Json = False,
) -> None:
    """Make a board's light blink, to see which one it is.

    \b
    Example:
      tinygest identify left
    """
    identity = run(_identify(board, link or [], seconds))
    if as_json:
        print_json({"device": identity.device, "name": identity.name, "side": identity.side})
    else:
        typer.echo(f"{identity.name or identity.address} (device {identity.device}) blinks for {seconds} s")


async def _identify(board: str | None, link: list[str], seconds: int) -> Identity:
    from tinygest.workflow.boards import Ways, blink

    async with Ways(link) as ways:
        (target,) = await ways.find([board] if board else [])
        return await blink(target, seconds)
