"""Single keys of a terminal while something runs."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

POLL_S = 0.03


@contextmanager
def reading_keys(on_key: Callable[[str], None]) -> Iterator[None]:
    """Call on_key on the event loop for each key; nothing where standard input is no terminal."""
    if not sys.stdin.isatty():
        yield
    elif sys.platform == "win32":
        with _windows(on_key):
            yield
    else:
        with _posix(on_key):
            yield


if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def _windows(on_key: Callable[[str], None]) -> Iterator[None]:
        async def poll() -> None:
            while True:
                while msvcrt.kbhit():
                    on_key(msvcrt.getwch())
                await asyncio.sleep(POLL_S)

        task = asyncio.get_running_loop().create_task(poll())
        try:
            yield
        finally:
            task.cancel()

else:
    import termios
    import tty

    @contextmanager
    def _posix(on_key: Callable[[str], None]) -> Iterator[None]:
        """Ctrl-C stays a signal."""
        handle = sys.stdin.fileno()
        before = termios.tcgetattr(handle)
        loop = asyncio.get_running_loop()

        def read() -> None:
            for letter in os.read(handle, 64).decode(errors="ignore"):
                on_key(letter)

        tty.setcbreak(handle)
        loop.add_reader(handle, read)
        try:
            yield
        finally:
            loop.remove_reader(handle)
            termios.tcsetattr(handle, termios.TCSADRAIN, before)
