"""Boards as `tinygest virtual-board` runs them: what comes out is what `tinygest verify` proves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import small_models
from central import Central

from tinygest.cli.live_results import print_report
from tinygest.core.contract import model_id
from tinygest.core.errors import ContractError, ToolchainError, UsageError
from tinygest.core.sensor import imu_contract
from tinygest.protocol import control, gatt
from tinygest.protocol.control import Op, StartFlag, Status, start
from tinygest.protocol.events import ReportedEvent, decode_event
from tinygest.protocol.samples import decode_samples
from tinygest.protocol.words import Mode, Side
from tinygest.simulate.boxing_set import boxing_sessions, simulate_boxing
from tinygest.simulate.radio.board import board_address
from tinygest.store.bundles import TFLITE, Lock
from tinygest.store.project import Project
from tinygest.toolchain.boards import HostBoard
from tinygest.transport.inbox import Channel
from tinygest.transport.serial import SerialTransport
from tinygest.verify.bundle import verify_bundle
from tinygest.verify.library import open_library
from tinygest.verify.runner import build_runner
from tinygest.workflow.boards import Ways
from tinygest.workflow.recording import Screen, sessions
from tinygest.workflow.results import Results, Watch, report
from tinygest.workflow.virtual_boards import (
    FIRST_DEVICE_ID,
    Reporter,
    Running,
    VirtualSetup,
    Wearer,
    build_image,
    replay,
    run_virtual_boards,
)

ADDRESS = board_address(FIRST_DEVICE_ID)
Row = tuple[int, ...]
RAW_RECOGNISE = start(Mode.RECOGNISE, StartFlag.RAW)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A simulated boxer of two minutes, wild bursts of one, and a model that tells something of both."""
    project = Project.create(tmp_path_factory.mktemp("project") / "p")
    boxing, _ = simulate_boxing(next(boxing_sessions(1)))
    wild = small_models.make_recording("wild", np.maximum(small_models.bursts(7, 6000), -32767))
    for recording in (replace(boxing, id="boxing"), wild):
        project.add(recording)
    case = small_models.feature_case()
    lock = Lock(model_id(case.contract, case.tflite), dataset_hash="", where="", recordings=(), seed=0)
    project.save_bundle(case.contract, lock, {TFLITE: case.tflite})
    return project


@pytest.fixture(scope="module")
def program(project: Project, board_cache: None) -> Path:
    built = build_image(project, None)
    assert build_image(project, "punch") == built
    return built


@pytest.fixture(scope="module")
def verified(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Row]]:
    """Events of the recordings as the library gives them, which `verify` has compared with Python."""
    bundle = project.bundle()
    folder = small_models.Case(bundle.contract, bundle.tflite).generate(tmp_path_factory.mktemp("lib"))
    recordings = [project.load(name) for name in ("boxing", "wild")]
    report = verify_bundle(bundle.contract, bundle.tflite, folder, recordings, boards=[HostBoard()])
    assert any(row.stage == "events" and row.n_compared for row in report.stages)
    library = open_library(folder, bundle.contract.name)
    runner = build_runner(HostBoard(), library.stream_sources(traced=True), folder / "build")
    traces = runner.run(recordings).recordings
    return {
        recording.id: [(e.at, e.start, e.length, e.label, e.score) for e in trace.events]
        for recording, trace in zip(recordings, traces, strict=True)
    }


@asynccontextmanager
async def running(
    program: Path, setup: VirtualSetup, project: Project, **more: object
) -> AsyncIterator[Running]:
    """The boards of a setup, for as long as the context lasts."""
    ready: asyncio.Future[Running] = asyncio.get_running_loop().create_future()
    until = asyncio.Event()
    reporter = Reporter(ready=ready.set_result, **more)  # type: ignore[arg-type]
    work = asyncio.create_task(run_virtual_boards(program, setup, project.load, until, reporter))
    await asyncio.wait([work, ready], return_when=asyncio.FIRST_COMPLETED)
    try:
        if work.done():
            work.result()
        yield ready.result()
    finally:
        until.set()
        await work


def as_row(reported: ReportedEvent) -> Row:
    event = reported.event
    return (event.decided_at, event.start, event.length, event.label, event.score)


def last_run(payloads: list[bytes]) -> list[ReportedEvent]:
    """Events since the last START: a board with a model recognises from power-up on."""
    reported = [decode_event(payload) for payload in payloads]
    firsts = [i for i, one in enumerate(reported) if one.count == 1]
    return reported[firsts[-1] :] if firsts else []


async def until_true(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("recording_id", ["boxing", "wild"])
def test_over_ble_a_recording_gives_the_events_that_verify_proves(
    project: Project,
    program: Path,
    verified: dict[str, list[Row]],
    recording_id: str,
) -> None:
    expected = verified[recording_id]
    assert len(expected) >= 10

    async def work() -> None:
        setup = VirtualSetup((Wearer(recording_id),), speed=0, exact=True)
        async with running(program, setup, project) as boards, Central(boards.radio) as central:
            link = await central.connect(ADDRESS, gatt.EVENTS, gatt.REPLY)
            info = await link.info()
            assert info.model_id == project.bundle().model_id
            assert (await link.command(Op.START, RAW_RECOGNISE)).status == Status.OK
            await until_true(lambda: len(last_run(link.seen[gatt.EVENTS])) == len(expected))
            n_rows = len(project.load(recording_id).samples)
            while (await link.health()).n_samples < n_rows:
                pass
            reported = last_run(link.seen[gatt.EVENTS])
            assert [as_row(one) for one in reported] == expected
            assert [one.count for one in reported] == list(range(1, len(expected) + 1))

    asyncio.run(work())


def test_over_serial_a_recording_gives_the_same(
    project: Project, program: Path, verified: dict[str, list[Row]], tmp_path: Path
) -> None:
    expected = verified["boxing"]
    port = tmp_path / "board"

    async def work() -> None:
        setup = VirtualSetup((Wearer("boxing"),), speed=0, exact=True, serial_link=port)
        async with running(program, setup, project) as boards:
            assert boards.boards[0].serial == str(port)
            link = await SerialTransport().connect(str(port))
            await link.subscribe(Channel.EVENTS)
            await link.write(
                Channel.CONTROL, control.encode_command(control.Command(Op.START, 1, RAW_RECOGNISE))
            )
            payloads: list[bytes] = []
            async with asyncio.timeout(120):
                while len(last_run(payloads)) < len(expected):
                    message = await link.inbox.get()
                    assert message
                    if message.channel == Channel.EVENTS:
                        payloads.append(message.payload)
            assert [as_row(one) for one in last_run(payloads)] == expected
            await link.close()

    asyncio.run(work())


@pytest.mark.parametrize(("imu", "tolerance"), [("bmi270", 0), ("lsm9ds1", 1)])
def test_raw_capture_is_the_recording_byte_for_byte(
    project: Project, program: Path, imu: str, tolerance: int
) -> None:
    """Through the FIFO of the sensor and the radio; twice, since each START plays it again."""
    rows = project.load("wild").samples

    async def work() -> None:
        setup = VirtualSetup((Wearer("wild"),), (imu,), speed=0, exact=True)
        async with running(program, setup, project) as boards, Central(boards.radio) as central:
            link = await central.connect(ADDRESS, gatt.SAMPLES, gatt.REPLY)
            for _ in range(2):
                link.seen[gatt.SAMPLES].clear()
                reply = await link.command(Op.START, start(Mode.CAPTURE, StartFlag.RAW, 100))
                assert reply.status == Status.OK
                while (await link.health()).n_samples < len(rows):
                    pass
                await link.command(Op.STOP)
                frames = [decode_samples(payload, 6) for payload in link.seen[gatt.SAMPLES]]
                index = 0
                for frame in frames:
                    assert frame.first_index == index
                    index += len(frame.samples)
                received = np.concatenate([frame.samples for frame in frames])
                if tolerance == 0:
                    assert received.tobytes() == rows.tobytes()
                assert np.abs(received.astype(int) - rows).max() <= tolerance

    asyncio.run(work())


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    """Correlation; 0 with a sensor at rest."""
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 0 else 0.0


def test_a_recording_comes_back_through_the_boards_own_resampler(project: Project, program: Path) -> None:
    """Without --exact the sensor measures the motion at its own rate. It rests until the feed has come, at
    this speed for 10 ms of its time in each of ours."""
    rows = project.load("boxing").samples[:1500]

    async def work() -> None:
        setup = VirtualSetup((Wearer("boxing"),), speed=10)
        async with running(program, setup, project) as boards, Central(boards.radio) as central:
            link = await central.connect(ADDRESS, gatt.SAMPLES, gatt.REPLY)
            await link.command(Op.START, start(Mode.CAPTURE, rate_hz=100))
            moved: list[float] = []

            def is_found() -> bool:
                received = np.concatenate([np.empty((0, 6)), *(f.samples for f in link.frames())])[:, 0]
                lags = range(len(moved), len(received) - len(rows))
                moved.extend(likeness(received[lag : lag + len(rows)], rows[:, 0]) for lag in lags)
                return max(moved, default=0.0) > 0.95

            await until_true(is_found)

    asyncio.run(work())


def test_boxers_with_two_gloves(program: Path, project: Project) -> None:
    marks: list[tuple[str, str]] = []

    async def work() -> None:
        wearers = (Wearer(side="left"), Wearer(side="right"))
        setup = VirtualSetup(wearers, ("bmi270", "lsm9ds1"), speed=10)
        told = {"mark": lambda board, _stream, mark: marks.append((board, mark.label))}
        async with running(program, setup, project, **told) as boards, Central(boards.radio) as central:
            assert [board.worn_by for board in boards.boards] == ["boxer, left", "boxer, right"]
            for place, side in enumerate((Side.LEFT, Side.RIGHT)):
                link = await central.connect(
                    board_address(FIRST_DEVICE_ID + place), gatt.SAMPLES, gatt.REPLY
                )
                assert (await link.info()).side == side
                await link.command(Op.START, start(Mode.CAPTURE, rate_hz=100))
                await until_true(lambda link=link: sum(p[1] for p in link.seen[gatt.SAMPLES]) > 3000)
                received = np.concatenate([frame.samples for frame in link.frames()]).astype(float)
                force = np.linalg.norm(received[:, :3], axis=1) / 2048
                assert np.median(force) == pytest.approx(1, abs=0.2)
                assert force.max() > 2

    asyncio.run(work())
    assert {board for board, _ in marks} == {f"{FIRST_DEVICE_ID + place:X}" for place in range(2)}
    assert len({label for _, label in marks}) >= 2


def test_results_of_a_board_and_of_the_same_model_here(project: Project, program: Path) -> None:
    """As `monitor --results --try` shows them: label, score, start and length agree."""

    async def work() -> list[Results]:
        setup = VirtualSetup((Wearer("wild"),))
        watch = Watch(project, from_boards=True, model="")
        async with running(program, setup, project) as boards, Ways([f"bumble:{boards.radio}"]) as ways:
            targets = await ways.find([])
            async with sessions(targets, Screen(), watch.options()) as lives:
                (one,) = await asyncio.to_thread(watch.attach, lives, lambda _result: None)
                lives[0].session.listen(one)
                await until_true(lambda: one.trial.state().n_agree >= 2)
        return [one]

    seen = asyncio.run(work())
    told = report(seen, None)
    labels = set(project.bundle().contract.labels)
    assert {result.by for result in told.results} == {"board", "gateway"}
    assert {result.label for result in told.results} <= labels
    assert all(result.stop_s > result.start_s > seen[0].since_s - 60 for result in told.results)
    print_report(told)


def test_what_makes_no_sense_is_refused(project: Project, program: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="bmi270, lsm9ds1"):
        VirtualSetup(imus=("bno055",))
    with pytest.raises(UsageError, match="speed 0 "):
        VirtualSetup(speed=0)
    with pytest.raises(UsageError, match="left and a right"):
        VirtualSetup((Wearer(side="up"),))
    with pytest.raises(UsageError, match="for --replay"):
        VirtualSetup(exact=True)
    foreign = small_models.make_recording(
        "f", small_models.bursts(1, 50), sensor=imu_contract(50, gravity=False)
    )
    with pytest.raises(ContractError, match="no board can play it"):
        replay(foreign)


def test_a_board_that_dies_is_told(project: Project, tmp_path: Path) -> None:
    program = tmp_path / "dies"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)

    async def work() -> None:
        with pytest.raises(ToolchainError, match="before it advertises"):
            async with running(program, VirtualSetup(), project):
                pass

    asyncio.run(work())
