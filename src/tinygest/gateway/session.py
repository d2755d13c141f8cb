"""One board, kept connected for as long as the session runs.

A link: connect, ask who it is, subscribe, then START; heartbeat once a second; a link without data is
given up. After every loss the old link is closed before the next attempt, because systems keep what
nobody gave back, and then deliver everything twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import tenacity

from tinygest.core.errors import AdapterError, ContractError, LinkError, ProtocolError
from tinygest.core.sensor import SensorContract
from tinygest.gateway.board import Board, Identity, contract_of, ssi_columns
from tinygest.gateway.stream import Counts, FrameStream, RowStream, Stream
from tinygest.gateway.updates import (
    ClassReported,
    ClockTold,
    HealthReported,
    Linked,
    Reported,
    Unlinked,
    Update,
)
from tinygest.protocol.control import PLAIN, Op, Started, StartFlag, decode_uptime
from tinygest.protocol.events import decode_event, decode_result_line, decode_sensiml_result
from tinygest.protocol.health import decode_health
from tinygest.protocol.words import Mode
from tinygest.transport.base import Transport
from tinygest.transport.inbox import Channel, Message

HEARTBEAT_S = (0.9, 1.0)
"""Not in step with the connection events: now and then one need not wait for the next (timing.py)."""
DATA_TIMEOUT_S = 1.0
"""Frames come 20 times a second; SSI packets of slow boards are given five periods."""
STOP_TIMEOUT_S = 3.0
CHECK_S = 0.1
GIVE_UP_S = 30.0
BACK_OFF = tenacity.wait_exponential(multiplier=0.25, max=10) + tenacity.wait_random(0, 0.25)

DATA = (Channel.SAMPLES, Channel.SSI_ROWS)
EVENT_WRAP = 1 << 16


class State(Enum):
    """Of a session."""

    CONNECTING = "connecting"
    RUNNING = "running"
    WAITING = "waiting to try again"
    ENDED = "ended"


@dataclass(frozen=True)
class SessionOptions:
    """What is asked of the board."""

    mode: Mode = Mode.CAPTURE
    rate_hz: int = 0
    """0: as the board is set."""
    with_samples: bool = True
    """While recognising, too."""
    give_up_s: float | None = GIVE_UP_S
    """How long the first link may take; None: for ever. Later ones are tried for as long as it runs."""


class Session:
    """`listen`, then `await run()`; `stop` ends it. Listeners are called on the event loop and must be
    quick; one that raises ends the session with its error."""

    def __init__(self, transport: Transport, address: str, options: SessionOptions | None = None) -> None:
        self.address = address
        self.options = options or SessionOptions()
        self.state = State.CONNECTING
        self.identity: Identity | None = None
        """Known after the first link."""
        self.contract: SensorContract | None = None
        self.stream: Stream | None = None
        self.started: Started | None = None
        self.last_reason = ""
        """Why the last link ended or could not be made."""
        self.board: Board | None = None
        """The link that is up, for commands in between."""
        self._transport = transport
        self._listeners: list[Callable[[Update], None]] = []
        self._stopping = asyncio.Event()
        self._has_heard = False
        self._last_event: int | None = None
        self._failure: BaseException | None = None

    @property
    def counts(self) -> Counts:
        """Since the session began."""
        return self.stream.counts if self.stream else Counts()

    def listen(self, listener: Callable[[Update], None]) -> None:
        self._listeners.append(listener)

    def unlisten(self, listener: Callable[[Update], None]) -> None:
        self._listeners.remove(listener)

    def stop(self) -> None:
        """`run` returns soon, after what the board still holds has come."""
        self._stopping.set()

    async def run(self) -> None:
        """Until `stop`. Raises LinkError when the board was never reached, ContractError when it is not
        what was asked for, and whatever a listener raised."""
        try:
            while not self._stopping.is_set():
                board = await self._connect()
                if board is not None:
                    await self._serve(board)
        finally:
            self.state = State.ENDED

    async def _connect(self) -> Board | None:
        """The next link; None when the session was stopped meanwhile."""
        retrying = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception(self._may_try_again),
            wait=BACK_OFF,
            stop=self._give_up,
            before_sleep=self._tell_failure,
            reraise=True,
        )
        attempt: asyncio.Task[Board] = asyncio.create_task(retrying(self._open))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({attempt, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if attempt.done():
                return attempt.result()
            return None
        finally:
            stopping.cancel()
            if not attempt.done():
                attempt.cancel()
                await asyncio.wait({attempt})

    async def _open(self) -> Board:
        self.state = State.CONNECTING
        link = await self._transport.connect(self.address)
        board = await Board.open(link)
        try:
            await self._begin(board)
        except BaseException:
            await board.close()
            raise
        return board

    async def _begin(self, board: Board) -> None:
        """Subscriptions before START, so that nothing of the stream is missed."""
        self._check_identity(board.identity)
        health = await board.health()
        if self.stream is None:
            self.contract = contract_of(board.identity, self.options.rate_hz or None)
            self.stream = _stream_of(board.identity, self.contract)
        asked_s = time.monotonic()
        self._last_event = None
        early: list[Message] = []  # what comes before the listeners know of the link
        board.on_message = early.append
        for channel in self._channels(board):
            await board.link.subscribe(channel)
        self.started = await self._start(board) if board.is_ours else None
        # Only now: an attempt that failed half-way is no link, and must not use up a restart.
        self.stream.begin_link(health.uptime_ms if health else None, asked_s)
        self.state = State.RUNNING
        assert self.contract is not None
        now = time.monotonic()
        self._tell(Linked(board.identity, self.contract, self.started, self.counts.n_links, now))
        board.on_message = self._take
        for message in early:
            self._take(message)

    async def _start(self, board: Board) -> Started:
        recognises = self.options.mode == Mode.RECOGNISE
        flags = StartFlag.WITH_SAMPLES if recognises and self.options.with_samples else PLAIN
        rate_hz = self.options.rate_hz
        if self.contract and self.counts.n_samples:  # a board that was reset has forgotten the rate
            rate_hz = round(self.contract.rate_hz)
        started = await board.start(self.options.mode, flags, rate_hz)
        if self.contract and started.rate_hz != self.contract.rate_hz:
            self.contract = contract_of(board.identity, started.rate_hz)
            if self.stream and self.stream.counts.n_samples:
                raise ContractError(f"the board now delivers {started.rate_hz} Hz; start a new recording")
            if self.stream:
                self.stream.contract = self.contract
        return started

    def _channels(self, board: Board) -> list[Channel]:
        recognises = self.options.mode == Mode.RECOGNISE
        if board.is_ours:
            wanted = [Channel.EVENTS, Channel.HEALTH]
            wanted += [Channel.SAMPLES] if self._wants_samples() else []
        elif recognises:
            wanted = [Channel.SSI_CLASS, Channel.SSI_LINE]
        else:
            wanted = [Channel.SSI_ROWS]
        return [channel for channel in wanted if channel in board.link.channels]

    def _wants_samples(self) -> bool:
        return self.options.mode == Mode.CAPTURE or self.options.with_samples

    def _check_identity(self, identity: Identity) -> None:
        before = self.identity
        if before is not None and identity.device != before.device:
            raise LinkError(f"{self.address} is now another board, {identity.device}")
        if before is not None and self.contract is not None:
            contract = contract_of(identity, self.contract.rate_hz)
            if contract != self.contract or _layout(identity) != _layout(before):
                raise ContractError("the board now delivers other samples; start a new recording")
        self.identity = identity

    async def _serve(self, board: Board) -> None:
        """Until the link is lost or the session stopped."""
        self.board = board
        guards = {
            asyncio.create_task(board.wait_lost()),
            asyncio.create_task(self._beat(board)),
            asyncio.create_task(self._watch()),
            asyncio.create_task(self._stopping.wait()),
        }
        try:
            done, _ = await asyncio.wait(guards, return_when=asyncio.FIRST_COMPLETED)
            if self._stopping.is_set() and not board.lost:
                await self._finish(board)
            reasons = [str(task.result()) for task in done if isinstance(task.result(), str)]
        finally:
            self.board = None
            for guard in guards:
                guard.cancel()
            await asyncio.wait(guards)
            await board.close()
            self.counts.n_dropped += board.link.inbox.n_dropped
        if self._failure is not None:
            raise self._failure
        if not self._stopping.is_set():
            self.state = State.WAITING
            self.last_reason = reasons[0] if reasons else board.lost
            self._tell(Unlinked(self.last_reason, 0.0, time.monotonic()))

    async def _finish(self, board: Board) -> None:
        """STOP makes the board send what it still holds, before its reply."""
        if board.is_ours:
            with contextlib.suppress(LinkError, TimeoutError):
                async with asyncio.timeout(STOP_TIMEOUT_S):
                    await board.command(Op.STOP)

    async def _beat(self, board: Board) -> str:
        """The board ends a link whose central is silent; and its replies show that it lives."""
        while board.is_ours:
            await asyncio.sleep(random.uniform(*HEARTBEAT_S))
            asked_s = time.monotonic()
            try:
                reply = await board.command(Op.HEARTBEAT)
            except LinkError as error:
                return str(error)
            self._note_clock(decode_uptime(reply.arguments), asked_s)
        await asyncio.Event().wait()
        return ""

    def _note_clock(self, uptime_ms: int | None, asked_s: float) -> None:
        if uptime_ms is not None and isinstance(self.stream, FrameStream):
            self._tell(ClockTold(self.stream.board_s(uptime_ms, time.monotonic()), asked_s))

    async def _watch(self) -> str:
        """Returns when nothing has come for too long.

        Counts its own turns: while this process was held up (a busy computer, a laptop that slept) what
        came waits to be read, and nobody was silent.
        """
        patience_s = self._patience_s()
        silent_s = 0.0
        while silent_s < patience_s:
            self._has_heard = False
            await asyncio.sleep(CHECK_S)
            silent_s = 0.0 if self._has_heard else silent_s + CHECK_S
        return f"no data for {patience_s:g} s"

    def _patience_s(self) -> float:
        if self.options.mode == Mode.RECOGNISE and not self._wants_samples():
            return float("inf")  # the heartbeat finds out
        if isinstance(self.stream, RowStream) and self.options.mode == Mode.RECOGNISE:
            return float("inf")  # events come when they come
        packet_s = 0.0
        if self.identity and self.identity.config:
            packet_s = self.identity.config.samples_per_packet / self.identity.config.sample_rate
        return max(DATA_TIMEOUT_S, 5 * packet_s)

    # --- what comes ---

    def _take(self, message: Message) -> None:
        try:
            if message.channel in DATA:
                self._take_data(message)
            else:
                self._take_report(message)
        except ProtocolError:
            self.counts.n_malformed += 1
        except Exception as error:
            self._failure = error
            self._stopping.set()

    def _take_data(self, message: Message) -> None:
        assert self.stream is not None
        self._has_heard = True
        batch = self.stream.feed(message)
        if batch is not None:
            self._tell(batch)

    def _take_report(self, message: Message) -> None:
        now = message.at_s
        if message.channel == Channel.EVENTS:
            event = decode_event(message.payload)
            last, self._last_event = self._last_event, event.count
            n_lost = 0 if last is None else (event.count - last - 1) % EVENT_WRAP
            self._tell(Reported(event, n_lost if n_lost < EVENT_WRAP // 2 else 0, now))
        elif message.channel == Channel.HEALTH:
            self._tell(HealthReported(decode_health(message.payload), now))
        elif message.channel == Channel.SSI_CLASS:
            self._tell(ClassReported(*decode_sensiml_result(message.payload), now))
        elif message.channel == Channel.SSI_LINE:
            line = decode_result_line(message.payload)
            self._tell(ClassReported(line.model_number, line.classification, now))

    def _tell(self, update: Update) -> None:
        for listener in tuple(self._listeners):
            listener(update)

    # --- when to try again ---

    def _may_try_again(self, error: BaseException) -> bool:
        """What can mend itself; and no adapter at all only after it once worked."""
        if isinstance(error, AdapterError) and self.identity is None:
            return False
        return isinstance(error, LinkError | ProtocolError | OSError)

    def _give_up(self, state: tenacity.RetryCallState) -> bool:
        limit_s = self.options.give_up_s
        if self.identity is not None or limit_s is None:
            return False
        return (state.seconds_since_start or 0.0) + state.upcoming_sleep > limit_s

    def _tell_failure(self, state: tenacity.RetryCallState) -> None:
        self.state = State.WAITING
        error = state.outcome.exception() if state.outcome else None
        self.last_reason = str(error) or type(error).__name__
        self._tell(Unlinked(self.last_reason, state.upcoming_sleep, time.monotonic()))


def _layout(identity: Identity) -> dict[str, int] | None:
    """Of rows of SSI."""
    return identity.config.column_location if identity.config else None


def _stream_of(identity: Identity, contract: SensorContract) -> Stream:
    if identity.config is None:
        return FrameStream(contract)
    columns = identity.config.column_location
    return RowStream(contract, ssi_columns(identity.config), len(columns))
