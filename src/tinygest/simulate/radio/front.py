"""A board's side of the radio: a GATT server that says what the board's process says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from bumble import att, hci
from bumble.core import UUID, BaseBumbleError
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue, Service

from tinygest.simulate.radio.air import Air
from tinygest.simulate.radio.controller import AirController

ADVERTISING_INTERVAL_MS = 100
INTERVAL_UNIT_MS = 1.25
SUPERVISION_TIMEOUT_MS = 2000
ANSWER_TIMEOUT_S = 5.0
LINK_PACKET_IS_NOTIFICATION = (4, 0x1B)
"""ATT channel and opcode, at offsets 2 and 4 of a packet."""


class Listener(Protocol):
    """Whoever stands for the board behind the GATT server."""

    def linked(self, address: bytes) -> None: ...
    def unlinked(self, reason: int) -> None: ...
    def mtu_changed(self, mtu: int) -> None: ...
    def written(self, index: int, data: bytes) -> None: ...
    def subscribed(self, index: int, is_on: bool) -> None: ...
    def notification_sent(self) -> None: ...


@dataclass
class _Slot:
    """A characteristic and what a read answers."""

    characteristic: Characteristic[bytes]
    value: bytes = b""


class GattFront:
    """One life of a board on the air, from its table to its end."""

    def __init__(self, air: Air, address: hci.Address, max_mtu: int, table: bytes, listener: Listener):
        self._air = air
        self._listener = listener
        self._slots: dict[int, _Slot] = {}
        self._intervals_ms = (0.0, 0.0)
        self.connection: Connection | None = None
        self.controller = AirController(str(address), air)
        self.controller.rssi_dbm = air.model.rssi_dbm
        # As ArduinoBLE, which advertises in the old way.
        self.controller.le_features &= ~hci.LeFeatureMask.LE_EXTENDED_ADVERTISING
        self.controller.on_sent = self._on_sent
        config = DeviceConfiguration(
            name="",
            address=address,
            advertising_interval_min=ADVERTISING_INTERVAL_MS,
            advertising_interval_max=ADVERTISING_INTERVAL_MS,
        )
        self.device = Device.from_config_with_hci(config, self.controller, self.controller)
        self.device.gatt_server.max_mtu = max_mtu
        self.device.add_services([self._service(one) for one in json.loads(table)])
        self.device.on(self.device.EVENT_CONNECTION, self._on_connection)

    def _service(self, described: dict[str, Any]) -> Service:
        return Service(described["uuid"], [self._characteristic(c) for c in described["characteristics"]])

    def _characteristic(self, described: dict[str, Any]) -> Characteristic[bytes]:
        index = described["index"]
        properties = Characteristic.Properties(described["properties"])

        def read(_connection: Connection) -> bytes:
            if not properties & Characteristic.Properties.READ:
                raise att.ATT_Error(att.ErrorCode.READ_NOT_PERMITTED)
            return self._slots[index].value

        def write(_connection: Connection, data: bytes) -> None:
            if not properties & (
                Characteristic.Properties.WRITE | Characteristic.Properties.WRITE_WITHOUT_RESPONSE
            ):
                raise att.ATT_Error(att.ErrorCode.WRITE_NOT_PERMITTED)
            self._listener.written(index, bytes(data))

        made = Characteristic[bytes](
            UUID(described["uuid"]),
            properties,
            Characteristic.READABLE | Characteristic.WRITEABLE,
            CharacteristicValue(read=read, write=write),
        )
        made.on(made.EVENT_SUBSCRIPTION, self._subscriber(index))
        self._slots[index] = _Slot(made)
        return made

    def _subscriber(self, index: int) -> Callable[[Connection, bool, bool], None]:
        def changed(_connection: Connection, is_notified: bool, _is_indicated: bool) -> None:
            self._listener.subscribed(index, is_notified)

        return changed

    async def power_on(self) -> None:
        await self.device.power_on()

    async def advertise(self, data: bytes, response: bytes) -> None:
        if self.connection is None:
            await self.device.start_advertising(advertising_data=data, scan_response_data=response)

    async def stop_advertising(self) -> None:
        await self.device.stop_advertising()

    def set_value(self, index: int, value: bytes) -> None:
        self._slots[index].value = value

    def set_intervals(self, minimum: int, maximum: int) -> None:
        """What the board asks a central for, in 1.25 ms."""
        self._intervals_ms = (minimum * INTERVAL_UNIT_MS, maximum * INTERVAL_UNIT_MS)

    async def notify(self, index: int, data: bytes) -> bool:
        """False: there is no link any more."""
        if self.connection is None:
            return False
        slot = self._slots[index]
        await self.device.gatt_server.notify_subscriber(
            self.connection, slot.characteristic, data, force=True
        )
        return True

    async def disconnect(self) -> None:
        if self.connection:
            with suppress(BaseBumbleError, TimeoutError):
                async with asyncio.timeout(ANSWER_TIMEOUT_S):
                    await self.connection.disconnect()

    async def ask_for_interval(self) -> None:
        """As ArduinoBLE: the board asks if the central's interval is not within its wishes."""
        low, high = self._intervals_ms
        if not self.connection or not high:
            return
        has = self._air.interval_ms(self.connection.self_address, self.connection.peer_address)
        if not low <= has <= high:
            with suppress(BaseBumbleError, TimeoutError):
                async with asyncio.timeout(ANSWER_TIMEOUT_S):
                    await self.device.update_connection_parameters(
                        self.connection, low, high, 0, SUPERVISION_TIMEOUT_MS, use_l2cap=True
                    )

    def vanish(self) -> None:
        """The board has lost its power; its central will notice by and by."""
        self.connection = None
        self._air.vanish(self.controller)

    def _on_connection(self, connection: Connection) -> None:
        self.connection = connection
        connection.on(connection.EVENT_DISCONNECTION, self._on_disconnection)
        connection.on(connection.EVENT_CONNECTION_ATT_MTU_UPDATE, self._on_mtu)
        self._listener.linked(bytes(connection.peer_address))

    def _on_disconnection(self, reason: int) -> None:
        if self.connection:
            self.connection = None
            self._listener.unlinked(reason)

    def _on_mtu(self) -> None:
        if self.connection:
            self._listener.mtu_changed(self.connection.att_mtu)

    def _on_sent(self, packet: bytes) -> None:
        if len(packet) > 4 and (packet[2], packet[4]) == LINK_PACKET_IS_NOTIFICATION:
            self._listener.notification_sent()
