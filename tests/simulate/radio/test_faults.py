"""Each fault is survived and counted, and the stream goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from central import Board, Central

from tinygest.core.errors import UsageError
from tinygest.protocol import gatt
from tinygest.protocol.continuity import Continuity, Step
from tinygest.protocol.control import Op, StartFlag, Status, decode_started, start
from tinygest.protocol.words import Mode, ResetCause
from tinygest.simulate.radio.board import VirtualBoard
from tinygest.simulate.radio.faults import FAULTS, PlannedFault, let_fail, parse_faults
from tinygest.simulate.radio.model import RadioModel
from tinygest.simulate.radio.process import BoardOptions
from tinygest.simulate.radio.radio import VirtualRadio

STREAMS = (gatt.SAMPLES, gatt.REPLY)
CAPTURE = start(Mode.CAPTURE, rate_hz=100)
SPEED = 4.0


@dataclass
class Bench:
    """A board that captures at rest, its central, and what the central sees of the stream."""

    central: Central
    board: VirtualBoard
    link: Board
    continuity: Continuity = field(default_factory=Continuity)
    steps: list[Step] = field(default_factory=list)
    n_frames: int = 0

    def see(self) -> list[Step]:
        """What happened since the last look."""
        new = self.link.frames()[self.n_frames :]
        steps = [self.continuity.step(frame)[0] for frame in new]
        self.n_frames += len(new)
        self.steps += steps
        return steps

    def do(self, fault: str, value: int | None = None) -> None:
        kind = FAULTS[fault]
        kind.act(self.board, kind.default if value is None else value)

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            await asyncio.sleep(0.005)

    async def goes_on(self, n_frames: int = 10) -> None:
        """So many more frames without a hole."""
        self.see()
        before = self.n_frames
        while self.n_frames < before + n_frames:
            assert set(self.see()) <= {Step.CONTINUES}
            await asyncio.sleep(0.01)

    async def reconnect(self) -> None:
        await self.link.ended.wait()
        self.see()
        self.link = await self.central.connect(self.board.address, *STREAMS)
        self.n_frames = 0
        assert (await self.link.command(Op.START, CAPTURE)).status == Status.OK
        await self.until(lambda: bool(self.see()))


@asynccontextmanager
async def bench(program: Path, speed: float = SPEED) -> AsyncIterator[Bench]:
    async with VirtualRadio(RadioModel(speed=speed)) as radio:
        board = await radio.add_board(program, BoardOptions(speed=speed))
        async with Central(radio.new_dongle()) as central:
            link = await central.connect(board.address, *STREAMS)
            made = Bench(central, board, link)
            assert (await link.command(Op.START, CAPTURE)).status == Status.OK
            await made.until(lambda: len(link.frames()) > 2)
            made.see()
            yield made


def run(program: Path, test: Callable[[Bench], Awaitable[None]], speed: float = SPEED) -> None:
    async def in_time() -> None:
        async with asyncio.timeout(40), bench(program, speed) as made:
            await test(made)

    asyncio.run(in_time())


def test_link_loss(program: Path) -> None:
    async def test(made: Bench) -> None:
        made.do("link-loss")
        await made.reconnect()
        await made.goes_on()
        assert (await made.link.health()).n_link_losses == 1
        assert made.board.counters.n_link_ends == 1

    run(program, test)


def test_out_of_range(program: Path) -> None:
    async def test(made: Bench) -> None:
        made.do("out-of-range", 1)
        await made.reconnect()
        await made.goes_on()
        assert (await made.link.health()).n_link_losses == 1

    run(program, test)


def test_stall(program: Path) -> None:
    """Longer than the FIFO holds: a gap of known length, told by the board."""

    async def test(made: Bench) -> None:
        made.do("stall", 3000)
        await made.until(lambda: Step.GAP in made.see())
        await made.goes_on()
        health = await made.link.health()
        assert health.n_overruns >= 1
        assert health.n_lost == made.continuity.n_gap
        assert 150 <= health.n_lost <= 300

    run(program, test)


def test_packet_loss(program: Path) -> None:
    async def test(made: Bench) -> None:
        made.do("packet-loss", 40)
        await made.until(lambda: made.see().count(Step.LOST) >= 1 and made.board.counters.n_lost >= 5)
        made.do("packet-loss", 0)
        await asyncio.sleep(0.1)
        await made.goes_on()
        assert made.continuity.n_lost > 0
        assert (await made.link.health()).n_lost == 0

    run(program, test)


def test_reboot(program: Path) -> None:
    async def test(made: Bench) -> None:
        made.do("reboot")
        await made.reconnect()
        assert made.steps.count(Step.RESTARTED) == 2
        await made.goes_on()
        assert (await made.link.health()).reset_cause == ResetCause.SOFTWARE
        assert made.board.counters.n_reboots == 1

    run(program, test)


def test_hang(program: Path) -> None:
    """The watchdog of 30 s ends it."""

    async def test(made: Bench) -> None:
        made.do("hang")
        await made.reconnect()
        await made.goes_on()
        assert (await made.link.health()).reset_cause == ResetCause.WATCHDOG

    run(program, test, speed=20)


def test_fifo_overrun(program: Path) -> None:
    async def test(made: Bench) -> None:
        made.do("fifo-overrun", 250)
        await made.until(lambda: Step.GAP in made.see())
        await made.goes_on()
        health = await made.link.health()
        assert health.n_overruns == 1
        assert health.n_lost == made.continuity.n_gap > 0

    run(program, test)


def test_bus_failure(program: Path) -> None:
    """Shorter than the FIFO holds: nothing is missing."""

    async def test(made: Bench) -> None:
        made.do("bus-failure")
        await made.goes_on(30)
        health = await made.link.health()
        assert (health.n_lost, made.continuity.n_gap, made.continuity.n_lost) == (0, 0, 0)

    run(program, test)


def test_silent_central(program: Path) -> None:
    async def test(made: Bench) -> None:
        await made.link.command(Op.HEARTBEAT)
        made.do("silent-central", 3)
        await made.link.ended.wait()
        assert made.link.end_reason == 0x13
        made.board.mute_central(False)
        await made.reconnect()
        await made.goes_on()
        assert (await made.link.health()).n_link_losses == 1

    run(program, test)


@pytest.mark.parametrize("lower", [False, True])
def test_low_mtu(program: Path, lower: bool) -> None:
    """A clear refusal that names the rate that fits, or that rate, and not a sample lost."""

    async def work() -> None:
        async with asyncio.timeout(40), VirtualRadio(RadioModel(speed=SPEED)) as radio:
            board = await radio.add_board(program, BoardOptions(speed=SPEED, max_mtu=23))
            async with Central(radio.new_dongle()) as central:
                link = await central.connect(board.address, *STREAMS)
                assert link.connection.att_mtu == 23
                flags = StartFlag.LOWER_RATE if lower else StartFlag(0)
                reply = await link.command(Op.START, start(Mode.CAPTURE, flags, 100))
                assert reply.status == (Status.OK if lower else Status.PAYLOAD_TOO_SMALL)
                assert decode_started(reply.arguments).rate_hz == 50
                if lower:
                    made = Bench(central, board, link)
                    await made.until(lambda: bool(made.see()))
                    await made.goes_on(50)
                    assert {len(frame.samples) for frame in link.frames()} == {1}

    asyncio.run(work())


def test_faults_happen_when_they_were_planned(program: Path) -> None:
    told: list[str] = []

    async def work() -> None:
        async with VirtualRadio(RadioModel(speed=SPEED)) as radio:
            board = await radio.add_board(program, BoardOptions(speed=SPEED))
            planned = parse_faults("link-loss@0.3, bus-failure=7@0.1")
            work = asyncio.create_task(let_fail(board, planned, lambda fault: told.append(fault.name)))
            await asyncio.sleep(0.2)
            assert not told
            async with Central(radio.new_dongle()) as central:
                await Board(await central.device.connect_le(board.address)).ended.wait()
            await work

    asyncio.run(work())
    assert told == ["bus-failure", "link-loss"]


def test_faults_are_read_from_text() -> None:
    assert parse_faults("") == []
    assert parse_faults("stall") == [PlannedFault("stall", 2000, 5.0)]
    assert parse_faults("reboot@2.5,stall=3000@1") == [
        PlannedFault("stall", 3000, 1.0),
        PlannedFault("reboot", 0, 2.5),
    ]
    for text in ("flood", "stall=", "stall=-1", "stall@x", "STALL", "stall=1=2"):
        with pytest.raises(UsageError, match="NAME=VALUE@SECONDS"):
            parse_faults(text)


def test_a_radio_that_gets_little_through_makes_gaps_that_the_board_tells(program: Path) -> None:
    """At 400 Hz the FIFO of an LSM9DS1 holds 34 ms; a write that waits longer for a buffer overruns it."""

    async def work() -> None:
        model = RadioModel(event_loss=0.9)
        async with asyncio.timeout(40), VirtualRadio() as radio:
            board = await radio.add_board(program, BoardOptions("lsm9ds1"))
            async with Central(radio.new_dongle()) as central:
                link = await central.connect(board.address, *STREAMS)
                await link.command(Op.START, start(Mode.CAPTURE, rate_hz=400))
                made = Bench(central, board, link)
                radio.set_model(model)
                await made.until(lambda: made.see().count(Step.GAP) > 0)
                radio.set_model(RadioModel())
                await asyncio.sleep(0.5)
                await made.goes_on()
                await link.command(Op.STOP)
                made.see()
                health = await link.health()
                assert health.n_overruns >= 1
                assert (made.continuity.n_lost, made.continuity.n_gap) == (0, health.n_lost)

    asyncio.run(work())
