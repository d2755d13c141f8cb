"""`org.bluez` on a private bus, with the virtual radio behind it, for bleak's unmodified BlueZ code.

What it imitates, and how to check it against a real bluetoothd, stands in docs/stand-ins.md. One bus name
plays bluetoothd: `close()` is its death, with every object and subscription.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

from bleak.exc import BleakError, BleakGATTProtocolError
from bumble import hci
from bumble.core import AdvertisingData
from bumble.device import Advertisement, Connection, Peer
from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from tinygest.transport.bumble_backend import PROPERTIES, SERVICE_LISTS, uuid_text
from tinygest.transport.bumble_radio import Radio, bleak_errors

MANAGER, PROPS = "org.freedesktop.DBus.ObjectManager", "org.freedesktop.DBus.Properties"
ADAPTER, DEVICE = "org.bluez.Adapter1", "org.bluez.Device1"
SERVICE, CHARACTERISTIC = "org.bluez.GattService1", "org.bluez.GattCharacteristic1"
HCI = "/org/bluez/hci0"
CONNECT_TIMEOUT_S = 25
Answer = tuple[str, list[Any]] | None
NAME_LISTS = (AdvertisingData.Type.COMPLETE_LOCAL_NAME, AdvertisingData.Type.SHORTENED_LOCAL_NAME)
ATT_ERRORS = {2: "NotPermitted", 3: "NotPermitted"}


class BluezError(Exception):
    """What a method answers instead of a result."""

    def __init__(self, name: str, text: str = "") -> None:
        super().__init__(f"{name}: {text}")
        self.name = name if "." in name else f"org.bluez.Error.{name}"
        self.text = text


class FakeBluez:
    """faults: per method, errors that its next calls answer."""

    def __init__(self, radio: Radio, *, with_adapter: bool = True) -> None:
        self.faults: dict[str, list[BluezError]] = {}
        self.calls: list[str] = []
        self._radio = radio
        self._objects: dict[str, dict[str, dict[str, Variant]]] = {"/org/bluez": {}}
        if with_adapter:
            self._objects[HCI] = {ADAPTER: adapter_properties()}
        self._discovering: set[str] = set()
        self._addresses: dict[str, hci.Address] = {}
        self._links: dict[str, _DeviceLink] = {}
        self._attempts: dict[str, asyncio.Future[Connection]] = {}
        self._sessions: dict[str, set[str]] = {}
        """Characteristic to the bus names that want its notifications. As in bluetoothd they outlive the
        link: who never disconnected is told of everything once more after the next connection."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, bus_address: str) -> FakeBluez:
        self._bus = await MessageBus(bus_address=bus_address, bus_type=BusType.SYSTEM).connect()
        self._bus.add_message_handler(self._handle)
        await self._bus.call(
            Message(
                destination="org.freedesktop.DBus",
                path="/org/freedesktop/DBus",
                interface="org.freedesktop.DBus",
                member="AddMatch",
                signature="s",
                body=["type='signal',member='NameOwnerChanged'"],
            )
        )
        await self._bus.request_name("org.bluez")
        return self

    async def close(self) -> None:
        """bluetoothd is gone, without a word on the bus; its links end."""
        self._bus.disconnect()
        with contextlib.suppress(Exception):
            await self._bus.wait_for_disconnect()
        with contextlib.suppress(BleakError):
            await self._radio.unlisten(self._heard)
        for link in tuple(self._links.values()):
            with contextlib.suppress(Exception):
                await link.connection.disconnect()
        for task in tuple(self._tasks):
            task.cancel()

    def remove_adapter(self) -> None:
        """The dongle was pulled out: its devices go with it."""
        self._discovering.clear()
        self._remove(HCI)

    def restore_adapter(self) -> None:
        """It is plugged in again."""
        self._add(HCI, ADAPTER, adapter_properties())

    # --- the bus ---

    def _signal(self, path: str, interface: str, member: str, signature: str, body: list[Any]) -> None:
        if self._bus.connected:
            self._bus.send(Message.new_signal(path, interface, member, signature, body))

    def _add(self, path: str, interface: str, properties: dict[str, Variant]) -> None:
        self._objects[path] = {interface: properties}
        self._signal("/", MANAGER, "InterfacesAdded", "oa{sa{sv}}", [path, self._objects[path]])

    def _remove(self, path: str) -> None:
        for one in sorted(
            (p for p in self._objects if p == path or p.startswith(path + "/")), reverse=True
        ):
            interfaces = list(self._objects.pop(one))
            self._signal("/", MANAGER, "InterfacesRemoved", "oas", [one, interfaces])

    def _set(self, path: str, interface: str, **values: Variant) -> None:
        if path in self._objects:
            self._objects[path][interface].update(values)
            self._signal(path, PROPS, "PropertiesChanged", "sa{sv}as", [interface, values, []])

    def _handle(self, message: Message) -> bool | None:
        if message.message_type == MessageType.SIGNAL:
            if message.member == "NameOwnerChanged" and not message.body[2]:
                self._forget_client(message.body[0])
            return None
        if (
            message.message_type != MessageType.METHOD_CALL
            or message.interface == "org.freedesktop.DBus.Peer"
        ):
            return None
        self._spawn(self._answer(message))
        return True

    def _forget_client(self, name: str) -> None:
        for names in self._sessions.values():
            names.discard(name)
        self._discovering.discard(name)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, call: Message) -> None:
        self.calls.append(call.member)
        try:
            if self.faults.get(call.member):
                raise self.faults[call.member].pop(0)
            with bleak_errors():
                signature, body = await self._call(call) or ("", [])
            answer = Message.new_method_return(call, signature, body)
        except BluezError as error:
            answer = Message.new_error(call, error.name, error.text)
        except BleakGATTProtocolError as error:
            name = ATT_ERRORS.get(int(error.code), "Failed")
            answer = Message.new_error(call, f"org.bluez.Error.{name}", str(error))
        except BleakError as error:
            answer = Message.new_error(call, "org.bluez.Error.Failed", str(error))
        if self._bus.connected:
            self._bus.send(answer)

    async def _call(self, call: Message) -> Answer:
        if call.path != "/" and call.path not in self._objects:
            raise BluezError("org.freedesktop.DBus.Error.UnknownObject", f"no such object {call.path}")
        known: dict[tuple[str, str], Callable[..., Coroutine[Any, Any, Answer]]] = {
            (MANAGER, "GetManagedObjects"): self._get_managed_objects,
            (PROPS, "Get"): self._get,
            (PROPS, "GetAll"): self._get_all,
            (ADAPTER, "SetDiscoveryFilter"): self._set_discovery_filter,
            (ADAPTER, "StartDiscovery"): self._start_discovery,
            (ADAPTER, "StopDiscovery"): self._stop_discovery,
            (DEVICE, "Connect"): self._connect,
            (DEVICE, "Disconnect"): self._disconnect,
            (CHARACTERISTIC, "ReadValue"): self._read_value,
            (CHARACTERISTIC, "WriteValue"): self._write_value,
            (CHARACTERISTIC, "StartNotify"): self._start_notify,
            (CHARACTERISTIC, "StopNotify"): self._stop_notify,
        }
        method = known.get((call.interface, call.member))
        if method is None:
            raise BluezError("org.freedesktop.DBus.Error.UnknownMethod", f"{call.interface}.{call.member}")
        return await method(call.path, call.sender, *call.body)

    async def _get_managed_objects(self, path: str, sender: str) -> Answer:
        return "a{oa{sa{sv}}}", [self._objects]

    async def _get(self, path: str, sender: str, interface: str, name: str) -> Answer:
        return "v", [self._objects[path][interface][name]]

    async def _get_all(self, path: str, sender: str, interface: str) -> Answer:
        return "a{sv}", [self._objects[path][interface]]

    # --- the adapter ---

    async def _set_discovery_filter(self, path: str, sender: str, wanted: dict[str, Variant]) -> Answer:
        return None

    async def _start_discovery(self, path: str, sender: str) -> Answer:
        if sender in self._discovering:
            raise BluezError("InProgress", "Operation already in progress")
        self._discovering.add(sender)
        await self._radio.listen(self._heard, active=True)
        self._set(path, ADAPTER, Discovering=Variant("b", True))
        return None

    async def _stop_discovery(self, path: str, sender: str) -> Answer:
        if sender not in self._discovering:
            raise BluezError("Failed", "No discovery started")
        self._discovering.discard(sender)
        if not self._discovering:
            await self._radio.unlisten(self._heard)
            self._set(path, ADAPTER, Discovering=Variant("b", False))
        return None

    def _heard(self, heard: Advertisement) -> None:
        address = heard.address.to_string(False)
        path = f"{HCI}/dev_{address.replace(':', '_')}"
        if HCI not in self._objects:
            return
        self._addresses[path] = heard.address
        lists = [heard.data.get(kind) for kind in SERVICE_LISTS]
        uuids = [uuid_text(uuid) for found in lists if isinstance(found, list) for uuid in found]
        name = next((str(heard.data.get(kind)) for kind in NAME_LISTS if heard.data.get(kind)), "")
        manufacturer = {
            int(company): Variant("ay", bytes(data))
            for company, data in heard.data.get_all(AdvertisingData.Type.MANUFACTURER_SPECIFIC_DATA)
        }
        news = {"RSSI": Variant("n", heard.rssi)}
        news |= {"Name": Variant("s", name), "Alias": Variant("s", name)} if name else {}
        news |= {"UUIDs": Variant("as", uuids)} if uuids else {}
        news |= {"ManufacturerData": Variant("a{qv}", manufacturer)} if manufacturer else {}
        if path in self._objects:
            self._set(path, DEVICE, **news)
        else:
            self._add(path, DEVICE, device_properties(address) | news)

    # --- devices ---

    async def _connect(self, path: str, sender: str) -> Answer:
        if path in self._links:
            return None
        if path in self._attempts:
            raise BluezError("InProgress", "Operation already in progress")
        attempt = self._attempts[path] = asyncio.ensure_future(self._radio.connect(self._addresses[path]))
        try:
            await asyncio.wait([attempt], timeout=CONNECT_TIMEOUT_S)
            if not attempt.done():
                attempt.cancel()
                await asyncio.wait([attempt])
            if attempt.cancelled():
                raise BluezError("Failed", "le-connection-abort-by-local")
            link = self._links[path] = _DeviceLink(attempt.result())
        finally:
            self._attempts.pop(path, None)
        link.connection.on(link.connection.EVENT_DISCONNECTION, lambda _reason: self._gone(path))
        self._set(path, DEVICE, Connected=Variant("b", True))
        self._spawn(self._resolve(path, link))  # bluetoothd answers before services are resolved
        return None

    async def _disconnect(self, path: str, sender: str) -> Answer:
        if path in self._attempts:
            self._attempts[path].cancel()
        elif path in self._links:
            await self._links[path].connection.disconnect()
        return None

    async def _resolve(self, path: str, link: _DeviceLink) -> None:
        with contextlib.suppress(BleakError), bleak_errors():
            mtu = await link.peer.request_mtu(517)
            for service in await link.peer.discover_services():
                place = f"{path}/service{service.handle:04x}"
                self._add(place, SERVICE, service_properties(path, uuid_text(service.uuid)))
                for one in await service.discover_characteristics():
                    flags = [name for bit, name in PROPERTIES.items() if one.properties & bit]
                    link.proxies[f"{place}/char{one.handle - 1:04x}"] = one
                    properties = characteristic_properties(place, uuid_text(one.uuid), flags, mtu)
                    self._add(f"{place}/char{one.handle - 1:04x}", CHARACTERISTIC, properties)
            for characteristic in link.proxies:
                if self._sessions.get(characteristic):  # somebody left without a word: enabled again
                    await self._subscribe(characteristic)
            self._set(path, DEVICE, ServicesResolved=Variant("b", True))

    def _gone(self, path: str) -> None:
        self._links.pop(path, None)
        self._set(path, DEVICE, ServicesResolved=Variant("b", False))
        for service in [p for p in self._objects if p.startswith(f"{path}/service") and p.count("/") == 5]:
            self._remove(service)
        self._set(path, DEVICE, Connected=Variant("b", False))

    # --- characteristics ---

    def _link(self, path: str) -> _DeviceLink:
        link = self._links.get("/".join(path.split("/")[:5]))
        if link is None:
            raise BluezError("Failed", "Not connected")
        return link

    async def _read_value(self, path: str, sender: str, options: dict[str, Variant]) -> Answer:
        link = self._link(path)
        value = bytes(await link.peer.gatt_client.read_value(link.proxies[path].handle))
        self._set(path, CHARACTERISTIC, Value=Variant("ay", value))  # bluetoothd signals reads, too
        return "ay", [value]

    async def _write_value(
        self, path: str, sender: str, value: bytes, options: dict[str, Variant]
    ) -> Answer:
        link = self._link(path)
        kind = options.get("type")
        await link.peer.gatt_client.write_value(
            link.proxies[path].handle, bytes(value), with_response=kind is None or kind.value != "command"
        )
        return None

    async def _start_notify(self, path: str, sender: str) -> Answer:
        names = self._sessions.setdefault(path, set())
        if sender in names:
            raise BluezError("InProgress", "Operation already in progress")
        names.add(sender)
        await self._subscribe(path)
        return None

    async def _stop_notify(self, path: str, sender: str) -> Answer:
        self._sessions.get(path, set()).discard(sender)
        return None

    async def _subscribe(self, path: str) -> None:
        link = self._link(path)
        if path in link.subscribed:
            return
        link.subscribed.add(path)

        def notify(value: bytes) -> None:
            for _ in self._sessions.get(path, ()):  # once for each session, to everybody
                self._set(path, CHARACTERISTIC, Value=Variant("ay", bytes(value)))

        await link.peer.gatt_client.subscribe(link.proxies[path], notify)
        self._set(path, CHARACTERISTIC, Notifying=Variant("b", True))


class _DeviceLink:
    """A connection and what was found on it."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.peer = Peer(connection)
        self.proxies: dict[str, Any] = {}
        self.subscribed: set[str] = set()


def adapter_properties() -> dict[str, Variant]:
    return {
        "Address": Variant("s", "F0:F1:F2:F3:F4:F5"),
        "Name": Variant("s", "fake"),
        "Alias": Variant("s", "fake"),
        "Powered": Variant("b", True),
        "Discovering": Variant("b", False),
        "UUIDs": Variant("as", []),
        "Roles": Variant("as", ["central", "peripheral"]),
    }


def device_properties(address: str) -> dict[str, Variant]:
    flags = ("Paired", "Bonded", "Trusted", "Blocked", "Connected", "LegacyPairing", "ServicesResolved")
    return {
        "Address": Variant("s", address),
        "AddressType": Variant("s", "random"),
        "Adapter": Variant("o", HCI),
        "Alias": Variant("s", address.replace(":", "-")),
        "UUIDs": Variant("as", []),
        **{name: Variant("b", False) for name in flags},
    }


def service_properties(device: str, uuid: str) -> dict[str, Variant]:
    return {
        "UUID": Variant("s", uuid),
        "Device": Variant("o", device),
        "Primary": Variant("b", True),
        "Includes": Variant("ao", []),
    }


def characteristic_properties(service: str, uuid: str, flags: list[str], mtu: int) -> dict[str, Variant]:
    return {
        "UUID": Variant("s", uuid),
        "Service": Variant("o", service),
        "Value": Variant("ay", b""),
        "Flags": Variant("as", flags),
        "MTU": Variant("q", mtu),
        "Notifying": Variant("b", False),
    }
