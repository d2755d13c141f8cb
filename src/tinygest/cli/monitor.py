"""`tinygest monitor`"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.board_options import Boards, Link, ending_on_signals, run
from tinygest.cli.keys import reading_keys
from tinygest.cli.live_view import board_table, channel_table
from tinygest.cli.options import Json, open_project, print_json

if TYPE_CHECKING:
    from rich.console import Group

    from tinygest.gateway.live import Live, Status
    from tinygest.store.project import Project

DRAW_S = 0.2


def command(
    context: typer.Context,
    *,
    boards: Boards = None,
    link: Link = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.1, help="How long.", show_default="until q or Ctrl-C")
    ] = None,
    as_json: Json = False,
) -> None:
    """Watch boards: values of every channel, what is lost, how strong the signal is.

    \b
    Example:
      tinygest monitor left right
    """
    statuses = run(_monitor(context, boards or [], link or [], seconds))
    if as_json:
        print_json(statuses)
        return
    for status in statuses:
        typer.echo(
            f"{status.name}: {status.n_samples} samples, {status.rate_hz:.1f} Hz, "
            f"{status.n_missing} missing, {status.n_repeated} twice"
        )


async def _monitor(
    context: typer.Context, boards: list[str], link: list[str], seconds: float | None
) -> list[Status]:
    from rich.console import Console
    from rich.live import Live as Display

    from tinygest.workflow.boards import Ways
    from tinygest.workflow.recording import Screen, sessions

    console = Console(stderr=True, highlight=False)
    screen = Screen(say=lambda text: console.print(text, markup=False))
    async with Ways(link, _project(context, boards)) as ways:
        targets = await ways.find(boards)
        with ending_on_signals(screen.stop), reading_keys(lambda key: _press(key, screen.stop)):
            async with sessions(targets, screen) as lives:
                end_s = float("inf") if seconds is None else time.monotonic() + seconds
                with Display(console=console, transient=True, auto_refresh=False) as display:
                    while not screen.stop.is_set() and time.monotonic() < end_s:
                        if console.is_terminal:
                            display.update(_picture(lives), refresh=True)
                        await asyncio.sleep(DRAW_S)
                return [live.status() for live in lives]


def _picture(lives: list[Live]) -> Group:
    from rich.console import Group

    return Group(board_table(lives), *(channel_table(live) for live in lives), "q ends")


def _press(key: str, stop: asyncio.Event) -> None:
    if key == "q":
        stop.set()


def _project(context: typer.Context, boards: list[str]) -> Project | None:
    """Only a recording that is played needs one."""
    return open_project(context) if any(board.startswith("replay:") for board in boards) else None
