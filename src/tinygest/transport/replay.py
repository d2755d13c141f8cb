"""A recording that behaves like a board: the same info, commands and frames, at its own pace.

What was lost when it was recorded is lost again, as a gap that the board tells.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Iterator

from tinygest.core.errors import ContractError, LinkError, ProtocolError
from tinygest.core.recording import Recording
from tinygest.core.sensor import explain_mismatch, imu_contract
from tinygest.protocol.control import (
    Command,
    Op,
    Reply,
    Started,
    Status,
    decode_command,
    encode_reply,
    encode_started,
)
from tinygest.protocol.gatt import MAX_PAYLOAD
from tinygest.protocol.info import Info, encode_info
from tinygest.protocol.samples import HEADER, MAX_ROWS, SampleFrame, encode_samples
from tinygest.protocol.words import Imu, Mode, SampleFlag, Side
from tinygest.transport.base import Found, Link, Transport
from tinygest.transport.inbox import Channel, Message

FRAMES_PER_S = 20
CHANNELS = frozenset({Channel.INFO, Channel.CONTROL, Channel.REPLY, Channel.SAMPLES})


class ReplayLink(Link):
    """Plays from the start whenever START comes; ends when the recording does, if `ends`."""

    def __init__(self, recording: Recording, info: Info, speed: float, *, ends: bool) -> None:
        super().__init__(f"replay:{recording.id}", CHANNELS)
        self._recording = recording
        self._info = info
        self._speed = speed
        self._ends = ends
        self._player: asyncio.Task[None] | None = None
        self.n_sent = 0
        """Rows of the recording that were sent since START."""

    async def read(self, channel: Channel) -> bytes:
        if channel != Channel.INFO:
            raise self.missing(channel)
        return encode_info(self._info)

    async def subscribe(self, channel: Channel) -> None:
        if channel not in self.channels:
            raise self.missing(channel)

    async def write(self, channel: Channel, payload: bytes) -> None:
        if channel != Channel.CONTROL:
            raise self.missing(channel)
        if self.inbox.is_closed:
            raise LinkError(self.inbox.reason)
        command = decode_command(payload)
        reply = await self._obey(command)
        self._push(Channel.REPLY, encode_reply(reply))

    async def close(self) -> None:
        await self._stop()
        self.inbox.close("disconnected")

    async def _obey(self, command: Command) -> Reply:
        if command.op == Op.START:
            await self._stop()
            self._player = asyncio.create_task(self._play())
            rate_hz = round(self._recording.info.contract.rate_hz)
            started = Started(rate_hz, MAX_PAYLOAD, min(self._rows_per_frame(), 255), Mode.CAPTURE)
            return Reply(Op.START, command.tag, Status.OK, encode_started(started))
        if command.op == Op.STOP:
            await self._stop()
        known = command.op in (Op.STOP, Op.HEARTBEAT, Op.IDENTIFY)
        return Reply(command.op, command.tag, Status.OK if known else Status.UNKNOWN_COMMAND)

    async def _stop(self) -> None:
        if self._player is not None:
            self._player.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._player
            self._player = None

    async def _play(self) -> None:
        rate_hz = self._recording.info.contract.rate_hz
        began_s = time.monotonic()
        self.n_sent = 0
        for frame in self._frames():
            due_s = (frame.first_index + len(frame.samples)) / rate_hz / self._speed
            await asyncio.sleep(max(0.0, began_s + due_s - time.monotonic()))
            self._push(Channel.SAMPLES, encode_samples(frame))
            self.n_sent += len(frame.samples)
        if self._ends:
            self.inbox.close("the recording has ended")

    def _frames(self) -> Iterator[SampleFrame]:
        missing = {gap.at: gap.n_missing for gap in self._recording.info.gaps}
        rate_hz = self._recording.info.contract.rate_hz
        skipped = 0
        flag = SampleFlag.RESTART
        for start, stop in self._recording.spans():
            skipped += missing.get(start, 0)
            if start:
                flag = SampleFlag.GAP
            for at in range(start, stop, self._rows_per_frame()):
                rows = self._recording.samples[at : min(stop, at + self._rows_per_frame())]
                first = at + skipped
                device_ms = round((first + len(rows)) * 1000 / rate_hz)
                yield SampleFrame(first, device_ms & 0xFFFF, flag, rows)
                flag = SampleFlag(0)

    def _rows_per_frame(self) -> int:
        info = self._recording.info
        fit = (MAX_PAYLOAD - HEADER.size) // (2 * len(info.contract.channels))
        return max(1, min(fit, MAX_ROWS, round(info.contract.rate_hz / FRAMES_PER_S)))

    def _push(self, channel: Channel, payload: bytes) -> None:
        self.inbox.push(Message(channel, payload, time.monotonic()))


class ReplayTransport(Transport):
    """Offers one board: the recording."""

    name = "replay"

    def __init__(
        self, recording: Recording, *, speed: float = 1.0, device_id: int = 0, ends: bool = True
    ) -> None:
        """speed: 2 plays twice as fast. Raises ContractError for data that no board of ours delivers."""
        self._recording = recording
        self._speed = speed
        self._ends = ends
        self._info = _info_of(recording, device_id)

    async def scan(self, seconds: float) -> AsyncGenerator[Found, None]:
        yield Found(f"replay:{self._recording.id}", self._info.name)

    async def connect(self, address: str) -> Link:
        return ReplayLink(self._recording, self._info, self._speed, ends=self._ends)


def _info_of(recording: Recording, device_id: int) -> Info:
    contract = recording.info.contract
    board = imu_contract(contract.rate_hz, rotation=len(contract.channels) > 3)
    difference = explain_mismatch(board, contract)
    if difference:
        raise ContractError(f"recording {recording.id} is not what a board delivers: {difference}")
    sides = {"left": Side.LEFT, "right": Side.RIGHT}
    info = Info(
        can_recognise=False,
        mode=Mode.IDLE,
        imu=Imu.NONE,
        side=sides.get(recording.meta.side, Side.NONE),
        n_channels=len(contract.channels),
        n_models=0,
        model=None,
        serial_version=1,
        device_id=device_id,
        rate_mhz=round(contract.rate_hz * 1000),
        part_rate_mhz=round(contract.rate_hz * 1000),
        capture_id=contract.capture_id,
        model_id="",
        name="replay",
        version="replay",
    )
    try:
        encode_info(info)
    except ProtocolError as error:
        raise ContractError(f"recording {recording.id}: {error}") from error
    return info
