"""`tinygest doctor`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.board_options import BOARD_HELP, Link, run
from tinygest.cli.options import Json, print_json
from tinygest.cli.table import print_table

if TYPE_CHECKING:
    from tinygest.workflow.doctor import Check


def command(
    context: typer.Context,
    *,
    board: Annotated[str | None, typer.Argument(help=BOARD_HELP, show_default="only this machine")] = None,
    link: Link = None,
    as_json: Json = False,
) -> None:
    """Is this machine ready, and with a name also that board? Says what to do where not.

    \b
    Example:
      tinygest doctor left
    """
    from tinygest.workflow.doctor import check_machine

    folder = context.obj if context.obj.is_dir() else context.obj.parent
    checks = run(_board(board, link or [])) if board else check_machine(folder)
    if as_json:
        print_json(checks)
    else:
        print_table(("what", "state", "found"), ((one.what, one.state, one.found) for one in checks))
        for one in checks:
            if one.remedy:
                typer.echo(f"{one.what}: {one.remedy}")
    if any(one.state == "missing" for one in checks):
        raise typer.Exit(1)


async def _board(board: str, link: list[str]) -> list[Check]:
    from tinygest.workflow.boards import Ways
    from tinygest.workflow.doctor import check_board

    async with Ways(link) as ways:
        (target,) = await ways.find([board])
        return await check_board(target)
