"""Recording from one board or several at once, as often as wanted."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from tinygest.core.errors import StoreError, UsageError
from tinygest.core.recording import RecordingMeta, check_meta
from tinygest.gateway.finish import Finished
from tinygest.gateway.live import Live
from tinygest.gateway.recorder import Recorder
from tinygest.gateway.session import Session, SessionOptions, State
from tinygest.gateway.updates import Linked, Unlinked, Update
from tinygest.store.project import Project
from tinygest.workflow.boards import Target
from tinygest.workflow.projects import check_fields, check_known

TICK_S = 0.05
NEW_LABELS = "write new ones into `labels` of tinygest.toml"
MAX_ID = 80
UNUSABLE = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True)
class RecordPlan:
    """What to record."""

    meta: RecordingMeta = field(default_factory=RecordingMeta)
    """side empty: what each board says."""
    name: str = ""
    """Ids begin with it; empty: date and time."""
    seconds: float | None = None
    """Of each recording; None: until it is stopped."""
    countdown_s: float = 0.0
    """Before each recording."""
    repeat: int = 1


@dataclass
class Screen:
    """What a recording shows, and how it is steered from outside. The default shows nothing."""

    say: Callable[[str], None] = lambda text: None
    """A line for the person."""
    count_down: Callable[[int, int, int], None] = lambda seconds, number, repeat: None
    """(seconds left, number of the recording from 1, of how many)."""
    tick: Callable[[list[Live], float, str], None] = lambda lives, seconds, label: None
    """(boards, seconds recorded, label now), 20 times a second while recording."""
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    """Set it to end everything in order."""
    label: str = ""
    """Set it to begin a label, empty to end it."""


async def record(
    project: Project, targets: Sequence[Target], plan: RecordPlan, screen: Screen | None = None
) -> list[Finished]:
    """Record from all boards at the same time, `plan.repeat` times.

    Raises LinkError when a board is not reached, UsageError and LabelError for metadata that the project
    does not take, StoreError when a recording cannot be stored; it is then recovered at the next start.
    """
    screen = screen or Screen()
    check_plan(project, plan)
    async with sessions(targets, screen) as lives:
        return await record_connected(project, lives, plan, screen)


async def record_connected(
    project: Project, lives: list[Live], plan: RecordPlan, screen: Screen
) -> list[Finished]:
    """As `record`, from sessions that run already and go on afterwards."""
    finished: list[Finished] = []
    for number in range(1, plan.repeat + 1):
        await _count_down(plan, number, screen)
        if screen.stop.is_set():
            break
        finished += await _record_once(project, lives, plan, number, screen)
    return finished


def check_plan(project: Project, plan: RecordPlan) -> None:
    """Before anybody moves; raises UsageError, LabelError, StoreError."""
    check_meta(plan.meta)
    check_known(project, plan.meta.default_label, remedy=NEW_LABELS)
    check_fields(project, plan.meta.fields)
    if plan.repeat > 1 and plan.seconds is None:
        raise UsageError("several recordings need a length: --seconds")


@contextlib.asynccontextmanager
async def sessions(
    targets: Sequence[Target], screen: Screen, options: SessionOptions | None = None
) -> AsyncIterator[list[Live]]:
    """All boards connected; stopped at the end. A session that fails later sets `screen.stop`."""
    lives = [Live(Session(target.transport, target.address, options)) for target in targets]
    tasks = []
    for live in lives:
        live.session.listen(live)
        live.session.listen(_announcer(live, screen))
        tasks.append(asyncio.create_task(live.session.run()))
        tasks[-1].add_done_callback(lambda task: screen.stop.set())
    try:
        await _wait_for_links(lives, tasks, screen)
        for task in tasks:
            if task.done():
                task.result()  # why a board was not reached
        yield lives
    finally:
        for live in lives:
            live.session.stop()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


async def _wait_for_links(lives: list[Live], tasks: list[asyncio.Task[None]], screen: Screen) -> None:
    while not all(live.session.counts.n_links for live in lives):
        if any(task.done() for task in tasks) or screen.stop.is_set():
            return
        await asyncio.sleep(TICK_S)


async def _count_down(plan: RecordPlan, number: int, screen: Screen) -> None:
    left_s = plan.countdown_s
    while left_s > 0 and not screen.stop.is_set():
        screen.count_down(round(left_s), number, plan.repeat)
        step_s = min(1.0, left_s)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(step_s):
                await screen.stop.wait()
        left_s -= step_s


async def _record_once(
    project: Project, lives: list[Live], plan: RecordPlan, number: int, screen: Screen
) -> list[Finished]:
    """One recording of every board, begun and ended together."""
    stamp = plan.name or datetime.now().strftime("%Y%m%d_%H%M%S")
    recorders = []
    names = recording_ids(stamp, lives, plan, number)
    _check_free(project, names)
    try:
        for live, name in zip(lives, names, strict=True):
            meta = _meta_of(live, plan.meta)
            recorders.append(Recorder(project, live.session, name, meta))
        await _while_recording(recorders, lives, plan, screen)
    finally:
        problems = [f"{one.id}: {one.problem}" for one in recorders if one.problem]
        ended = await asyncio.gather(*(one.stop() for one in recorders), return_exceptions=True)
    for problem in problems:
        screen.say(problem)
    errors = [one for one in ended if isinstance(one, BaseException)]
    if errors:
        raise errors[0]
    if problems:
        screen.stop.set()
    return [one for one in ended if isinstance(one, Finished)]


def _check_free(project: Project, names: Sequence[str]) -> None:
    """All of them, before any begins."""
    for name in names:
        if project.layout.signal(name).exists():
            raise StoreError(f"the project has a recording {name!r} already; choose another name")


async def _while_recording(
    recorders: list[Recorder], lives: list[Live], plan: RecordPlan, screen: Screen
) -> None:
    label = ""
    screen.label = ""
    while not screen.stop.is_set() and not any(one.problem for one in recorders):
        if screen.label != label:
            label = screen.label
            for recorder in recorders:
                recorder.mark(label)
        seconds = _seconds_recorded(recorders, lives)
        screen.tick(lives, seconds, label)
        if plan.seconds is not None and seconds >= plan.seconds:
            return
        await asyncio.sleep(TICK_S)


def _seconds_recorded(recorders: list[Recorder], lives: list[Live]) -> float:
    """By all boards; one whose link is down does not keep the others waiting."""
    linked = [
        recorder
        for recorder, live in zip(recorders, lives, strict=True)
        if live.session.state == State.RUNNING
    ]
    return min(one.seconds for one in linked or recorders)


def recording_ids(stamp: str, lives: Sequence[Live], plan: RecordPlan, number: int) -> list[str]:
    """Distinct names: what it begins with, subject, label, number, and side or device of the board."""
    parts = [stamp] if plan.name else [stamp, plan.meta.subject, plan.meta.default_label]
    parts += [f"{number:03d}"] if plan.repeat > 1 else []
    begin = "_".join(filter(None, parts))
    devices = [live.session.identity.device if live.session.identity else "" for live in lives]
    sides = [_ending(live, plan.meta) for live in lives]
    choices = (sides, [device[-4:] for device in devices], devices)
    endings = next((some for some in choices if len(set(some)) == len(some)), devices)
    return [_usable_id(begin, f"_{ending}" if ending else "") for ending in endings]


def _usable_id(begin: str, ending: str) -> str:
    """A long beginning is cut, not what tells boards apart."""
    kept = begin[: max(1, MAX_ID - len(ending))]
    return UNUSABLE.sub("-", kept + ending)[:MAX_ID]


def _ending(live: Live, meta: RecordingMeta) -> str:
    identity = live.session.identity
    return meta.side or (identity.side if identity else "")


def _meta_of(live: Live, meta: RecordingMeta) -> RecordingMeta:
    """A side that was said outright wins over the board's."""
    today = datetime.now().strftime("%Y-%m-%d")
    session = meta.session or (f"{meta.subject}_{today}" if meta.subject else today)
    return msgspec.structs.replace(meta, side=_ending(live, meta), session=session)


def _announcer(live: Live, screen: Screen) -> Callable[[Update], None]:
    """Tells losses and returns of the link as lines."""

    def announce(update: Update) -> None:
        name = live.status().name
        if isinstance(update, Linked):
            screen.say(f"{name}: connected" + (" again" if update.n_links > 1 else ""))
        elif isinstance(update, Unlinked):
            again = f"; next attempt in {update.retry_in_s:.1f} s" if update.retry_in_s else ""
            screen.say(f"{name}: {update.reason}{again}")

    return announce
