"""The virtual radio in a thread of its own, so that verbs can run their own event loop beside it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tinygest.simulate.radio.board import VirtualBoard
from tinygest.simulate.radio.model import RadioModel
from tinygest.simulate.radio.process import BoardOptions
from tinygest.simulate.radio.radio import VirtualRadio


@dataclass
class RadioThread:
    """link: for --link. Boards are touched only through `call`."""

    link: str
    boards: list[VirtualBoard]
    loop: asyncio.AbstractEventLoop

    def call(self, function: Callable[..., object], *arguments: object) -> None:
        self.loop.call_soon_threadsafe(function, *arguments)


@contextmanager
def radio_thread(
    program: Path, options: Sequence[BoardOptions], model: RadioModel | None = None
) -> Iterator[RadioThread]:
    ready: list[RadioThread] = []
    failed: list[BaseException] = []
    is_ready, stop = threading.Event(), asyncio.Event()

    async def work() -> None:
        async with VirtualRadio(model) as radio:
            boards = [await radio.add_board(program, one) for one in options]
            link = "bumble:" + await radio.listen()
            ready.append(RadioThread(link, boards, asyncio.get_running_loop()))
            is_ready.set()
            await stop.wait()

    def run() -> None:
        try:
            asyncio.run(work())
        except BaseException as error:
            failed.append(error)
            is_ready.set()

    thread = threading.Thread(target=run)
    thread.start()
    is_ready.wait(30)
    try:
        assert ready, failed
        yield ready[0]
    finally:
        if ready:
            ready[0].loop.call_soon_threadsafe(stop.set)
        thread.join(20)
    assert not failed, failed
