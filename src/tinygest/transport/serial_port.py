"""A serial port read by a thread of its own, which every system can do; asyncio sees callbacks."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from tinygest.core.errors import LinkError

if TYPE_CHECKING:
    import serial

BAUD_RATE = 921_600  # SensiML's capture firmware; a USB port does not care
READ_TIMEOUT_S = 0.1
WRITE_TIMEOUT_S = 2.0


class SerialPort:
    """An open port. on_data and on_lost are called on the event loop."""

    def __init__(
        self, path: str, baud_rate: int, on_data: Callable[[bytes], None], on_lost: Callable[[str], None]
    ) -> None:
        self._path = path
        self._on_data = on_data
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        self._port = _open(path, baud_rate)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._read, name=f"serial {path}", daemon=True)
        self._thread.start()

    async def write(self, data: bytes) -> None:
        """Raises LinkError."""
        import serial

        try:
            await asyncio.to_thread(self._port.write, data)
        except (serial.SerialException, OSError) as error:
            raise LinkError(f"cannot write to {self._path}: {error}") from error

    async def close(self) -> None:
        self._stopping.set()
        await asyncio.to_thread(self._thread.join)
        with contextlib.suppress(OSError):
            self._port.close()

    def _read(self) -> None:
        import serial

        try:
            while not self._stopping.is_set():
                data = self._port.read(max(1, self._port.in_waiting))
                if data:
                    self._call(self._on_data, data)
        except (serial.SerialException, OSError, TypeError) as error:  # TypeError: closed while reading
            self._call(self._on_lost, f"the port {self._path} is gone: {error}")

    def _call(self, function: Callable[..., None], *arguments: object) -> None:
        with contextlib.suppress(RuntimeError):  # the event loop has ended
            self._loop.call_soon_threadsafe(function, *arguments)


def _open(path: str, baud_rate: int) -> serial.Serial:
    import serial

    try:
        return serial.Serial(
            path, baud_rate, timeout=READ_TIMEOUT_S, write_timeout=WRITE_TIMEOUT_S, exclusive=True
        )
    except (serial.SerialException, OSError, ValueError) as error:
        raise LinkError(_explain(path, error)) from error


def _explain(path: str, error: Exception) -> str:
    text = str(error)
    if "Permission" in text:
        return f"no permission to open {path}; see `tinygest doctor`"
    if "exclusively lock" in text or "busy" in text:
        return f"{path} is in use by another program; close that first"
    if "No such file" in text:
        return f"cannot open {path}: there is no such port; `tinygest scan --link serial` lists them"
    return f"cannot open {path}: {text}"
