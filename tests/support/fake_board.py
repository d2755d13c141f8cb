"""A board without firmware, for tests of sessions: its samples tell when they were made.

Sample i of the board's time is (i, i, 2048, i, i, i) modulo 2**15, so a recording shows by itself whether
rows are missing, doubled or misplaced.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import numpy as np

from tinygest.core.errors import LinkError
from tinygest.core.sensor import imu_contract
from tinygest.protocol.control import (
    UPTIME,
    Op,
    Reply,
    Started,
    Status,
    decode_command,
    encode_reply,
    encode_started,
)
from tinygest.protocol.health import Health, encode_health
from tinygest.protocol.info import Info, encode_info
from tinygest.protocol.samples import SampleFrame, encode_samples
from tinygest.protocol.words import Fault, Imu, Mode, ResetCause, SampleFlag, Side
from tinygest.transport.base import Found, Link, Transport
from tinygest.transport.inbox import Channel, Message

RATE_HZ = 100
ROWS_PER_FRAME = 5
OURS = frozenset({Channel.INFO, Channel.CONTROL, Channel.REPLY, Channel.SAMPLES, Channel.HEALTH})


def content(index: int, n: int) -> np.ndarray:
    counter = (np.arange(index, index + n) % (1 << 15)).astype(np.int16)
    rows = np.repeat(counter[:, np.newaxis], 6, axis=1)
    rows[:, 2] = 2048
    return rows


@dataclass
class FakeBoard(Transport):
    """One board and the way to it. `speed`: of its clock."""

    device_id: int = 0x1234
    side: Side = Side.LEFT
    refuses: int = 0
    """How many attempts to connect fail from now on."""
    drops: set[int] = field(default_factory=set)
    """Numbers of frames since START that are lost on the air."""
    repeats: set[int] = field(default_factory=set)
    """Numbers of frames that come twice."""
    stalled: bool = False
    capture_id: str = imu_contract(RATE_HZ).capture_id
    name = "fake"

    def __post_init__(self) -> None:
        self.boot_s = time.monotonic()
        self.links: list[FakeLink] = []
        self.log: list[str] = []

    async def scan(self, seconds: float) -> AsyncGenerator[Found]:
        yield Found("fake")

    async def connect(self, address: str) -> Link:
        if self.refuses:
            self.refuses -= 1
            raise LinkError("the board does not answer")
        assert all(link.is_closed for link in self.links), "the link before was not closed"
        self.links.append(FakeLink(self))
        return self.links[-1]

    def lose_link(self) -> None:
        self.links[-1].lose("the link was lost")

    def reboot(self) -> None:
        self.boot_s = time.monotonic()
        self.lose_link()

    def uptime_s(self) -> float:
        return time.monotonic() - self.boot_s

    def info(self) -> Info:
        return Info(
            can_recognise=False,
            mode=Mode.CAPTURE,
            imu=Imu.NONE,  # nothing is resampled: rows come when they were made
            side=self.side,
            n_channels=6,
            n_models=0,
            model=None,
            serial_version=1,
            device_id=self.device_id,
            rate_mhz=RATE_HZ * 1000,
            part_rate_mhz=RATE_HZ * 1000,
            capture_id=self.capture_id,
            model_id="",
            name="fake",
            version="1",
        )

    def health(self) -> Health:
        uptime_ms = round(self.uptime_s() * 1000)
        none = Fault(0)
        return Health(
            Mode.CAPTURE, Imu.BMI270, none, uptime_ms, 0, 0, 0, 0, 0, 0, 2048, 1000, 0, ResetCause.POWER, 0
        )


class FakeLink(Link):
    """Sends frames from START on, in time with the board's clock."""

    def __init__(self, board: FakeBoard) -> None:
        super().__init__("fake", OURS)
        self._board = board
        self._player: asyncio.Task[None] | None = None
        self.is_closed = False

    async def read(self, channel: Channel) -> bytes:
        return (
            encode_info(self._board.info())
            if channel == Channel.INFO
            else encode_health(self._board.health())
        )

    async def subscribe(self, channel: Channel) -> None:
        self._board.log.append(f"subscribe {channel.value}")

    async def write(self, channel: Channel, payload: bytes) -> None:
        if self.inbox.is_closed:
            raise LinkError(self.inbox.reason)
        command = decode_command(payload)
        self._board.log.append(Op(command.op).name)
        arguments = b""
        if command.op == Op.START:
            self._stop()
            self._player = asyncio.create_task(self._play())
            arguments = encode_started(Started(RATE_HZ, 244, ROWS_PER_FRAME, Mode.CAPTURE))
        elif command.op == Op.STOP:
            self._stop()
        elif command.op == Op.HEARTBEAT:
            arguments = UPTIME.pack(round(self._board.uptime_s() * 1000))
        elif command.op == Op.GET_HEALTH:
            arguments = encode_health(self._board.health())
        if not self._board.stalled:
            self._push(Channel.REPLY, encode_reply(Reply(command.op, command.tag, Status.OK, arguments)))

    async def close(self) -> None:
        self.lose("disconnected")
        self.is_closed = True

    def lose(self, reason: str) -> None:
        self._stop()
        self.inbox.close(reason)

    def _stop(self) -> None:
        if self._player is not None:
            self._player.cancel()
            self._player = None

    async def _play(self) -> None:
        board = self._board
        first = int(board.uptime_s() * RATE_HZ) + 1
        flag, number = SampleFlag.RESTART, 0
        while True:
            at = first + number * ROWS_PER_FRAME
            due_s = (at + ROWS_PER_FRAME - 1) / RATE_HZ
            await asyncio.sleep(max(0.0, due_s - board.uptime_s()))
            while board.stalled:
                await asyncio.sleep(0.01)
            index = number * ROWS_PER_FRAME
            frame = SampleFrame(index, round(due_s * 1000) & 0xFFFF, flag, content(at, ROWS_PER_FRAME))
            for _ in range(0 if number in board.drops else 1 + (number in board.repeats)):
                self._push(Channel.SAMPLES, encode_samples(frame))
            flag = SampleFlag(0)
            number += 1

    def _push(self, channel: Channel, payload: bytes) -> None:
        with contextlib.suppress(RuntimeError):
            self.inbox.push(Message(channel, payload, time.monotonic()))


def misplaced(samples: np.ndarray, gaps: list[tuple[int, int]]) -> np.ndarray:
    """(n,) by how many samples each row is off the place that the gaps give it."""
    index = np.arange(len(samples))
    for at, n_missing in gaps:
        index[at:] += n_missing
    return samples[:, 0].astype(int) - samples[0, 0] - index
