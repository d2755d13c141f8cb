"""bleak's scanner and client on bumble: Bluetooth without the system's stack, through `backend=`.

bleak documents `backend=` and the base classes as made for this; what is used of them beyond public
methods is `_timeout` and `_disconnected_callback`, as in bleak's own backends.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError
from bleak.uuids import normalize_uuid_str
from bumble import core, gatt, gatt_client, hci
from bumble.core import AdvertisingData
from bumble.device import Advertisement, Connection, Peer

from tinygest.transport.bumble_radio import Radio, bleak_errors

log = logging.getLogger(__name__)
ATT_MTU = 517
DISCONNECT_TIMEOUT_S = 5.0
Kind = AdvertisingData.Type
SERVICE_LISTS = (
    Kind.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    Kind.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    Kind.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    Kind.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
)
Property = gatt.Characteristic.Properties
PROPERTIES: dict[Property, CharacteristicPropertyName] = {
    Property.READ: "read",
    Property.WRITE_WITHOUT_RESPONSE: "write-without-response",
    Property.WRITE: "write",
    Property.NOTIFY: "notify",
    Property.INDICATE: "indicate",
}


def backends(radio: Radio) -> tuple[type[BumbleScanner], type[BumbleClient]]:
    """Classes for bleak's `backend=`, of one controller."""
    scanner = type("BumbleScanner", (BumbleScanner,), {"radio": radio})
    client = type("BumbleClient", (BumbleClient,), {"radio": radio})
    return scanner, client


def uuid_text(uuid: core.UUID) -> str:
    separator = "-" if len(uuid.to_bytes()) == 16 else ""
    return normalize_uuid_str(uuid.to_hex_str(separator))


class BumbleScanner(BaseBleakScanner):
    """Made by `backends`."""

    radio: Radio

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: str = "active",
        **_: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode != "passive"

    async def start(self) -> None:
        self.seen_devices = {}
        await self.radio.listen(self._heard, active=self._active)

    async def stop(self) -> None:
        await self.radio.unlisten(self._heard)

    def _heard(self, heard: Advertisement) -> None:
        """Advertisement and scan response come apart; what was known of the device stays."""
        address = heard.address.to_string(False)
        known = self.seen_devices.get(address)
        old = known[1] if known else AdvertisementData(None, {}, {}, [], None, 0, ())
        name = heard.data.get(Kind.COMPLETE_LOCAL_NAME) or heard.data.get(Kind.SHORTENED_LOCAL_NAME)
        manufacturer = heard.data.get_all(Kind.MANUFACTURER_SPECIFIC_DATA)
        lists = [heard.data.get(kind) for kind in SERVICE_LISTS]
        uuids = [uuid_text(uuid) for found in lists if isinstance(found, list) for uuid in found]
        data = AdvertisementData(
            str(name) if name else old.local_name,
            {int(company): bytes(value) for company, value in manufacturer} or old.manufacturer_data,
            old.service_data,
            uuids or old.service_uuids,
            None,
            heard.rssi,
            (heard,),
        )
        if self.is_allowed_uuid(data.service_uuids):
            device = self.create_or_update_device(
                address, address, data.local_name or "", heard.address, data
            )
            self.call_detection_callbacks(device, data)


class BumbleClient(BaseBleakClient):
    """Made by `backends`; takes devices that its scanner found."""

    radio: Radio

    def __init__(self, address_or_ble_device: BLEDevice | str, **options: Any) -> None:
        super().__init__(address_or_ble_device, **options)
        if not isinstance(address_or_ble_device, BLEDevice):
            raise BleakError("connect to a device that a scan found, not to an address")
        self._address: hci.Address = address_or_ble_device.details
        self._name = address_or_ble_device.name
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._subscribers: dict[int, Callable[[bytes], None]] = {}

    @property
    def name(self) -> str:
        return self._name or self.address

    @property
    def mtu_size(self) -> int:
        return self._connection.att_mtu if self._connection else 23

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    # --- connection ---

    async def connect(self, pair: bool = False, **_: Any) -> None:
        if self.is_connected:
            raise BleakError("Client is already connected")
        try:
            async with asyncio.timeout(self._timeout):
                connection = await self.radio.connect(self._address)
                connection.on(connection.EVENT_DISCONNECTION, self._disconnected)
                self._connection, self._peer = connection, (peer := Peer(connection))
                with bleak_errors():
                    with contextlib.suppress(hci.HCI_Error):  # old controllers cannot
                        await connection.set_data_length(251, 2120)
                    await peer.request_mtu(ATT_MTU)
                    self.services = await self._discover(peer)  # also if `_disconnected` came meanwhile
        except BaseException:
            await self.disconnect()
            raise

    async def disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(core.BaseBumbleError, hci.HCI_Error, TimeoutError):
                async with asyncio.timeout(DISCONNECT_TIMEOUT_S):
                    await self._connection.disconnect()

    async def pair(self, *_: Any, **__: Any) -> None:
        raise BleakError("pairing is not supported: boards do not ask for it")

    async def unpair(self) -> None:
        raise BleakError("pairing is not supported: boards do not ask for it")

    async def _discover(self, peer: Peer) -> BleakGATTServiceCollection:
        services = BleakGATTServiceCollection()
        for found in await peer.discover_services():
            service = BleakGATTService(found, found.handle, uuid_text(found.uuid))
            services.add_service(service)
            for one in await found.discover_characteristics():
                properties = [name for bit, name in PROPERTIES.items() if one.properties & bit]
                services.add_characteristic(
                    BleakGATTCharacteristic(
                        one, one.handle, uuid_text(one.uuid), properties, lambda: self.mtu_size - 3, service
                    )
                )
        return services

    def _disconnected(self, _reason: int) -> None:
        self._connection = self._peer = self.services = None
        self._subscribers.clear()
        if self._disconnected_callback:
            self._disconnected_callback()

    # --- GATT ---

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **_: Any
    ) -> bytearray:
        with bleak_errors():
            return bytearray(await self._server().read_value(characteristic.handle))

    async def write_gatt_char(
        self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool
    ) -> None:
        with bleak_errors():
            await self._server().write_value(characteristic.handle, bytes(data), with_response=response)

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **_: Any
    ) -> None:
        def take(value: bytes) -> None:
            try:
                callback(bytearray(value))
            except Exception:  # not into bumble's packet handler
                log.exception("a listener to notifications failed")

        with bleak_errors():
            await self._server().subscribe(characteristic.obj, take)
        self._subscribers[characteristic.handle] = take

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        take = self._subscribers.pop(characteristic.handle, None)
        if take is not None:
            with bleak_errors():
                await self._server().unsubscribe(characteristic.obj, take)

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **_: Any
    ) -> bytearray:
        with bleak_errors():
            return bytearray(await self._server().read_value(descriptor.handle))

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        with bleak_errors():
            await self._server().write_value(descriptor.handle, bytes(data), with_response=True)

    def _server(self) -> gatt_client.Client:
        if self._peer is None:
            raise BleakError("Not connected")
        return self._peer.gatt_client
