"""Virtual boards in a process of their own, for a gateway that wants some to try."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import msgspec

from tinygest.core.errors import ToolchainError
from tinygest.store.project import Project

START_S = 180.0
"""The firmware is compiled the first time."""
STOP_S = 5.0


class _BoardLine(msgspec.Struct):
    address: str


class _ReadyLine(msgspec.Struct):
    """First line of `virtual-board --json`."""

    radio: str
    boards: list[_BoardLine]


@dataclass
class VirtualProcess:
    """`tinygest virtual-board`, running."""

    link: str
    """As `--link` has it."""
    addresses: set[str]
    _process: asyncio.subprocess.Process

    @classmethod
    async def start(cls, project: Project, hands: Sequence[str], model: str | None) -> Self:
        """hands: left, right; model: name, or None for capture only. Raises ToolchainError."""
        command = [sys.executable, "-m", "tinygest", "-p", str(project.root), "virtual-board", "--json"]
        command += [f"--boxer={hand}" for hand in hands]
        command += [f"--model={model}"] if model is not None else []
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
        assert process.stdout is not None
        try:
            async with asyncio.timeout(START_S):
                line = await process.stdout.readline()
            ready = msgspec.json.decode(line, type=_ReadyLine)
        except (TimeoutError, msgspec.MsgspecError):
            raise ToolchainError(await _last_words(process)) from None
        except asyncio.CancelledError:  # nobody else knows of it
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            raise
        return cls(f"bumble:{ready.radio}", {board.address for board in ready.boards}, process)

    async def stop(self) -> None:
        """End it, in order if it can."""
        if self._process.returncode is None:
            self._process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                await self._process.communicate()
        except TimeoutError:
            self._process.kill()
            await self._process.communicate()


async def _last_words(process: asyncio.subprocess.Process) -> str:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    _, errors = await process.communicate()
    said = errors.decode(errors="replace").strip().splitlines()
    return said[-1].removeprefix("tinygest: ") if said else "the virtual boards did not start"
