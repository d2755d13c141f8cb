"""Options of the verbs that talk with boards."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Annotated, Any, TypeVar

import typer

T = TypeVar("T")

Link = Annotated[
    list[str] | None,
    typer.Option(
        "--link",
        envvar="TINYGEST_LINK",
        help="Way to boards: ble, ble:ADAPTER, bumble:TRANSPORT, serial; may be repeated.",
        show_default="ble and serial",
    ),
]
BOARD_HELP = "A board: name, side, end of its device id, address, port, http://..., replay:RECORDING."
Board = Annotated[str | None, typer.Argument(help=BOARD_HELP, show_default="the only one there is")]
Boards = Annotated[list[str] | None, typer.Argument(help=BOARD_HELP, show_default="the only one there is")]


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end; what a verb does on Ctrl-C it says with `ending_on_signals`."""
    return asyncio.run(work)


@contextmanager
def ending_on_signals(stop: asyncio.Event) -> Iterator[None]:
    """Ctrl-C and SIGTERM set `stop`, so that what runs ends in order."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    with suppress(NotImplementedError):  # Windows: Ctrl-C cancels, and the journal is recovered
        for number in signals:
            loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        with suppress(NotImplementedError):
            for number in signals:
                loop.remove_signal_handler(number)
