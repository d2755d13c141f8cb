"""Boards on a serial port: ours, and any that speaks SensiML's SSI v1 or v2.

A port says nothing about who is behind it. So a link begins with "disconnect", which ends whatever ran,
and a question that only our boards answer; a configuration line says that there is an SSI board.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator

from tinygest.core.errors import LinkError, ProtocolError
from tinygest.protocol.control import Command, Op, encode_command
from tinygest.protocol.ssi_config import SsiConfig, decode_config
from tinygest.protocol.ssi_v1 import CONNECT, DISCONNECT
from tinygest.protocol.ssi_v2 import SerialChannel, V2Frame, encode_v2
from tinygest.transport.base import Found, Link, Transport
from tinygest.transport.inbox import Channel, Message
from tinygest.transport.serial_framing import Demultiplexer, Wire
from tinygest.transport.serial_port import BAUD_RATE, SerialPort

QUIET_S = 0.15  # the board's parser forgets half a word after 100 ms
PROBE_TAG = 0  # of no session's command: a late answer is nobody's
ASK_EVERY_S = 0.4
ANSWER_WITHIN_S = 2.5  # a configuration line comes once a second
OURS = frozenset({Channel.CONTROL, Channel.REPLY, Channel.SAMPLES, Channel.EVENTS})
SSI = frozenset({Channel.SSI_CONFIG, Channel.SSI_ROWS, Channel.SSI_LINE})


class SerialLink(Link):
    """Made by SerialTransport.connect."""

    def __init__(self, address: str) -> None:
        super().__init__(address, frozenset())
        self._demultiplexer = Demultiplexer()
        self._config = b""
        self._subscribed: set[Channel] = {Channel.REPLY}
        self._sequence = 0
        self._heard = asyncio.Event()
        self._port: SerialPort | None = None

    async def open(self, path: str, baud_rate: int) -> None:
        """Find out who is there; raises LinkError."""
        self._port = SerialPort(path, baud_rate, self._on_data, self.inbox.close)
        await self._port.write(DISCONNECT)
        await asyncio.sleep(QUIET_S)
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await self._ask()
        except TimeoutError:
            if not self.channels:
                reason = self.inbox.reason or f"{path} says nothing that tinygest or SSI boards say"
                raise LinkError(reason) from None

    async def read(self, channel: Channel) -> bytes:
        if channel != Channel.SSI_CONFIG or not self._config:
            raise self.missing(channel)
        return self._config

    async def write(self, channel: Channel, payload: bytes) -> None:
        if channel != Channel.CONTROL or channel not in self.channels:
            raise self.missing(channel)
        self._sequence += 1
        await self._send(encode_v2(V2Frame(SerialChannel.CONTROL, self._sequence, payload)))

    async def subscribe(self, channel: Channel) -> None:
        if channel not in self.channels:
            raise self.missing(channel)
        self._subscribed.add(channel)
        if channel == Channel.SSI_ROWS:
            is_v1 = self._ssi_config().version == 1
            self._demultiplexer.wire = Wire.RAW_ROWS if is_v1 else Wire.FRAMES
            await self._send(CONNECT)

    async def close(self) -> None:
        self.inbox.close("disconnected")
        if self._port is not None:
            with contextlib.suppress(LinkError):
                await self._port.write(DISCONNECT)
            await self._port.close()

    async def _send(self, data: bytes) -> None:
        if self._port is None or self.inbox.is_closed:
            raise LinkError(self.inbox.reason or f"{self.address} is not open")
        await self._port.write(data)

    async def _ask(self) -> None:
        """Until our board answered; a configuration line alone may come from one that is still busy."""
        command = encode_command(Command(Op.GET_INFO, PROBE_TAG))
        while Channel.CONTROL not in self.channels and not self.inbox.is_closed:
            await self._send(encode_v2(V2Frame(SerialChannel.CONTROL, 0, command)))
            self._heard.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(ASK_EVERY_S):
                    await self._heard.wait()

    def _on_data(self, data: bytes) -> None:
        for message in self._demultiplexer.feed(data, time.monotonic()):
            if message.channel == Channel.SSI_CONFIG:
                self._take_config(message)
            elif message.channel == Channel.REPLY and Channel.CONTROL not in self.channels:
                self.channels |= OURS
                self._heard.set()
            if message.channel in self._subscribed:
                self.inbox.push(message)

    def _take_config(self, message: Message) -> None:
        with contextlib.suppress(ProtocolError):
            decode_config(message.payload)
            self._config = message.payload
            self.channels |= SSI

    def _ssi_config(self) -> SsiConfig:
        return decode_config(self._config)


class SerialTransport(Transport):
    """All serial ports of this machine."""

    name = "serial"

    def __init__(self, baud_rate: int = BAUD_RATE) -> None:
        self._baud_rate = baud_rate

    async def scan(self, seconds: float) -> AsyncGenerator[Found, None]:
        """The ports of USB devices; who is behind them is asked on connecting."""
        from serial.tools import list_ports

        for port in sorted(list_ports.comports()):
            if port.vid is not None:
                yield Found(port.device, port.product or port.description or "")

    async def connect(self, address: str) -> Link:
        link = SerialLink(address)
        try:
            await link.open(address, self._baud_rate)
        except BaseException:
            await link.close()
            raise
        return link
