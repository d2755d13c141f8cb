"""A central of bumble alone, for tests of the virtual radio: scan, connect, command, listen."""

from __future__ import annotations

import asyncio
from typing import Any, Self

from bumble import hci
from bumble.core import UUID
from bumble.device import Connection, Device, DeviceConfiguration, Peer
from bumble.transport import open_transport

from tinygest.protocol import control, gatt, health, info, samples

TIMEOUT_S = 20.0


class Central:
    """On a dongle of this process (a controller), or on a transport by bumble's name for it."""

    def __init__(self, dongle: Any):
        self._dongle = dongle
        self._transport: Any = None
        self.device: Device
        self.reports: list[Any] = []

    async def __aenter__(self) -> Self:
        source = sink = self._dongle
        if isinstance(self._dongle, str):
            self._transport = await open_transport(self._dongle)
            source, sink = self._transport.source, self._transport.sink
        config = DeviceConfiguration(name="central", address=hci.Address.generate_static_address())
        self.device = Device.from_config_with_hci(config, source, sink)
        await self.device.power_on()
        self.device.on("advertisement", self.reports.append)
        return self

    async def __aexit__(self, *_: object) -> None:
        for connection in list(self.device.connections.values()):
            await connection.disconnect()
        if self._transport:
            await self._transport.close()

    async def find(self, address: hci.Address) -> Any:
        """The first report of this board; bumble joins advertising data and scan response."""
        self.reports.clear()
        await self.device.start_scanning(filter_duplicates=False)
        found: list[Any] = []
        async with asyncio.timeout(TIMEOUT_S):
            while not found:
                await asyncio.sleep(0.01)
                found = [report for report in self.reports if report.address == address]
        await self.device.stop_scanning()
        return found[0]

    async def connect(self, address: hci.Address, *streams: str, mtu: int = 517) -> Board:
        async with asyncio.timeout(TIMEOUT_S):
            board = Board(await self.device.connect_le(address))
            await board.open(mtu, streams)
        return board


class Board:
    """The central's view of a board."""

    def __init__(self, connection: Connection):
        self.connection = connection
        self.peer = Peer(connection)
        self.seen: dict[str, list[bytes]] = {}
        self.ended = asyncio.Event()
        self.end_reason = 0
        connection.on("disconnection", self._on_end)

    def _on_end(self, reason: int) -> None:
        self.end_reason = reason
        self.ended.set()

    async def open(self, mtu: int, streams: tuple[str, ...]) -> None:
        await self.peer.request_mtu(mtu)
        await self.peer.discover_services()
        await self.peer.discover_characteristics()
        for stream in streams:
            await self.subscribe(stream)

    def _characteristic(self, uuid: str) -> Any:
        return self.peer.get_characteristics_by_uuid(UUID(uuid))[0]

    async def subscribe(self, uuid: str) -> None:
        one = self._characteristic(uuid)
        await one.discover_descriptors()
        into = self.seen.setdefault(uuid, [])
        await one.subscribe(lambda value: into.append(bytes(value)))

    async def read(self, uuid: str) -> bytes:
        return bytes(await self._characteristic(uuid).read_value())

    async def write(self, uuid: str, data: bytes, *, with_response: bool = True) -> None:
        await self._characteristic(uuid).write_value(data, with_response=with_response)

    async def command(self, op: int, arguments: bytes = b"") -> control.Reply:
        replies = self.seen[gatt.REPLY]
        n_before = len(replies)
        await self.write(gatt.CONTROL, control.encode_command(control.Command(op, 1, arguments)))
        async with asyncio.timeout(TIMEOUT_S):
            while True:
                while len(replies) == n_before:
                    await asyncio.sleep(0.002)
                reply = control.decode_reply(replies[n_before])
                if reply.op == op:
                    return reply
                n_before += 1

    async def health(self) -> health.Health:
        return health.decode_health((await self.command(control.Op.GET_HEALTH)).arguments)

    async def info(self) -> info.Info:
        return info.decode_info(await self.read(gatt.INFO))

    def frames(self) -> list[samples.SampleFrame]:
        return [samples.decode_samples(payload, 6) for payload in self.seen[gatt.SAMPLES]]
