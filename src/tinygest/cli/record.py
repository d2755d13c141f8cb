"""`tinygest record`"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from tinygest.cli.board_options import Boards, Link, ending_on_signals, run
from tinygest.cli.keys import reading_keys
from tinygest.cli.live_view import board_table
from tinygest.cli.options import Json, open_project, parse_fields, print_json
from tinygest.core.errors import UsageError

if TYPE_CHECKING:
    from rich.live import Live as Display

    from tinygest.gateway.finish import Finished
    from tinygest.gateway.live import Live
    from tinygest.store.project import Project
    from tinygest.workflow.recording import RecordPlan, Screen

END_LABEL, END_ALL = " ", "q"
TICKS_A_DRAWING = 4


def command(
    context: typer.Context,
    *,
    boards: Boards = None,
    label: Annotated[str, typer.Option("--label", help="What `segment` proposes for it.")] = "",
    subject: Annotated[str, typer.Option("--subject", help="Who moves.")] = "",
    side: Annotated[str, typer.Option("--side", help="Instead of what the board says.")] = "",
    session: Annotated[
        str, typer.Option("--session", help="One subject at one sitting.", show_default="subject and day")
    ] = "",
    notes: Annotated[str, typer.Option("--notes", help="Free text.")] = "",
    field: Annotated[
        list[str] | None, typer.Option("--field", help="NAME=VALUE of a project field.")
    ] = None,
    name: Annotated[
        str, typer.Option("--name", help="Ids begin with it.", show_default="date, time, subject, label")
    ] = "",
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.1, help="Length.", show_default="until q or Ctrl-C")
    ] = None,
    countdown: Annotated[float, typer.Option("--countdown", min=0, help="Seconds before it begins.")] = 0.0,
    repeat: Annotated[int, typer.Option("--repeat", min=1, max=999, help="How many recordings.")] = 1,
    key: Annotated[
        list[str] | None,
        typer.Option(
            "--key", help="LETTER=LABEL: begins a segment while recording; again, or space, ends it."
        ),
    ] = None,
    link: Link = None,
    as_json: Json = False,
) -> None:
    """Record from one board, or from several at the same time.

    \b
    Examples:
      tinygest record left right --subject S1 --label jab --seconds 30 --countdown 3
      tinygest record --key j=jab --key c=cross
    """
    from tinygest.core.recording import RecordingMeta
    from tinygest.workflow.recording import RecordPlan

    project = open_project(context)
    meta = RecordingMeta(subject, side, session, label, notes, parse_fields(field or []))
    plan = RecordPlan(meta, name, seconds, countdown, repeat)
    keys = _keys(key or [], project)
    finished = run(_record(project, boards or [], plan, keys, link or []))
    if as_json:
        print_json(finished)
    else:
        _print(finished)


async def _record(
    project: Project, boards: list[str], plan: RecordPlan, keys: dict[str, str], link: list[str]
) -> list[Finished]:
    from tinygest.workflow.boards import Ways
    from tinygest.workflow.recording import Screen, check_plan, record

    check_plan(project, plan)
    screen = Screen()
    async with Ways(link, project) as ways:
        targets = await ways.find(boards)
        with ending_on_signals(screen.stop), _shown(screen, keys), reading_keys(_on_key(screen, keys)):
            return await record(project, targets, plan, screen)


@contextmanager
def _shown(screen: Screen, keys: dict[str, str]) -> Iterator[None]:
    """On standard error: lines, and on a terminal what goes on now."""
    from rich.console import Console
    from rich.live import Live as Display

    console = Console(stderr=True, highlight=False)
    screen.say = lambda text: console.print(text, markup=False)
    with Display(console=console, transient=True, auto_refresh=False) as display:
        if console.is_terminal:
            screen.tick = _drawing(display, keys)
            screen.count_down = lambda left, number, repeat: display.update(
                f"recording {number} of {repeat} begins in {left}", refresh=True
            )
        yield


def _drawing(display: Display, keys: dict[str, str]) -> Callable[[list[Live], float, str], None]:
    from rich.console import Group

    n_ticks = 0
    words = "  ".join(f"{letter} {label}" for letter, label in keys.items())
    help_ = f"q ends{'  space ends the label  ' + words if keys else ''}"

    def draw(lives: list[Live], seconds: float, label: str) -> None:
        nonlocal n_ticks
        n_ticks += 1
        if n_ticks % TICKS_A_DRAWING == 1:
            head = f"recording {seconds:.1f} s   {label and f'label: {label}'}"
            display.update(Group(head, board_table(lives), help_), refresh=True)

    return draw


def _on_key(screen: Screen, keys: dict[str, str]) -> Callable[[str], None]:
    def pressed(letter: str) -> None:
        if letter in keys:
            screen.label = "" if screen.label == keys[letter] else keys[letter]
        elif letter == END_LABEL:
            screen.label = ""
        elif letter == END_ALL:
            screen.stop.set()

    return pressed


def _keys(texts: list[str], project: Project) -> dict[str, str]:
    from tinygest.workflow.projects import check_known
    from tinygest.workflow.recording import NEW_LABELS

    keys = {}
    for text in texts:
        letter, equals, label = text.partition("=")
        if len(letter) != 1 or not equals or letter in (END_ALL, END_LABEL) or not label:
            raise UsageError(f"--key {text!r}: write LETTER=LABEL, with another letter than q")
        check_known(project, label, remedy=NEW_LABELS)
        keys[letter] = label
    return keys


def _print(finished: list[Finished]) -> None:
    for one in finished:
        segments = f", {one.n_segments} segments" if one.n_segments else ""
        typer.echo(f"{one.id}: {one.physics.duration_s:.1f} s, {one.n_samples} samples{segments}")
        for remark in one.remarks:
            typer.echo(f"  {remark}")
    if not finished:
        typer.echo("nothing was recorded")
