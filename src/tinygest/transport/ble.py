"""Boards over Bluetooth LE by bleak: the system's stack, or any other behind bleak's `backend=`.

One scan or connect at a time for each adapter: systems answer a second one with "in progress". Devices
are connected as a scan found them, never by address alone, because that would start a scan of its own
for each.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from tinygest.core.errors import AdapterError, LinkError, ProtocolError
from tinygest.protocol import gatt
from tinygest.protocol.advertising import Advertisement, decode_manufacturer
from tinygest.transport.base import CLOSE_TIMEOUT_S, CONNECT_TIMEOUT_S, Found, Link, Transport
from tinygest.transport.inbox import Channel, Message

if TYPE_CHECKING:
    from bleak import BleakClient, BleakScanner
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

UUIDS = {
    Channel.INFO: gatt.INFO,
    Channel.SAMPLES: gatt.SAMPLES,
    Channel.EVENTS: gatt.EVENTS,
    Channel.CONTROL: gatt.CONTROL,
    Channel.REPLY: gatt.REPLY,
    Channel.HEALTH: gatt.HEALTH,
    Channel.SSI_CONFIG: gatt.SSI_CONFIG,
    Channel.SSI_ROWS: gatt.SSI_DATA,
    Channel.SSI_CLASS: gatt.RECOGNITION_CLASS,
}
T = TypeVar("T")
_LOCKS: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Lock]] = WeakKeyDictionary()
FIND_TIMEOUT_S = 10.0
GATT_TIMEOUT_S = 5.0
GONE = "the link was lost"
NO_SERVICE = "org.freedesktop.DBus.Error.ServiceUnknown"
"""BlueZ died, or was never started."""


class BleLink(Link):
    """Made by BleTransport.connect."""

    def __init__(self, address: str, on_failure: Callable[[], None]) -> None:
        """on_failure: called when the system refuses what it should know of the device."""
        super().__init__(address, frozenset())
        self._client: BleakClient | None = None
        self._on_failure = on_failure

    async def open(self, device: BLEDevice, **options: Any) -> None:
        """Raises what bleak raises."""
        from bleak import BleakClient

        self._client = BleakClient(
            device, disconnected_callback=self._lost, timeout=CONNECT_TIMEOUT_S, **options
        )
        await self._client.connect()
        known = {str(one.uuid) for one in self._client.services.characteristics.values()}
        self.channels = frozenset(channel for channel, uuid in UUIDS.items() if uuid in known)

    async def read(self, channel: Channel) -> bytes:
        client = self._connected(channel)
        return bytes(await self._do("read", client.read_gatt_char(UUIDS[channel])))

    async def write(self, channel: Channel, payload: bytes) -> None:
        client = self._connected(channel)
        await self._do("write", client.write_gatt_char(UUIDS[channel], payload, response=True))

    async def subscribe(self, channel: Channel) -> None:
        client = self._connected(channel)

        def take(_: object, data: bytearray) -> None:
            self.inbox.push(Message(channel, bytes(data), time.monotonic()))

        await self._do("subscribe", client.start_notify(UUIDS[channel], take))

    async def close(self) -> None:
        """Also after a loss: BlueZ keeps the subscriptions of a client that never disconnected, and then
        delivers every notification once more with each link (bleak #2002)."""
        self.inbox.close("disconnected")
        if self._client is not None:
            with contextlib.suppress(Exception):  # whatever the system makes of a link that is gone
                async with asyncio.timeout(CLOSE_TIMEOUT_S):
                    await self._client.disconnect()

    def _lost(self, _: object) -> None:
        self.inbox.close(GONE)

    def _connected(self, channel: Channel) -> BleakClient:
        if channel not in self.channels:
            raise self.missing(channel)
        if self._client is None or self.inbox.is_closed:
            raise LinkError(self.inbox.reason or f"{self.address} is not connected")
        return self._client

    async def _do(self, what: str, work: Awaitable[T]) -> T:
        """Run a GATT operation; every way in which it can fail is a LinkError."""
        from bleak.exc import BleakError

        try:
            async with asyncio.timeout(GATT_TIMEOUT_S):
                return await work
        except TimeoutError:
            raise LinkError(f"{self.address} does not answer: {what} took {GATT_TIMEOUT_S:g} s") from None
        except (BleakError, OSError, EOFError) as error:
            self._on_failure()
            reason = self.inbox.reason or f"{self.address}: {what} failed: {_said(error)}"
            raise LinkError(reason) from error


class BleTransport(Transport):
    """One adapter; transports with the same name for it take turns.

    The options are bleak's own, e.g. backend= or bluez={"adapter": "hci1"}.
    """

    name = "ble"

    def __init__(
        self,
        *,
        adapter: str = "",
        scanner_options: dict[str, Any] | None = None,
        client_options: dict[str, Any] | None = None,
        on_close: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._scanner_options = scanner_options or {}
        self._client_options = client_options or {}
        self._on_close = on_close
        self._devices: dict[str, BLEDevice] = {}
        self._busy = _lock_of(adapter)

    async def scan(self, seconds: float) -> AsyncGenerator[Found, None]:
        news: asyncio.Queue[Found] = asyncio.Queue()
        seen: dict[str, Found] = {}

        def heard(device: BLEDevice, advertisement: AdvertisementData) -> None:
            found = self._note(device, advertisement)
            if found is not None and _without_rssi(seen.get(found.address)) != _without_rssi(found):
                seen[found.address] = found
                news.put_nowait(found)

        end_s = time.monotonic() + seconds
        async with self._busy, self._scanning(heard):
            while (left_s := end_s - time.monotonic()) > 0:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(left_s):
                        found = await news.get()
                    yield found

    async def connect(self, address: str) -> Link:
        async with self._busy:
            device = self._devices.get(address) or await self._find(address)
            link = BleLink(address, lambda: self._forget(address))
            try:
                async with asyncio.timeout(CONNECT_TIMEOUT_S + CLOSE_TIMEOUT_S):
                    await link.open(device, **self._client_options)
            except BaseException as error:
                self._forget(address)
                await link.close()
                raise _explained(error, f"cannot connect to {address}") from error
            return link

    async def close(self) -> None:
        if self._on_close is not None:
            await self._on_close()

    def _forget(self, address: str) -> None:
        """Systems forget devices, or (BlueZ after a crash) know them by what was: look for it next time."""
        self._devices.pop(address, None)

    async def _find(self, address: str) -> BLEDevice:
        """Scan until the device is heard; raises LinkError."""
        found: asyncio.Future[BLEDevice] = asyncio.get_running_loop().create_future()

        def heard(device: BLEDevice, advertisement: AdvertisementData) -> None:
            self._note(device, advertisement)
            if device.address == address and not found.done():
                found.set_result(device)

        async with self._scanning(heard):
            try:
                async with asyncio.timeout(FIND_TIMEOUT_S):
                    return await found
            except TimeoutError:
                raise LinkError(
                    f"{address} was not heard in {FIND_TIMEOUT_S:g} s: is it on, near, and not connected "
                    "to something else?"
                ) from None

    @contextlib.asynccontextmanager
    async def _scanning(
        self, heard: Callable[[BLEDevice, AdvertisementData], None]
    ) -> AsyncIterator[BleakScanner]:
        from bleak import BleakScanner

        try:
            scanner = BleakScanner(heard, list(gatt.SERVICES), **self._scanner_options)
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await scanner.start()
        except Exception as error:
            raise _explained(error, "cannot scan", AdapterError) from error
        try:
            yield scanner
        finally:
            with contextlib.suppress(Exception):  # the adapter may be gone: there is nothing left to stop
                async with asyncio.timeout(CLOSE_TIMEOUT_S):
                    await scanner.stop()

    def _note(self, device: BLEDevice, advertisement: AdvertisementData) -> Found | None:
        """None for devices that are not boards; some systems do not filter."""
        services = frozenset(advertisement.service_uuids) & gatt.SERVICES
        ours = _ours(advertisement.manufacturer_data)
        if not services and ours is None:
            return None
        self._devices[device.address] = device
        name = advertisement.local_name or device.name or ""
        return Found(device.address, _printable(name), advertisement.rssi, services, ours)


def _lock_of(adapter: str) -> asyncio.Lock:
    """One for each adapter and event loop, however many transports use it."""
    return _LOCKS.setdefault(asyncio.get_running_loop(), {}).setdefault(adapter, asyncio.Lock())


def _ours(manufacturer_data: dict[int, bytes]) -> Advertisement | None:
    for company, data in manufacturer_data.items():
        with contextlib.suppress(ProtocolError):
            advertisement = decode_manufacturer(company, data)
            if advertisement is not None:
                return advertisement
    return None


def _printable(name: str) -> str:
    """Names come from strangers and go to terminals."""
    return "".join(letter for letter in name if letter.isprintable())[:29]


def _without_rssi(found: Found | None) -> tuple[object, ...] | None:
    return (found.address, found.name, found.services, found.advertisement) if found else None


def _explained(error: BaseException, what: str, kind: type[LinkError] = LinkError) -> BaseException:
    """A LinkError that says what to do; what is no failure of the radio stays itself."""
    from bleak.exc import BleakBluetoothNotAvailableError, BleakError

    if isinstance(error, LinkError) or not isinstance(error, Exception):
        return error
    if isinstance(error, BleakBluetoothNotAvailableError):
        return AdapterError(f"{what}: Bluetooth cannot be used ({error}); see `tinygest doctor`")
    if isinstance(error, TimeoutError):
        return LinkError(f"{what}: no answer")
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return AdapterError(f"{what}: there is no Bluetooth service on this machine; see `tinygest doctor`")
    if isinstance(error, BleakError | OSError | EOFError):
        return kind(f"{what}: {_said(error)}; see `tinygest doctor`")
    return error


def _said(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return "the Bluetooth service does not run" if NO_SERVICE in text else text
