"""Finding boards by what a person says, without radio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tinygest.core.errors import AdapterError, LinkError
from tinygest.transport.base import Found
from tinygest.workflow.boards import Ways


class Hears:
    """A way on which one board is heard."""

    name = "serial"

    async def scan(self, seconds: float) -> AsyncIterator[Found]:
        yield Found("ttyACM0")

    async def close(self) -> None:
        pass


class IsDeaf(Hears):
    """A way that does not work on this machine."""

    async def scan(self, seconds: float) -> AsyncIterator[Found]:
        raise AdapterError("Bluetooth is switched off")
        yield


def test_who_is_heard_instead_hides_not_why_another_way_is_deaf() -> None:
    ways = Ways()
    ways._open = {"serial": Hears(), "ble": IsDeaf()}
    with pytest.raises(LinkError, match="'left' was heard: only ttyACM0; Bluetooth is switched off"):
        asyncio.run(ways.find(["left"], 0.1))
