"""`tinygest monitor`"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.board_options import Boards, Link, ending_on_signals, run
from tinygest.cli.keys import reading_keys
from tinygest.cli.live_results import print_report, result_line
from tinygest.cli.live_view import board_table, channel_table
from tinygest.cli.options import Json, open_project, print_json
from tinygest.core.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console, Group

    from tinygest.gateway.live import Live, Status
    from tinygest.store.project import Project
    from tinygest.workflow.results import Result, Results, Watch
    from tinygest.workflow.timed_labels import Time

DRAW_S = 0.2


def command(
    context: typer.Context,
    *,
    boards: Boards = None,
    link: Link = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.1, help="How long.", show_default="until q or Ctrl-C")
    ] = None,
    results: Annotated[
        bool, typer.Option("--results", help="The boards recognise; show what they find.")
    ] = False,
    try_model: Annotated[
        str | None,
        typer.Option("--try", metavar="MODEL", help="Run a model of the project here on what boards send."),
    ] = None,
    expect: Annotated[
        Path | None,
        typer.Option(
            "--expect", metavar="FILE", help="Compare results with what happened: CSV as of `label times`."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Watch boards: values of every channel, what is lost, signal strength, and what they recognise.

    \b
    Examples:
      tinygest monitor left right
      tinygest -p boxing monitor left --results --try punch
    """
    from tinygest.workflow.results import report
    from tinygest.workflow.timed_labels import read_times

    looks = results or try_model is not None
    if expect and not looks:
        raise UsageError("--expect compares results: it needs --results, --try, or both")
    project = _project(context, boards or [], needed=looks)
    watch = _watch(project, try_model, from_boards=results) if project and looks else None
    statuses, seen = run(_monitor(project, boards or [], link or [], seconds, watch))
    if watch is None:
        _print(statuses, as_json=as_json)
        return
    times: list[Time] | None = read_times(expect) if expect else None
    told = report(seen, times)
    if as_json:
        print_json(told)
    else:
        _print(statuses, as_json=False)
        print_report(told)


def _watch(project: Project, model: str | None, *, from_boards: bool) -> Watch:
    from tinygest.workflow.results import Watch

    if model is not None:
        project.bundle(model or None)  # before anybody moves
    return Watch(project, from_boards, model)


async def _monitor(
    project: Project | None,
    boards: list[str],
    link: list[str],
    seconds: float | None,
    watch: Watch | None,
) -> tuple[list[Status], list[Results]]:
    from rich.console import Console

    from tinygest.workflow.boards import Ways
    from tinygest.workflow.recording import Screen, sessions

    console = Console(stderr=True, highlight=False)
    screen = Screen(say=lambda text: console.print(text, markup=False))
    async with Ways(link, project) as ways:
        targets = await ways.find(boards)
        with ending_on_signals(screen.stop), reading_keys(lambda key: _press(key, screen.stop)):
            async with sessions(targets, screen, watch.options() if watch else None) as lives:
                seen = await _attach(watch, lives, console) if watch else []
                await _draw(console, lives, screen.stop, seconds)
                return [live.status() for live in lives], seen


async def _draw(console: Console, lives: list[Live], stop: asyncio.Event, seconds: float | None) -> None:
    from rich.live import Live as Display

    end_s = float("inf") if seconds is None else time.monotonic() + seconds
    with Display(console=console, transient=True, auto_refresh=False) as display:
        while not stop.is_set() and time.monotonic() < end_s:
            if console.is_terminal:
                display.update(_picture(lives), refresh=True)
            await asyncio.sleep(DRAW_S)


async def _attach(watch: Watch, lives: list[Live], console: Console) -> list[Results]:
    began_s = time.time()

    def tell(result: Result) -> None:
        console.print(result_line(result, began_s))

    seen = await asyncio.to_thread(watch.attach, lives, tell)
    for live, one in zip(lives, seen, strict=True):
        live.session.listen(one)
    return seen


def _picture(lives: list[Live]) -> Group:
    from rich.console import Group

    return Group(board_table(lives), *(channel_table(live) for live in lives), "q ends")


def _press(key: str, stop: asyncio.Event) -> None:
    if key == "q":
        stop.set()


def _project(context: typer.Context, boards: list[str], *, needed: bool) -> Project | None:
    """Only results and a recording that is played need one."""
    needed = needed or any(board.startswith("replay:") for board in boards)
    return open_project(context) if needed else None


def _print(statuses: list[Status], *, as_json: bool) -> None:
    if as_json:
        print_json(statuses)
        return
    for status in statuses:
        typer.echo(
            f"{status.side or status.name}: {status.n_samples} samples, {status.rate_hz:.1f} Hz, "
            f"{status.n_missing} missing, {status.n_repeated} twice"
        )
