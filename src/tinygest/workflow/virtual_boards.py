"""`virtual-board`: boards without hardware, from a project's recordings and models."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import ContractError, ToolchainError, UsageError
from tinygest.core.recording import Recording
from tinygest.core.sensor import imu_contract
from tinygest.gateway.host_clock import unix_s
from tinygest.generate.classifier_library import generate_library
from tinygest.protocol.words import Side
from tinygest.simulate.imu import BOARDS
from tinygest.simulate.people import make_person
from tinygest.simulate.performer import Mark
from tinygest.simulate.radio.board import RadioCounters, VirtualBoard
from tinygest.simulate.radio.faults import PlannedFault, let_fail
from tinygest.simulate.radio.feeders import Boxer, Feeder, Replay, keep_feeding
from tinygest.simulate.radio.model import RadioModel
from tinygest.simulate.radio.process import BoardOptions
from tinygest.simulate.radio.radio import VirtualRadio
from tinygest.simulate.virtual_image import cached_virtual_board
from tinygest.store.project import Project

FIRST_DEVICE_ID = 0x7E57_0001
IMUS = {"bmi270": "rev2", "lsm9ds1": "rev1"}
"""Sensor and the board revision that carries it."""


@dataclass(frozen=True)
class Wearer:
    """What moves one board: a recording, a boxer's hand, or nothing.

    recording: id in the project, "" if none; side: left or right for a boxer, "" if none.
    """

    recording: str = ""
    side: str = ""


@dataclass(frozen=True)
class VirtualSetup:
    """What to start; see the verb's options."""

    wearers: tuple[Wearer, ...] = (Wearer(),)
    imus: tuple[str, ...] = ("bmi270",)
    """One each, from the beginning again when there are more boards."""
    speed: float = 1.0
    exact: bool = False
    loop: bool = False
    seed: int = 1
    max_mtu: int = 247
    port: int = 0
    serial_link: Path | None = None
    faults: tuple[PlannedFault, ...] = ()
    radio: RadioModel | None = None

    def __post_init__(self) -> None:
        unknown = [imu for imu in self.imus if imu not in IMUS]
        if unknown or not self.imus:
            raise UsageError(f"sensor {' '.join(unknown)!r} is not known; use one of {', '.join(IMUS)}")
        if not 0.05 <= self.speed <= 50 and not (self.speed == 0 and self.exact):
            raise UsageError(
                f"speed {self.speed:g} is not possible: 0.05 to 50, or 0, as fast as it goes, with --exact"
            )
        if any(wearer.side not in ("", "left", "right") for wearer in self.wearers):
            raise UsageError("a boxer has a left and a right hand")
        if self.exact and not all(wearer.recording for wearer in self.wearers):
            raise UsageError("--exact is for --replay")


@dataclass(frozen=True)
class RunningBoard:
    """How to reach a board, and what moves it."""

    device_id: str
    address: str
    imu: str
    serial: str
    worn_by: str


@dataclass(frozen=True)
class Running:
    """radio: bumble's name of the transport to the virtual dongle; tinygest's own is `bumble:` and this."""

    radio: str
    boards: tuple[RunningBoard, ...]


def build_image(project: Project | None, model: str | None) -> Path:
    """The board's program, with a model of the project or, without a project, capture only."""
    if project is None:
        return cached_virtual_board()
    bundle = project.bundle(model)
    with tempfile.TemporaryDirectory(prefix="tinygest-library-") as temporary:
        library = generate_library(bundle.contract, bundle.tflite, Path(temporary))
        return cached_virtual_board(library.folder / "src")


@dataclass
class Reporter:
    """What the caller wants to be told while boards run."""

    ready: Callable[[Running], None] = lambda _running: None
    fault: Callable[[str, PlannedFault], None] = lambda _board, _fault: None
    mark: Callable[[str, int, Mark], None] = lambda _board, _stream, _mark: None
    """(device, the how manyth stream, a punch in Unix time)"""


async def run_virtual_boards(
    program: Path,
    setup: VirtualSetup,
    load: Callable[[str], Recording],
    until: asyncio.Event,
    reporter: Reporter,
) -> dict[str, RadioCounters]:
    """Until the event is set; what happened on the air, by address. Raises as VirtualRadio.add_board.

    load: a recording by its id. Raises ContractError for one that no board could have made.
    """
    feeders = [_feeder(i, wearer, setup, load, reporter) for i, wearer in enumerate(setup.wearers)]
    tasks: list[asyncio.Task[None]] = []
    async with VirtualRadio(setup.radio or RadioModel(speed=setup.speed)) as radio:
        try:
            for i, (wearer, feeder) in enumerate(zip(setup.wearers, feeders, strict=True)):
                board = await radio.add_board(program, _options(i, setup))
                if wearer.side:
                    board.give(side=Side[wearer.side.upper()])
                tasks += _attend(board, feeder, setup, reporter)
            reporter.ready(_running(await radio.listen(setup.port), radio.boards, setup))
            await _wait(until, radio.boards, tasks)
            return {board.address.to_string(False): board.counters for board in radio.boards}
        finally:
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task


def _attend(
    board: VirtualBoard, feeder: Feeder | None, setup: VirtualSetup, reporter: Reporter
) -> list[asyncio.Task[None]]:
    name = board.address.to_string(False)
    tasks = [asyncio.create_task(keep_feeding(board, feeder))] if feeder else []
    if setup.faults:
        failing = let_fail(board, list(setup.faults), lambda fault: reporter.fault(name, fault))
        tasks.append(asyncio.create_task(failing))
    return tasks


async def _wait(until: asyncio.Event, boards: list[VirtualBoard], tasks: list[asyncio.Task[None]]) -> None:
    """Ends with `until`; raises what went wrong before."""
    waiting = [asyncio.create_task(until.wait())]
    ends = [asyncio.create_task(board.has_ended.wait()) for board in boards]
    pending = {*waiting, *ends, *tasks}
    try:
        while not until.is_set():
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            for task in done & set(tasks):
                task.result()
            if done & set(ends):
                raise ToolchainError("a virtual board ended by itself; this is a fault of the firmware")
    finally:
        for task in (*waiting, *ends):
            task.cancel()


def _options(place: int, setup: VirtualSetup) -> BoardOptions:
    link = setup.serial_link
    if link and len(setup.wearers) > 1:
        link = link.with_name(f"{link.name}{place + 1}")
    return BoardOptions(
        imu=_imu(place, setup),
        device_id=FIRST_DEVICE_ID + place,
        speed=setup.speed,
        silent=setup.exact,
        serial_link=link,
        max_mtu=setup.max_mtu,
    )


def _imu(place: int, setup: VirtualSetup) -> str:
    return setup.imus[place % len(setup.imus)]


def _feeder(
    place: int,
    wearer: Wearer,
    setup: VirtualSetup,
    load: Callable[[str], Recording],
    reporter: Reporter,
) -> Feeder | None:
    part = BOARDS[IMUS[_imu(place, setup)]]
    if wearer.recording:
        player = replay(load(wearer.recording), exact=setup.exact, loop=setup.loop)
        if not setup.exact:
            player.prepare(part.nominal_rate_hz)
        return player
    if not wearer.side:
        return None
    person = make_person(f"P{setup.seed}", setup.seed)
    boxer = Boxer(person, wearer.side, part, setup.seed + place)
    name = f"{FIRST_DEVICE_ID + place:X}"

    def tell(stream: int, mark: Mark) -> None:
        reporter.mark(name, stream, Mark(unix_s(mark.start_s), unix_s(mark.stop_s), mark.label))

    boxer.on_mark = tell
    return boxer


def replay(recording: Recording, *, exact: bool = False, loop: bool = False) -> Replay:
    """Raises ContractError for a recording that no board could have made. Its gaps are closed."""
    contract = recording.info.contract
    if contract.channels != imu_contract(contract.rate_hz).channels or contract.frame != "board":
        raise ContractError(
            f"recording {recording.id} is not what a board measures (ax to gz, 2048 per g, 16.384 per"
            " deg/s, the board's axes), so no board can play it"
        )
    return Replay(recording.samples, contract.rate_hz, exact, loop)


def _running(radio: str, boards: list[VirtualBoard], setup: VirtualSetup) -> Running:
    rows = tuple(
        RunningBoard(
            f"{board.options.device_id:X}",
            board.address.to_string(False),
            board.options.imu,
            str(board.options.serial_link or board.serial_path),
            wearer.recording or (f"boxer, {wearer.side}" if wearer.side else "nobody"),
        )
        for board, wearer in zip(boards, setup.wearers, strict=True)
    )
    return Running(radio, rows)
