"""Boards on the virtual radio, as a central sees them."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from central import Central

from tinygest.core.errors import ToolchainError
from tinygest.protocol import gatt
from tinygest.protocol.continuity import Continuity
from tinygest.protocol.control import Op, StartFlag, Status, decode_started, start
from tinygest.protocol.info import decode_info
from tinygest.protocol.words import Imu, Mode, ResetCause
from tinygest.simulate.radio.messages import BoardFault
from tinygest.simulate.radio.model import RadioModel
from tinygest.simulate.radio.process import BoardOptions
from tinygest.simulate.radio.radio import VirtualRadio

STREAMS = (gatt.SAMPLES, gatt.EVENTS, gatt.REPLY)
FAST = BoardOptions(speed=0, silent=True)
NO_WAITING = RadioModel(interval_ms=0)


def run(work: Coroutine[Any, Any, None]) -> None:
    async def in_time() -> None:
        async with asyncio.timeout(40):
            await work

    asyncio.run(in_time())


def noise(n: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(-32767, 32768, (n, 6)).astype(np.int16)


@pytest.mark.parametrize("is_remote", [False, True])
def test_a_board_is_found_and_captures_what_its_sensor_makes(program: Path, is_remote: bool) -> None:
    rows = noise(1500)

    async def work() -> None:
        async with VirtualRadio(NO_WAITING) as radio:
            board = await radio.add_board(program, FAST)
            dongle = await radio.listen() if is_remote else radio.new_dongle()
            async with Central(dongle) as central:
                report = await central.find(board.address)
                data = bytes(report.data)
                assert (len(data), report.rssi) == (31 + 19, -58)
                assert data.endswith(b"Nano33 SensiML KP")
                link = await central.connect(board.address, *STREAMS)
                assert link.connection.att_mtu == 247
                assert decode_info(await link.read(gatt.INFO)).imu == Imu.BMI270
                reply = await link.command(Op.START, start(Mode.CAPTURE, StartFlag.RAW, 100))
                assert decode_started(reply.arguments).rows_per_frame == 5
                await board.play(rows, 200)
                await link.command(Op.STOP)
                received = np.concatenate([frame.samples for frame in link.frames()])
                assert np.array_equal(received, rows)

    run(work())


async def captured(link: Any, rate_hz: int = 100, flags: StartFlag = StartFlag.RAW) -> None:
    reply = await link.command(Op.START, start(Mode.CAPTURE, flags, rate_hz))
    assert reply.status == Status.OK


@pytest.mark.parametrize("mtu", [185, 247])
def test_notifications_wait_for_connection_events(program: Path, mtu: int) -> None:
    """At an interval of 100 ms frames of 20 a second come in pairs, and none is lost."""
    rows = noise(300)
    arrivals: list[float] = []

    async def work() -> None:
        async with VirtualRadio(RadioModel(interval_ms=100)) as radio:
            board = await radio.add_board(program, BoardOptions(silent=True, max_mtu=mtu))
            async with Central(radio.new_dongle()) as central:
                link = await central.connect(board.address, gatt.REPLY)
                assert link.connection.att_mtu == mtu
                await link.subscribe(gatt.SAMPLES)
                await captured(link, 400)
                loop = asyncio.get_running_loop()
                samples = link._characteristic(gatt.SAMPLES)
                await samples.subscribe(lambda _value: arrivals.append(loop.time()))
                await board.play(rows, 400)
                await link.command(Op.STOP)
                received = np.concatenate([frame.samples for frame in link.frames()])
                assert np.array_equal(received, rows)
                assert link.frames()[0].samples.shape[0] == min((mtu - 11) // 12, 20)
                assert board.counters.n_notified == board.counters.n_sent

    run(work())
    steps = np.diff(np.array(arrivals))
    assert np.count_nonzero(steps > 0.07) >= 4
    assert np.count_nonzero(steps < 0.02) >= 5


def test_a_link_that_is_lost_is_told_to_both_sides(program: Path) -> None:
    """Out of range for longer than the supervision timeout (bumble asks for 0.72 s)."""

    async def work() -> None:
        async with VirtualRadio() as radio:
            board = await radio.add_board(program)
            async with Central(radio.new_dongle()) as central:
                link = await central.connect(board.address, *STREAMS)
                await captured(link, flags=StartFlag(0))
                board.set_in_range(False)
                await asyncio.sleep(0.3)
                assert not link.ended.is_set()
                await link.ended.wait()
                assert link.end_reason == 8
                board.set_in_range(True)
                link = await central.connect(board.address, *STREAMS)
                assert (await link.health()).n_link_losses == 1
                await captured(link, flags=StartFlag(0))
                board.set_in_range(False)
                await asyncio.sleep(0.3)
                board.set_in_range(True)
                before = len(link.frames())
                await asyncio.sleep(0.5)
                assert not link.ended.is_set()
                assert len(link.frames()) >= before + 10

    run(work())


def test_a_board_that_reboots_times_out_and_comes_back(program: Path) -> None:
    async def work() -> None:
        async with VirtualRadio() as radio:
            board = await radio.add_board(program)
            async with Central(radio.new_dongle()) as central:
                link = await central.connect(board.address, *STREAMS)
                board.fault(BoardFault.REBOOT)
                await link.ended.wait()
                assert link.end_reason == 8
                link = await central.connect(board.address, *STREAMS)
                assert (await link.health()).reset_cause == ResetCause.SOFTWARE
                assert board.counters.n_reboots == 1

    run(work())


def test_a_dongle_that_is_pulled_out_frees_the_board(program: Path) -> None:
    async def work() -> None:
        async with VirtualRadio() as radio:
            board = await radio.add_board(program)
            transport = await radio.listen()
            async with Central(transport) as central:
                await central.connect(board.address)
                await central._transport.close()
                while board.is_linked:
                    await asyncio.sleep(0.01)
                central.device.connections.clear()
            async with Central(transport) as central:
                link = await central.connect(board.address, *STREAMS)
                assert (await link.health()).n_link_losses == 0  # nothing was wanted yet

    run(work())


def test_a_program_that_speaks_no_hci_is_sent_away(program: Path) -> None:
    """And nobody else is disturbed."""

    async def work() -> None:
        async with VirtualRadio() as radio:
            board = await radio.add_board(program)
            transport = await radio.listen()
            port = int(transport.rsplit(":", 1)[1])
            async with Central(transport) as central:
                link = await central.connect(board.address, *STREAMS)
                for noise_bytes in (b"GET / HTTP/1.1\r\n", b"\x99" * 100, b"\x02\xff\xff\x01\x00\x00"):
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.write(noise_bytes)
                    writer.write_eof()
                    assert await reader.read() == b""
                    writer.close()
                assert (await link.health()).n_link_losses == 0

    run(work())


def test_notifications_that_the_host_loses_show_as_lost(program: Path) -> None:
    async def work() -> None:
        async with VirtualRadio(RadioModel(interval_ms=0, notification_loss=0.2)) as radio:
            board = await radio.add_board(program, FAST)
            async with Central(radio.new_dongle()) as central:
                link = await central.connect(board.address, *STREAMS)
                await link.write(
                    gatt.CONTROL, bytes([Op.START, 1]) + start(Mode.CAPTURE, StartFlag.RAW, 100)
                )
                await board.is_started.wait()
                await board.play(noise(1000), 100)
                await asyncio.sleep(0.2)
                continuity = Continuity()
                n_rows = sum(len(f.samples) for f in link.frames() if continuity.step(f))
                assert board.counters.n_lost > 20
                assert 900 < continuity.n_lost + n_rows <= 1000

    run(work())


def test_a_central_that_is_silent_is_left(program: Path) -> None:
    async def work() -> None:
        model = RadioModel(interval_ms=0, speed=8)
        async with VirtualRadio(model) as radio:
            board = await radio.add_board(program, BoardOptions(speed=8))
            async with Central(radio.new_dongle()) as central:
                link = await central.connect(board.address, *STREAMS)
                await captured(link)
                await link.command(Op.HEARTBEAT)
                board.mute_central(True)
                await link.write(gatt.CONTROL, bytes([Op.HEARTBEAT, 2]))
                await link.ended.wait()
                assert link.end_reason == 0x13
                board.mute_central(False)
                link = await central.connect(board.address, *STREAMS)
                assert (await link.health()).n_link_losses == 1
                assert board.counters.n_muted == 1

    run(work())


def test_two_boards_are_two(program: Path) -> None:
    async def work() -> None:
        async with VirtualRadio(NO_WAITING) as radio:
            boards = [
                await radio.add_board(program, BoardOptions(speed=0, silent=True, device_id=id_, imu=imu))
                for id_, imu in ((0x1111, "bmi270"), (0x2222, "lsm9ds1"))
            ]
            async with Central(radio.new_dongle()) as central:
                links = [await central.connect(board.address, *STREAMS) for board in boards]
                known = [await link.info() for link in links]
                assert [(one.device_id, one.imu) for one in known] == [
                    (0x1111, Imu.BMI270),
                    (0x2222, Imu.LSM9DS1),
                ]
                for link in links:
                    await captured(link)
                await asyncio.gather(*(b.play(noise(500, i), 100) for i, b in enumerate(boards)))
                for i, link in enumerate(links):
                    await link.command(Op.STOP)
                    received = np.concatenate([frame.samples for frame in link.frames()])
                    assert np.abs(received.astype(int) - noise(500, i)).max() <= i

    run(work())


def test_a_board_that_does_not_start_is_told(tmp_path: Path) -> None:
    async def work() -> None:
        async with VirtualRadio() as radio:
            with pytest.raises(ToolchainError, match="does not start"):
                await radio.add_board(tmp_path / "nothing")
            with pytest.raises(ToolchainError, match="before it advertises"):
                await radio.add_board(Path("/bin/true"))

    run(work())


def test_without_bumble_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bumble", None)
    module = importlib.util.find_spec("tinygest.simulate.radio")
    assert module
    assert module.loader
    with pytest.raises(ToolchainError, match=r"pip install 'tinygest\[virtual\]'"):
        module.loader.exec_module(importlib.util.module_from_spec(module))
