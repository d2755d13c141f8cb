"""The dialogue with one connected board: who it is, commands and their replies, the heartbeat."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from tinygest.core.errors import ContractError, LinkError, ProtocolError
from tinygest.core.sensor import SensorContract, imu_contract
from tinygest.core.units import COUNTS_PER_DPS
from tinygest.protocol.control import (
    Command,
    Op,
    Reply,
    Started,
    StartFlag,
    Status,
    decode_reply,
    decode_started,
    encode_command,
    start,
)
from tinygest.protocol.health import Health, decode_health
from tinygest.protocol.info import Info, decode_info
from tinygest.protocol.ssi_config import COLUMN_NAMES, SsiConfig, decode_config
from tinygest.protocol.words import Mode
from tinygest.transport.base import CLOSE_TIMEOUT_S, Link
from tinygest.transport.inbox import Channel, Message

REPLY_TIMEOUT_S = 2.0
N_TRIES = 2  # a reply is a notification, and those can be lost
STOCK_COUNTS_PER_G = 8192.0  # SensiML's capture firmware, which never says so: +-4 g
LAST_TAG = 255

REFUSALS = {
    Status.UNKNOWN_COMMAND: "does not know this command; flash it again",
    Status.NO_MODEL: "carries no model; flash one",
    Status.PAYLOAD_TOO_SMALL: "can send {rate} Hz at most over this link: its MTU is too small",
    Status.NO_IMU: "found no motion sensor",
    Status.RATE: "cannot deliver that rate: 25, 50, 100, 200, 400 Hz, or the model's",
    Status.STORAGE: "could not keep it",
    Status.NETWORK: "could not run its network",
}


@dataclass(frozen=True)
class Identity:
    """Who answered, as the board itself says; nothing is taken from its address."""

    address: str
    device: str
    """Hexadecimal device id of the chip; of SSI boards, which say none, the address."""
    name: str
    side: str
    info: Info | None
    """None: a board that speaks only SSI."""
    config: SsiConfig | None


class Board:
    """Of one link. Messages that are no replies go to `on_message`, on the event loop, in their order."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.on_message: Callable[[Message], None] = lambda message: None
        self.identity: Identity
        self._tag = 0
        self._waiting: dict[int, asyncio.Future[Reply]] = {}
        self._pump = asyncio.create_task(self._read_inbox())

    @classmethod
    async def open(cls, link: Link) -> Board:
        """Ask who it is; raises LinkError, ProtocolError. The caller closes the board in any case."""
        board = cls(link)
        try:
            if Channel.REPLY in link.channels:
                await link.subscribe(Channel.REPLY)
            board.identity = await board._ask_identity()
        except BaseException:
            await board.close()
            raise
        return board

    @property
    def is_ours(self) -> bool:
        return self.identity.info is not None

    @property
    def lost(self) -> str:
        """Why the link has ended; empty while it is up."""
        return self.link.inbox.reason

    async def wait_lost(self) -> str:
        """Returns the reason once the link has ended and all that came before was passed on."""
        await asyncio.wait([self._pump])
        return self.lost

    async def command(self, op: Op, arguments: bytes = b"") -> Reply:
        """Send and wait for the reply, whatever it says; raises LinkError without one."""
        for _ in range(N_TRIES):
            tag = self._tag = self._tag % LAST_TAG + 1
            reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
            self._waiting[tag] = reply
            try:
                await self.link.write(Channel.CONTROL, encode_command(Command(op, tag, arguments)))
                # Not wait_for: that of Python 3.11 swallows a cancellation that meets the reply.
                async with asyncio.timeout(REPLY_TIMEOUT_S):
                    return await reply
            except TimeoutError:
                continue
            finally:
                del self._waiting[tag]
                if not reply.cancel() and not reply.cancelled():
                    reply.exception()  # looked at: the write may have failed before anybody waited for it
        raise LinkError(f"{self.link.address} does not answer {op.name}")

    async def order(self, op: Op, arguments: bytes = b"") -> Reply:
        """As `command`, but a refusal is a ContractError that says why."""
        reply = await self.command(op, arguments)
        if reply.status != Status.OK:
            raise ContractError(f"the board {self._describe()} {_explain(reply)}")
        return reply

    async def start(self, mode: Mode, flags: StartFlag, rate_hz: int) -> Started:
        """Subscriptions come before."""
        return decode_started((await self.order(Op.START, start(mode, flags, rate_hz))).arguments)

    async def health(self) -> Health | None:
        """As of now; None where the board cannot tell."""
        if not self.is_ours:
            return None
        with contextlib.suppress(ProtocolError):
            reply = await self.command(Op.GET_HEALTH)
            if reply.status == Status.OK:
                return decode_health(reply.arguments)
        with contextlib.suppress(ProtocolError, LinkError):  # a reply that the link has cut
            return decode_health(await self.link.read(Channel.HEALTH))
        return None

    async def close(self) -> None:
        """Disconnect, also after a loss. Never raises."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self.link.close()
        self._pump.cancel()
        await asyncio.wait([self._pump])

    async def _ask_identity(self) -> Identity:
        link = self.link
        info = await self._ask_info()
        config = None
        if info is None:
            config = decode_config(await link.read(Channel.SSI_CONFIG))
            return Identity(link.address, link.address, config.device_name, "", None, config)
        side = info.side.name.lower() if info.side else ""
        return Identity(link.address, f"{info.device_id:016x}", info.name, side, info, None)

    async def _ask_info(self) -> Info | None:
        if Channel.INFO in self.link.channels:
            return decode_info(await self.link.read(Channel.INFO))
        if Channel.CONTROL in self.link.channels:
            return decode_info((await self.command(Op.GET_INFO)).arguments)
        return None

    async def _read_inbox(self) -> None:
        try:
            while (message := await self.link.inbox.get()) is not None:
                if message.channel == Channel.REPLY:
                    self._take_reply(message.payload)
                else:
                    self.on_message(message)
        finally:
            error = LinkError(self.lost or "disconnected")
            for reply in tuple(self._waiting.values()):
                if not reply.done():
                    reply.set_exception(error)

    def _take_reply(self, payload: bytes) -> None:
        try:
            reply = decode_reply(payload)
        except ProtocolError:
            return
        waiting = self._waiting.get(reply.tag)
        if waiting is not None and not waiting.done() and reply.op != Op.LINK:
            waiting.set_result(reply)

    def _describe(self) -> str:
        return self.identity.name or self.identity.device


def contract_of(identity: Identity, rate_hz: float | None = None) -> SensorContract:
    """What a sample of this board is, at `rate_hz` or the rate it is set to.

    Raises ContractError for a board whose `capture_id` is another than this contract's.
    """
    if identity.config is not None:
        return _ssi_contract(identity.config)
    info = identity.info
    assert info is not None
    at_present = imu_contract(info.rate_mhz / 1000, rotation=info.n_channels > 3)
    if info.capture_id != at_present.capture_id:
        raise ContractError(
            f"board {identity.name or identity.device} delivers samples of another contract "
            f"({info.capture_id[:12]}, this tinygest knows {at_present.capture_id[:12]}); flash it again"
        )
    return imu_contract(rate_hz or at_present.rate_hz, rotation=info.n_channels > 3)


def ssi_columns(config: SsiConfig) -> tuple[int, ...]:
    """Where in a row of SSI the channels of `contract_of` are; others (microphone, ...) are left out."""
    return tuple(config.column_location[name] for name in _ssi_names(config))


def _ssi_names(config: SsiConfig) -> list[str]:
    return [name for name in COLUMN_NAMES.values() if name in config.column_location]


def _ssi_contract(config: SsiConfig) -> SensorContract:
    names = _ssi_names(config)
    stock = list(COLUMN_NAMES.values())
    if names not in (stock[:3], stock):
        raise ContractError(
            f"columns {', '.join(config.columns)}: an accelerometer, with or without a gyroscope, is needed"
        )
    if config.data_type != "int16":
        raise ContractError(f"rows of {config.data_type}; only int16 is supported")
    return imu_contract(
        config.sample_rate,
        rotation=len(names) > 3,
        frame="ssi",
        counts_per_g=STOCK_COUNTS_PER_G,
        counts_per_dps=COUNTS_PER_DPS,
    )


def _explain(reply: Reply) -> str:
    text = REFUSALS.get(reply.status, f"refuses: {reply.status.name.lower().replace('_', ' ')}")
    if "{rate}" not in text:
        return text
    try:
        return text.format(rate=decode_started(reply.arguments).rate_hz)
    except ProtocolError:
        return text.format(rate="fewer")
