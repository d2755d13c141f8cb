"""A virtual board: its process, and its place on the virtual radio."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
from bumble import hci

from tinygest.core.errors import ToolchainError
from tinygest.protocol import control, gatt
from tinygest.protocol.words import Side
from tinygest.simulate.radio.air import Air
from tinygest.simulate.radio.front import GattFront
from tinygest.simulate.radio.messages import BoardFault, FromBoard, ToBoard
from tinygest.simulate.radio.process import PATIENCE_MS, BoardOptions, BoardProcess

READY_TIMEOUT_S = 20.0
STOP_TIMEOUT_S = 2.0
FIRST_MTU = 23
N_BUFFERS = 4
"""Of the board's controller, in notifications."""
ROWS_A_MESSAGE = 4096


@dataclass(frozen=True)
class RadioCounters:
    """What happened on the air since the board was added."""

    n_links: int = 0
    n_link_ends: int = 0
    n_reboots: int = 0
    n_notified: int = 0
    """Notifications that the board handed to its radio."""
    n_sent: int = 0
    """Of them, what left over the air."""
    n_lost: int = 0
    """Of them, what the central's host was made to lose."""
    n_notified_bytes: int = 0
    n_muted: int = 0
    """Writes of a central that was made to be silent."""


@dataclass(frozen=True)
class Start:
    """The driver emptied the FIFO and began to measure; number: for the how manyth time."""

    rate_hz: float
    """That the sensor was set to."""
    number: int


ANY_START = Start(0.0, 0)


class VirtualBoard:
    """A board that runs. Made by `VirtualRadio.add_board`.

    What it needs of the event loop happens in the order in which the board said it.
    """

    def __init__(self, air: Air, program: Path, options: BoardOptions):
        self.options = options
        self.address = board_address(options.device_id)
        self.counters = RadioCounters()
        self.serial_path = ""
        self.lights = 0
        """Bits: 1 yellow, 2 red, 4 green, 8 blue."""
        self.first_link = asyncio.Event()
        self.has_ended = asyncio.Event()
        self.is_started = asyncio.Event()
        """A central's START was accepted; clear it to wait for the next one."""
        self._air = air
        self._program = program
        self._process = BoardProcess(self._queue_message, self._ended)
        self._front: GattFront | None = None
        self._indices: dict[str, int] = {}
        self._messages: asyncio.Queue[tuple[int, bytes] | None] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_ready = asyncio.Event()
        self._is_fed = asyncio.Event()
        self._starts: asyncio.Queue[Start] = asyncio.Queue()
        self._clock_began_s = 0.0
        self._feed_began: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._n_waiting = 0
        self._is_muted = False
        self._loss = air.model.notification_loss
        self._random = Random(air.model.seed)

    async def start(self) -> None:
        """Returns once the board advertises. Raises ToolchainError."""
        await self._process.start(self._program, self.options)
        self._spawn(self._work())
        ended = asyncio.create_task(self.has_ended.wait())
        ready = asyncio.create_task(self._is_ready.wait())
        await asyncio.wait((ended, ready), timeout=READY_TIMEOUT_S, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        ready.cancel()
        if not self._is_ready.is_set():
            await self.stop()
            raise ToolchainError(f"the virtual board {self._program} ended or hangs before it advertises")

    async def stop(self) -> None:
        """Ends the process; its peers on the air notice after the supervision timeout."""
        await self._process.stop()
        if self._tasks:  # bumble may swallow a cancellation, so they are let to end by themselves first
            _, late = await asyncio.wait(self._tasks, timeout=STOP_TIMEOUT_S)
            for task in late:
                task.cancel()
        if self._front:
            self._front.vanish()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_linked(self) -> bool:
        return self._front is not None and self._front.connection is not None

    def clock_s(self, board_us: int) -> float:
        """The time of the event loop at which the board's clock shows this, if the board keeps up."""
        return self._clock_began_s + board_us / 1e6 / (self.options.speed or 1)

    # What the sensor measures.

    async def next_start(self) -> Start:
        """Waits until the driver starts to measure, as at every START.

        Starts that nobody waited for are kept in their order, the first one after power-up too. What had
        begun to play before is dropped.
        """
        return await self._starts.get()

    async def feed(self, rows: npt.NDArray[np.int16]) -> None:
        """Append rows (n, 6), board's axes, to what the sensor will make."""
        for start in range(0, len(rows), ROWS_A_MESSAGE):
            self._process.send(
                ToBoard.FEED_ROWS, rows[start : start + ROWS_A_MESSAGE].astype("<i2").tobytes()
            )
            await self._process.drain()

    def begin_feed(
        self, rate_hz: float, *, part_counts: bool = False, start: Start = ANY_START
    ) -> asyncio.Future[float]:
        """From now on the sensor makes what is fed, at this rate, whatever its registers say.

        part_counts: rows are the sensor's own counts, not canonical ones. Returns the `clock_s` at which
        it begins; the first row is made a period later. Ignored, and the future never done, when the
        driver has started anew since `start`.
        """
        self._is_fed.clear()
        self._feed_began = asyncio.get_running_loop().create_future()
        what = struct.pack("<BII", part_counts, round(rate_hz * 1000), start.number)
        self._process.send(ToBoard.FEED_START, what)
        return self._feed_began

    def clear_feed(self) -> None:
        """Rows that were not played are dropped."""
        self._process.send(ToBoard.FEED_CLEAR)

    async def end_feed(self) -> None:
        """No more rows will come; returns when the driver has read the last one."""
        self._process.send(ToBoard.FEED_END)
        await self._is_fed.wait()

    async def play(self, rows: npt.NDArray[np.int16], rate_hz: float, start: Start = ANY_START) -> None:
        """The sensor makes exactly these rows; returns when the driver has read the last one."""
        await self.feed(rows)
        self.begin_feed(rate_hz, start=start)
        await self.end_feed()

    # What is kept on it.

    def give(self, name: str = "", side: Side = Side.NONE) -> None:
        """Name and side, as if they had been stored before; before the first link."""
        for op, arguments in (
            (control.Op.SET_NAME, control.set_name(name)),
            (control.Op.SET_SIDE, bytes([side])),
        ):
            command = control.encode_command(control.Command(op, 0, arguments))
            self._process.send(ToBoard.WRITE, struct.pack("<H", self._indices[gatt.CONTROL]) + command)

    # What goes wrong.

    def fault(self, kind: BoardFault, argument: int = 0) -> None:
        """Inside the board."""
        self._process.send(ToBoard.FAULT, struct.pack("<BI", kind, argument))

    def drop_link(self) -> None:
        """The link ends at once for both sides, as after a supervision timeout."""
        if self._front:
            self._air.drop_links(self._front.controller)

    def set_in_range(self, is_in_range: bool) -> None:
        if self._front:
            self._air.set_in_range(self._front.controller, is_in_range)

    def mute_central(self, is_muted: bool) -> None:
        """What the central writes is lost, its heartbeat too."""
        self._is_muted = is_muted

    def lose_notifications(self, share: float) -> None:
        """The central's host loses this share of notifications: sent, and seen by nobody."""
        self._loss = share

    # What the board says.

    def _queue_message(self, kind: int, payload: bytes) -> None:
        if kind == FromBoard.FEED_DONE:
            self._is_fed.set()
        elif kind == FromBoard.SAMPLING:
            rate_mhz, number = struct.unpack("<II", payload)
            self._starts.put_nowait(Start(rate_mhz / 1000, number))
        elif kind == FromBoard.FEED_BEGAN:
            if not self._feed_began.done():
                self._feed_began.set_result(self.clock_s(struct.unpack_from("<Q", payload, 4)[0]))
        elif kind == FromBoard.LEDS:
            self.lights = payload[0]
        elif kind == FromBoard.SERIAL_PATH:
            self.serial_path = payload.decode()
        else:
            self._messages.put_nowait((kind, payload))

    def _ended(self) -> None:
        self.has_ended.set()
        self._is_fed.set()
        self._messages.put_nowait(None)

    async def _work(self) -> None:
        while (message := await self._messages.get()) is not None:
            await self._take(*message)

    async def _take(self, kind: int, payload: bytes) -> None:
        if kind == FromBoard.HELLO:
            self._begin_life(payload)
        elif kind == FromBoard.TABLE:
            await self._show(payload)
        elif self._front is None:
            return
        elif kind == FromBoard.ADVERTISE:
            await self._advertise(self._front, payload)
        elif kind == FromBoard.STOP_ADVERTISE:
            await self._front.stop_advertising()
        elif kind == FromBoard.VALUE:
            self._front.set_value(*_indexed(payload))
        elif kind == FromBoard.NOTIFY:
            await self._notify(self._front, *_indexed(payload))
        elif kind == FromBoard.PARAMETERS:
            self._front.set_intervals(*struct.unpack("<HH", payload))
        elif kind == FromBoard.DISCONNECT:
            self._spawn(self._front.disconnect())

    def _begin_life(self, hello: bytes) -> None:
        self._clock_began_s = struct.unpack_from("<Q", hello, 2)[0] / 1e9
        self._n_waiting = 0
        if self._front:
            self._count(n_reboots=1)
            self._front.vanish()
            self._front = None

    async def _show(self, table: bytes) -> None:
        self._indices = gatt_indices(table)
        self._front = GattFront(self._air, self.address, self.options.max_mtu, table, self)
        await self._front.power_on()

    async def _advertise(self, front: GattFront, payload: bytes) -> None:
        n_data = payload[0]
        await front.advertise(payload[1 : 1 + n_data], payload[2 + n_data :])
        self._is_ready.set()

    async def _notify(self, front: GattFront, index: int, data: bytes) -> None:
        self._count(n_notified=1, n_notified_bytes=len(data))
        self._n_waiting += 1
        if self._n_waiting == N_BUFFERS and self.options.speed:
            self._spawn(self._say_that_time_passes())
        self._note_reply(index, data)
        if self._random.random() < self._loss:
            self._count(n_lost=1)
            self.notification_sent()
        else:
            await front.notify(index, data)

    async def _say_that_time_passes(self) -> None:
        """A board whose buffers are full stops its clock if it does not hear from us."""
        while self._n_waiting >= N_BUFFERS and not self.has_ended.is_set():
            self._process.send(ToBoard.CREDIT, b"\0")
            await asyncio.sleep(PATIENCE_MS / 1000 / 3)

    def _note_reply(self, index: int, data: bytes) -> None:
        started = bytes([control.Op.START | 0x80])
        if index == self._indices.get(gatt.REPLY) and data[:1] == started and data[2] == control.Status.OK:
            self.is_started.set()

    # What the radio says (front.Listener).

    def linked(self, address: bytes) -> None:
        self._n_waiting = 0
        self._count(n_links=1)
        self.first_link.set()
        self._process.send(ToBoard.RSSI, struct.pack("<b", self._air.model.rssi_dbm))
        self._process.send(ToBoard.CONNECTED, struct.pack("<H", FIRST_MTU) + address)
        if self._front:
            self._spawn(self._front.ask_for_interval())

    def unlinked(self, reason: int) -> None:
        self._n_waiting = 0
        self._count(n_link_ends=1)
        self._process.send(ToBoard.DISCONNECTED, bytes([reason]))

    def mtu_changed(self, mtu: int) -> None:
        self._process.send(ToBoard.MTU, struct.pack("<H", mtu))

    def written(self, index: int, data: bytes) -> None:
        if self._is_muted:
            self._count(n_muted=1)
        else:
            self._process.send(ToBoard.WRITE, struct.pack("<H", index) + data)

    def subscribed(self, index: int, is_on: bool) -> None:
        self._process.send(ToBoard.SUBSCRIBE, struct.pack("<HH", index, is_on))

    def notification_sent(self) -> None:
        self._count(n_sent=1)
        self._n_waiting = max(0, self._n_waiting - 1)
        self._process.send(ToBoard.CREDIT, b"\1")

    def _count(self, **more: int) -> None:
        now = {name: getattr(self.counters, name) + n for name, n in more.items()}
        self.counters = replace(self.counters, **now)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def board_address(device_id: int) -> hci.Address:
    """A random static address that stays with the board."""
    octets = bytearray(device_id.to_bytes(8, "little")[:6])
    octets[5] |= 0xC0
    return hci.Address(bytes(octets), hci.Address.RANDOM_DEVICE_ADDRESS)


def gatt_indices(table: bytes) -> dict[str, int]:
    """Characteristic UUID to its index on the link."""
    services = json.loads(table)
    return {one["uuid"]: one["index"] for service in services for one in service["characteristics"]}


def _indexed(payload: bytes) -> tuple[int, bytes]:
    return int.from_bytes(payload[:2], "little"), payload[2:]
