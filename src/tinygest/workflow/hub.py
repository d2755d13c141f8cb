"""The boards of a gateway that stays: found, connected, recorded from, listened to, as people come and go.

One hub a process, used on one event loop. Sessions keep their boards connected until they are told to
let go; a recording uses the sessions that are there.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

from tinygest.core.errors import NotFoundError, TinygestError, UsageError
from tinygest.core.event import Event
from tinygest.core.labels import check_label
from tinygest.gateway.finish import Finished, recover
from tinygest.gateway.live import Live, Status
from tinygest.gateway.session import Session, SessionOptions
from tinygest.gateway.updates import Linked, Unlinked, Update
from tinygest.protocol.words import Mode
from tinygest.store.project import Project
from tinygest.workflow import boards as talks
from tinygest.workflow.boards import BoardRow, Target, Ways
from tinygest.workflow.hub_trial import Trial, TrialState
from tinygest.workflow.hub_virtual import VirtualProcess
from tinygest.workflow.live_model import LiveModel
from tinygest.workflow.recording import RecordPlan, Screen, check_plan, record_connected
from tinygest.workflow.results import labels_of
from tinygest.workflow.segmenting import segment_recording

CONNECT_S = 30.0


@dataclass(frozen=True)
class Tried:
    """The model that is tried on the gateway found something in a board's stream."""

    event: Event


Listener = Callable[[str, Update | Tried], None]
"""(address, update); called on the event loop, must be quick."""


@dataclass(frozen=True)
class Notice:
    """A sentence for whoever looks at the page now."""

    text: str
    is_problem: bool = False


@dataclass(frozen=True)
class ConnectedBoard:
    """A board with a session."""

    address: str
    mode: str
    rate_hz: float
    """Nominal; the status has the measured one."""
    channels: list[str]
    model_id: str
    labels: list[str]
    """Of its model, if the project has it; label 0 first."""
    trial: TrialState | None
    """A model that the gateway runs on its stream."""
    status: Status


@dataclass(frozen=True)
class RecordingState:
    """What is being recorded, if anything."""

    phase: Literal["idle", "countdown", "recording"]
    number: int = 0
    repeat: int = 0
    seconds: float = 0.0
    """Left while counting down, else recorded."""
    label: str = ""
    """That a key has begun."""


@dataclass(frozen=True)
class Recorded:
    """A finished recording, and how many segments were proposed in it at once."""

    finished: Finished
    n_proposed: int


@dataclass
class _Connected:
    live: Live
    mode: Mode
    task: asyncio.Task[None]
    trial: Trial | None = None


@dataclass
class _Recording:
    screen: Screen
    task: asyncio.Task[None]
    state: RecordingState = field(default_factory=lambda: RecordingState("countdown"))


class Hub:
    """`async with Hub(project) as hub: ...`; leaving it lets go of every board."""

    def __init__(self, project: Project, links: Sequence[str] = ()) -> None:
        """links: ways to boards as `--link` has them."""
        self.project = project
        self.last_recorded: list[Recorded] = []
        self.ssi_address = ""
        """The board that SSI clients read; empty: the first."""
        self._ways = Ways(links, project)
        self._heard: dict[str, Target] = {}
        self._connected: dict[str, _Connected] = {}
        self._recording: _Recording | None = None
        self._listeners: list[Listener] = []
        self._watchers: list[Callable[[Notice], None]] = []
        self._scanning = asyncio.Lock()
        self._switching = asyncio.Lock()
        self._virtual: VirtualProcess | None = None
        self._labels: dict[str, list[str]] = {}
        """By model id; screens ask several times a second."""

    async def __aenter__(self) -> Self:
        await self._ways.__aenter__()
        recovered, problems = await asyncio.to_thread(recover, self.project)
        for one in recovered:
            self._say(f"{one.id}: recovered {one.physics.duration_s:.1f} s that a crash had left behind")
        for problem in problems:
            self._say(problem, is_problem=True)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.end_recording()
        await self._let_go(tuple(self._connected))
        await self.stop_virtual()
        await self._ways.__aexit__(kind, error, trace)

    # --- listening ---

    def listen(self, listener: Listener, watcher: Callable[[Notice], None]) -> None:
        self._listeners.append(listener)
        self._watchers.append(watcher)

    def unlisten(self, listener: Listener, watcher: Callable[[Notice], None]) -> None:
        self._listeners.remove(listener)
        self._watchers.remove(watcher)

    def boards(self) -> list[ConnectedBoard]:
        """Boards that have a session, connected at this moment or not."""
        return [self._describe(address, one) for address, one in self._connected.items()]

    def find(self, address: str) -> ConnectedBoard | None:
        """The board with a session at this address."""
        return self._describe(address, self._connected[address]) if self.has(address) else None

    def has(self, address: str) -> bool:
        """Whether a board has a session at this address."""
        return address in self._connected

    def recording(self) -> RecordingState:
        return self._recording.state if self._recording else RecordingState("idle")

    # --- boards ---

    async def scan(self, seconds: float) -> list[BoardRow]:
        """What is heard; connected boards are silent, and listed by `boards`. Raises LinkError."""
        async with self._scanning:
            targets = await self._ways.scan(seconds)
        self._heard |= {target.address: target for target in targets}
        return [talks.row(target) for target in targets]

    async def connect(self, address: str, mode: Mode) -> ConnectedBoard:
        """Start a session and wait for its first link; raises LinkError, ContractError."""
        self._check_new(address)
        target = await self._target(address)
        self._check_new(address)  # looking for it took a while
        session = Session(target.transport, target.address, SessionOptions(mode=mode, give_up_s=CONNECT_S))
        live = Live(session)
        linked = asyncio.Event()
        session.listen(live)
        session.listen(lambda update: self._tell(address, update))
        session.listen(lambda update: linked.set() if isinstance(update, Linked) else None)
        one = _Connected(live, mode, asyncio.create_task(session.run()))
        self._connected[address] = one
        one.task.add_done_callback(lambda task: self._ended(address, task))
        await _first(one.task, linked)
        return self._describe(address, one)

    async def disconnect(self, address: str) -> None:
        """Let go; raises NotFoundError for a board that has no session."""
        one = self._session(address)
        self._check_idle()
        one.live.session.stop()
        await asyncio.wait([one.task])
        if one.trial:
            self._tell_all(address, [Tried(event) for event in one.trial.finish()])

    async def _let_go(self, addresses: Collection[str]) -> None:
        """Of those that are still there: a session may end by itself while others are waited for."""
        letting_go = (self.disconnect(address) for address in addresses)
        await asyncio.gather(*letting_go, return_exceptions=True)

    async def identify(self, address: str, seconds: int) -> None:
        """Its light blinks. Raises LinkError, ContractError."""
        board = self._board(address)
        await (talks.blink_connected(board, seconds) if board else self._short(address, seconds))

    async def give_name(self, address: str, name: str | None, side: str | None) -> None:
        """The board keeps both; raises LinkError, ContractError, ProtocolError."""
        board = self._board(address)
        if board is None:
            await talks.give_name(await self._target(address), name, side)
        else:
            await talks.give_name_connected(board, name, side)

    async def try_model(self, address: str, model: str | None) -> ConnectedBoard:
        """Run a model on what this board sends, from now on; None ends it.

        Raises StoreError, ToolchainError, ContractError where it needs another sensor.
        """
        one = self._session(address)
        if model is None:
            one.trial = None
            return self._describe(address, one)
        bundle = self.project.bundle(model)
        contract = one.live.session.contract
        if contract is not None:
            bundle.contract.require_sensor(contract, f"board {address}")
        one.trial = Trial(await asyncio.to_thread(LiveModel, bundle))
        return self._describe(address, one)

    async def start_virtual(self, hands: Sequence[str], model: str | None) -> str:
        """Boards without hardware on a boxer's hands; they come up in scans. Returns the way to them.

        Raises UsageError while a recording is running, ToolchainError.
        """
        async with self._switching:
            await self._switch_off()
            self._virtual = await VirtualProcess.start(self.project, hands, model)
            self._ways.add(self._virtual.link)
            return self._virtual.link

    async def stop_virtual(self) -> None:
        """Switch the virtual boards off, connected or not. Raises UsageError while a recording runs."""
        async with self._switching:
            await self._switch_off()

    async def _switch_off(self) -> None:
        if self._virtual is None:
            return
        self._check_idle()
        gone, self._virtual = self._virtual, None
        await self._let_go(gone.addresses & self._connected.keys())
        for address in gone.addresses:
            self._heard.pop(address, None)  # the way that it was heard on is closed
        await self._ways.remove(gone.link)
        await gone.stop()

    # --- recording ---

    def begin_recording(self, plan: RecordPlan) -> None:
        """From all connected boards; raises UsageError, LabelError, StoreError."""
        if self._recording:
            raise UsageError("a recording is running already")
        if not self._connected:
            raise UsageError("no board is connected")
        if not all(one.live.session.counts.n_links for one in self._connected.values()):
            raise UsageError("a board is still being connected: wait for it")
        check_plan(self.project, plan)
        screen = Screen(say=self._say)
        recording = _Recording(screen, asyncio.create_task(self._record(plan, screen)))
        screen.count_down = lambda seconds, number, repeat: self._show(
            RecordingState("countdown", number, repeat, seconds)
        )
        screen.tick = lambda lives, seconds, label: self._show(
            RecordingState("recording", self.recording().number, plan.repeat, seconds, label)
        )
        self._recording = recording

    def mark(self, label: str) -> None:
        """From now on it is this label; an empty one ends it. Raises UsageError, LabelError."""
        if not self._recording:
            raise UsageError("nothing is being recorded")
        if label:
            check_label(label)
        self._recording.screen.label = label

    async def end_recording(self) -> list[Recorded]:
        """End and store what is being recorded; what there was last if nothing is."""
        if self._recording:
            self._recording.screen.stop.set()
            await asyncio.wait([self._recording.task])
        return self.last_recorded

    async def _record(self, plan: RecordPlan, screen: Screen) -> None:
        self.last_recorded = []
        lives = [one.live for one in self._connected.values()]
        try:
            for finished in await record_connected(self.project, lives, plan, screen):
                self.last_recorded.append(await asyncio.to_thread(self._propose, finished))
        except TinygestError as error:
            self._say(str(error), is_problem=True)
        finally:
            self._recording = None
        for one in self.last_recorded:
            self._say(f"{one.finished.id}: {one.finished.physics.duration_s:.1f} s recorded")

    def _propose(self, finished: Finished) -> Recorded:
        """Segments with the recording's label, where it has one and nobody pressed a key for it."""
        label = self.project.entry(finished.id).meta.default_label
        if not label or finished.n_segments:
            return Recorded(finished, 0)
        return Recorded(finished, segment_recording(self.project, finished.id, None, {}).n_proposed)

    def _show(self, state: RecordingState) -> None:
        if self._recording:
            self._recording.state = state

    # --- inside ---

    def _tell(self, address: str, update: Update) -> None:
        if isinstance(update, Unlinked):
            self._say(f"{self._connected[address].live.status().name}: {update.reason}", is_problem=True)
        elif isinstance(update, Linked) and update.n_links > 1:
            self._say(f"{self._connected[address].live.status().name}: connected again")
        trial = self._connected[address].trial if address in self._connected else None
        tried = [Tried(event) for event in trial.take(update)] if trial else []
        self._tell_all(address, [update, *tried])

    def _tell_all(self, address: str, updates: Sequence[Update | Tried]) -> None:
        for listener in tuple(self._listeners):
            for update in updates:
                listener(address, update)

    def _say(self, text: str, *, is_problem: bool = False) -> None:
        for watcher in tuple(self._watchers):
            watcher(Notice(text, is_problem))

    def _ended(self, address: str, task: asyncio.Task[None]) -> None:
        """A session that ended is gone; why, if it ended by itself, is said once.

        What is being recorded ends with it: it would wait for the missing board for ever.
        """
        self._connected.pop(address, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._say(f"{address}: {error}", is_problem=True)
        if self._recording:
            self._recording.screen.stop.set()

    def _check_new(self, address: str) -> None:
        if address in self._connected:
            raise UsageError(f"{address} is connected already")
        self._check_idle()

    def _check_idle(self) -> None:
        if self._recording:
            raise UsageError("a recording is running: end it before boards come or go")

    def _describe(self, address: str, one: _Connected) -> ConnectedBoard:
        session = one.live.session
        info = session.identity.info if session.identity else None
        model_id = info.model_id if info else ""
        return ConnectedBoard(
            address,
            one.mode.name.lower(),
            session.contract.rate_hz if session.contract else 0.0,
            list(session.contract.channel_names) if session.contract else [],
            model_id,
            self._labels_of(model_id),
            one.trial.state() if one.trial else None,
            one.live.status(),
        )

    def _labels_of(self, model_id: str) -> list[str]:
        if not self._labels.get(model_id):  # what the project does not have may come
            self._labels[model_id] = labels_of(self.project, model_id)
        return self._labels[model_id]

    def _session(self, address: str) -> _Connected:
        if address not in self._connected:
            raise NotFoundError(f"{address} is not connected")
        return self._connected[address]

    def _board(self, address: str) -> Any:
        one = self._connected.get(address)
        return one.live.session.board if one else None

    async def _short(self, address: str, seconds: int) -> None:
        await talks.blink(await self._target(address), seconds)

    async def _target(self, address: str) -> Target:
        if address in self._heard:
            return self._heard[address]
        (target,) = await self._ways.find([address])
        return target


async def _first(task: asyncio.Task[None], linked: asyncio.Event) -> None:
    """Wait for the link; raises what ended the session before."""
    waiting = asyncio.create_task(linked.wait())
    try:
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if task.done() and not linked.is_set():
            task.result()
    finally:
        waiting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiting
