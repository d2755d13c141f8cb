"""The board's firmware as a process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import ToolchainError
from tinygest.simulate.radio.messages import MessageReader, ToBoard, encode

STOP_TIMEOUT_S = 5.0
PATIENCE_MS = 15.0
"""A board that waits for a buffer stops its clock when the radio has not been heard for so long."""


@dataclass(frozen=True)
class BoardOptions:
    """How a virtual board is made; the program's own options are in docs/virtual-board.md."""

    imu: str = "bmi270"
    """Or lsm9ds1, none."""
    device_id: int = 0x7E57
    """Of the chip, 64 bits; the board's address follows from it."""
    speed: float = 1.0
    """Of the clock; 0: as fast as it goes."""
    silent: bool = False
    """Without a feed the sensor makes nothing; else it lies on a table."""
    rate_error: float = 0.0
    """Of the sensor's crystal, a share."""
    store: Path | None = None
    """File that keeps name and side over restarts."""
    serial_link: Path | None = None
    """Symbolic link to the serial port."""
    max_mtu: int = 247
    """The largest ATT MTU that the board grants: 23 to 247."""

    def words(self) -> list[str]:
        words = [f"--imu={self.imu}", f"--device-id={self.device_id:X}", f"--speed={self.speed:g}"]
        words += ["--silent"] if self.silent else []
        words += [f"--patience-ms={PATIENCE_MS * max(self.speed, 1):g}"] if self.speed else []
        words += [f"--rate-error={self.rate_error:g}"] if self.rate_error else []
        words += [f"--store={self.store}"] if self.store else []
        return words + ([f"--serial-link={self.serial_link}"] if self.serial_link else [])


class BoardProcess:
    """Starts the program and passes messages both ways; `on_message` is called in their order."""

    def __init__(self, on_message: Callable[[int, bytes], None], on_end: Callable[[], None]):
        self._on_message = on_message
        self._on_end = on_end
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self, program: Path, options: BoardOptions) -> None:
        pipe = asyncio.subprocess.PIPE
        try:
            # A session of its own: Ctrl-C is for whoever started us, who then ends the board in order.
            self._process = await asyncio.create_subprocess_exec(
                program, *options.words(), stdin=pipe, stdout=pipe, start_new_session=True
            )
        except OSError as error:
            raise ToolchainError(f"the virtual board {program} does not start: {error}") from error
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process
        assert self._process.stdout
        reader = MessageReader()
        while data := await self._process.stdout.read(65536):
            for kind, payload in reader.feed(data):
                self._on_message(kind, payload)
        self._on_end()

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def send(self, kind: ToBoard, payload: bytes = b"") -> None:
        """Nothing happens once the process has ended."""
        if self._process and self._process.stdin and not self._process.stdin.is_closing():
            self._process.stdin.write(encode(kind, payload))

    async def drain(self) -> None:
        """Waits until the board has taken most of what was sent."""
        assert self._process
        assert self._process.stdin
        with contextlib.suppress(ConnectionError):
            await self._process.stdin.drain()

    async def stop(self) -> None:
        """Ends the process: it is asked to, and killed if it does not."""
        if self._process is None or self._reading is None:
            return
        self.send(ToBoard.SHUTDOWN)
        if self._process.stdin:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._reading
