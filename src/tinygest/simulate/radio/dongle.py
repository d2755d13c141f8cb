"""Virtual dongles for other programs: HCI over TCP, on this computer only."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from bumble.core import BaseBumbleError
from bumble.transport.common import PacketParser

from tinygest.simulate.radio.controller import AirController

log = logging.getLogger(__name__)
HOST = "127.0.0.1"


class _Out:
    """Where a controller's packets go: into the socket."""

    def __init__(self, writer: asyncio.StreamWriter):
        self._writer = writer

    def on_packet(self, packet: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(packet)


class DongleServer:
    """Every program that connects gets a dongle of its own; when it goes, the dongle is pulled out."""

    def __init__(self, make: Callable[[], AirController], pull_out: Callable[[AirController], None]):
        self._make = make
        self._pull_out = pull_out
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self, port: int) -> str:
        """How bumble names the transport to it. port 0: any that is free."""
        self._server = await asyncio.start_server(self._serve, HOST, port)
        return f"tcp-client:{HOST}:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for writer in tuple(self._writers):
            writer.close()
        await self._server.wait_closed()
        while self._writers:  # until every connection has been tidied up
            await asyncio.sleep(0.001)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dongle = self._make()
        dongle.host = _Out(writer)
        parser = PacketParser(dongle)
        self._writers.add(writer)
        try:
            while data := await reader.read(65536):
                parser.feed_data(data)
        except BaseBumbleError as error:
            log.warning("a program sent what is no HCI packet: %s", error)
        except ConnectionError:
            pass
        finally:
            self._pull_out(dongle)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
            self._writers.discard(writer)
