"""One Bluetooth controller that bumble drives: a USB dongle, or a dongle of the virtual radio."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from typing import Any

from bleak.exc import BleakError, BleakGATTProtocolError
from bumble import att, core, hci
from bumble.device import Advertisement, Connection, Device, DeviceConfiguration
from bumble.transport import open_transport

log = logging.getLogger(__name__)
POWER_ON_TIMEOUT_S = 10.0
HCI_TIMEOUT_S = 5.0
"""bumble waits for ever for the answer of a controller that is gone."""


@contextlib.contextmanager
def bleak_errors() -> Iterator[None]:
    """bumble's exceptions as those that bleak documents."""
    try:
        yield
    except att.ATT_Error as error:
        raise BleakGATTProtocolError(int(error.error_code)) from error
    except core.ProtocolError as error:
        if error.error_namespace == "att":
            raise BleakGATTProtocolError(error.error_code or 0) from error
        raise BleakError(str(error)) from error
    except (core.BaseBumbleError, hci.HCI_Error) as error:
        raise BleakError(f"{type(error).__name__}: {error}") from error
    except asyncio.CancelledError as error:
        # bumble tells "the link went away while you waited" by cancelling its own future.
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        raise BleakError("disconnected") from error


class Radio:
    """Shared by every scanner and client; opened when first used, and anew after it was lost."""

    def __init__(self, transport: Any) -> None:
        """transport: bumble's name of one ("usb:0"), or a controller in this process."""
        self._spec = transport
        self._transport: Any = None
        self._device: Device | None = None
        self._opening = asyncio.Lock()
        self._connecting = asyncio.Lock()
        self._listeners: set[Callable[[Advertisement], None]] = set()

    async def device(self) -> Device:
        """Powered on; raises BleakError."""
        async with self._opening:
            if self._device is None:
                source, sink = await self._open()
                address = hci.Address.generate_static_address()
                configuration = DeviceConfiguration(name="tinygest", address=address)
                device = Device.from_config_with_hci(configuration, source, sink)
                with bleak_errors():
                    async with asyncio.timeout(POWER_ON_TIMEOUT_S):
                        await device.power_on()
                device.on(device.EVENT_ADVERTISEMENT, self._heard)
                device.on(device.EVENT_FLUSH, self._lost)
                self._device = device
            return self._device

    async def close(self) -> None:
        device, self._device = self._device, None
        if device is not None:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(HCI_TIMEOUT_S):
                    await device.power_off()
        await self._close_transport()

    async def connect(self, address: hci.Address) -> Connection:
        """Connect; on timeout or cancellation the attempt is really withdrawn from the controller."""
        device = await self.device()
        async with self._connecting:  # a controller has one pending connection at most
            attempt = asyncio.ensure_future(device.connect_le(address, timeout=None))
            try:
                with bleak_errors():
                    return await asyncio.shield(attempt)
            except BaseException:
                await self._withdraw(device, attempt)
                raise

    async def listen(self, listener: Callable[[Advertisement], None], *, active: bool) -> None:
        device = await self.device()
        self._listeners.add(listener)
        if len(self._listeners) > 1:
            return
        try:
            with bleak_errors():
                async with asyncio.timeout(HCI_TIMEOUT_S):
                    await device.start_scanning(active=active, filter_duplicates=False)
        except TimeoutError:
            self._lost()
            raise
        except BaseException:
            self._listeners.discard(listener)
            raise

    async def unlisten(self, listener: Callable[[Advertisement], None]) -> None:
        self._listeners.discard(listener)
        if self._device is not None and not self._listeners:
            with bleak_errors():
                async with asyncio.timeout(HCI_TIMEOUT_S):
                    await self._device.stop_scanning()

    async def _open(self) -> tuple[Any, Any]:
        """(source, sink) of HCI packets."""
        if not isinstance(self._spec, str):
            return self._spec, self._spec
        await self._close_transport()
        try:
            self._transport = await open_transport(self._spec)
        except Exception as error:  # of whatever library the transport is made of
            hint = "bumble:usb:0 or bumble:tcp-client:HOST:PORT, for example"
            raise BleakError(f"cannot open {self._spec} ({error}); write {hint}") from error
        return self._transport.source, self._transport.sink

    async def _close_transport(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            with contextlib.suppress(Exception):
                await transport.close()

    async def _withdraw(self, device: Device, attempt: asyncio.Future[Connection]) -> None:
        try:
            async with asyncio.timeout(HCI_TIMEOUT_S):
                if not attempt.done():
                    await device.cancel_connection()  # type: ignore[no-untyped-call]
                    await asyncio.wait([attempt])
                if not attempt.cancelled() and attempt.exception() is None:
                    await attempt.result().disconnect()  # it won the race against its withdrawal
        except TimeoutError:
            self._lost()
        except (core.BaseBumbleError, hci.HCI_Error):
            pass  # there is nothing to withdraw any more
        attempt.cancel()

    def _heard(self, advertisement: Advertisement) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(advertisement)
            except Exception:  # not into bumble's packet handler
                log.exception("a listener to advertisements failed")

    def _lost(self) -> None:
        """The dongle was pulled out or answers no more; bumble itself ends its connections."""
        self._device = None
        self._listeners.clear()
