"""The firmware on the virtual radio, reached through bleak on bumble: from scan to recording."""

from __future__ import annotations

import asyncio
import sys
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest
from radio_board import check_recording, play_ramp, spy_on

from tinygest.core.errors import AdapterError, LinkError
from tinygest.core.recording import RecordingMeta
from tinygest.gateway.board import Board
from tinygest.gateway.recorder import Recorder
from tinygest.gateway.session import SessionOptions
from tinygest.gateway.updates import Linked, Unlinked
from tinygest.protocol.control import Op, set_name, set_side
from tinygest.protocol.words import Mode, Side
from tinygest.simulate.radio.board import VirtualBoard
from tinygest.simulate.radio.messages import BoardFault
from tinygest.simulate.radio.model import RadioModel
from tinygest.simulate.radio.process import BoardOptions
from tinygest.simulate.radio.radio import VirtualRadio
from tinygest.store.project import Project
from tinygest.transport.base import Found, Transport
from tinygest.transport.inbox import Channel
from tinygest.transport.open import bumble_transport

from .conftest import running

if sys.platform != "linux":
    pytest.skip("the virtual board runs on Linux", allow_module_level=True)

META = RecordingMeta(subject="S1")
SILENT = BoardOptions(device_id=0xABCD1234, silent=True)


def address_of(board: VirtualBoard) -> str:
    return board.address.to_string(False)


async def scan(transport: Transport, seconds: float = 1.0) -> list[Found]:
    async with aclosing(transport.scan(seconds)) as found:
        return [one async for one in found]


async def wait_for(what: object, within_s: float = 30.0) -> None:
    async with asyncio.timeout(within_s):
        while not what():
            await asyncio.sleep(0.02)


def test_a_scan_shows_names_when_they_come(program: Path) -> None:
    async def run() -> list[Found]:
        async with VirtualRadio() as radio:
            await radio.add_board(program, SILENT)
            transport = bumble_transport(radio.new_dongle())
            try:
                return await scan(transport)
            finally:
                await transport.close()

    found = asyncio.run(run())
    assert found[-1].name == "Nano33 SensiML KP"
    assert found[-1].advertisement.device_id16 == 0x1234
    assert found[-1].rssi_dbm < 0
    assert len({one.address for one in found}) == 1
    assert len(found) <= 2


def test_name_and_side_are_kept_and_the_link_says_what_it_cannot(program: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with VirtualRadio() as radio:
            device = await radio.add_board(
                program, BoardOptions(device_id=7, store=tmp_path / "kept", silent=True)
            )
            transport = bumble_transport(radio.new_dongle())
            link = await transport.connect(address_of(device))
            board = await Board.open(link)
            await board.order(Op.SET_NAME, set_name("Ada's left"))
            await board.order(Op.SET_SIDE, set_side(Side.LEFT))
            assert (await board.health()).uptime_ms > 0
            with pytest.raises(LinkError, match="no SSI result line"):
                await link.read(Channel.SSI_LINE)
            with pytest.raises(LinkError, match="read failed"):
                await link.read(Channel.CONTROL)
            await board.close()
            with pytest.raises(LinkError, match="disconnected"):
                await link.read(Channel.INFO)
            board = await Board.open(await transport.connect(address_of(device)))
            assert (board.identity.name, board.identity.side) == ("Ada's left", "left")
            await board.close()
            await transport.close()

    asyncio.run(run())


def test_record_lose_the_link_and_go_on(program: Path, project: Project) -> None:
    """The recording is what the board sent, with gaps where the link was down and nothing twice."""

    async def run() -> np.ndarray:
        async with VirtualRadio(RadioModel(interval_ms=15, notification_loss=0.02)) as radio:
            board = await radio.add_board(program, SILENT)
            transport = bumble_transport(await radio.listen())
            sent = spy_on(board)
            await play_ramp(board, 30)
            async with running(transport, address=address_of(board)) as (session, seen):
                recorder = Recorder(project, session, "r", META)
                for n_links in (2, 3):
                    await asyncio.sleep(1.2)
                    board.drop_link()
                    await wait_for(lambda n=n_links: session.counts.n_links >= n)
                await asyncio.sleep(1.2)
                assert [type(one) for one in seen][:3] == [Linked, Unlinked, Linked]
                finished = await recorder.stop()
                assert finished.n_samples > 200
            await transport.close()
            return np.concatenate(sent)

    sent = asyncio.run(run())
    recording = project.load("r")
    check_recording(recording.samples, [(gap.at, gap.n_missing) for gap in recording.info.gaps], sent)
    assert recording.info.source["missing"]["link_down"] > 0
    assert recording.info.source["counts"]["n_repeated"] == 0


def test_faults_of_board_and_adapter(program: Path, project: Project) -> None:
    """A stalled board, a reset, and a dongle that is pulled out: one recording, every gap known."""

    async def run() -> None:
        async with VirtualRadio() as radio:
            board = await radio.add_board(program, BoardOptions(device_id=5))
            transport = bumble_transport(await radio.listen())
            async with running(transport, address=address_of(board)) as (session, seen):
                recorder = Recorder(project, session, "r", META)
                await asyncio.sleep(0.5)
                board.fault(BoardFault.STALL, 1800)
                await wait_for(lambda: session.counts.n_links >= 2)
                assert "no data for 1 s" in seen[1].reason
                await asyncio.sleep(0.5)
                board.fault(BoardFault.REBOOT)
                await wait_for(lambda: session.counts.n_restarts == 1)
                n_links = session.counts.n_links
                await asyncio.sleep(0.5)
                for server in radio._servers:
                    for writer in tuple(server._writers):
                        writer.close()
                await wait_for(lambda: session.counts.n_links > n_links)
                await asyncio.sleep(0.5)
                finished = await recorder.stop()
                assert not finished.was_cut
            await transport.close()

    asyncio.run(run())
    source = project.entry("r").info.source
    assert {"link_down", "board_restarted"} <= set(source["missing"])
    assert len(source["gaps_by_host_clock"]) == 1


def test_recognition_reports_events_and_samples(program: Path) -> None:
    async def run() -> None:
        async with VirtualRadio() as radio:
            board = await radio.add_board(program, BoardOptions(device_id=5))
            transport = bumble_transport(radio.new_dongle())
            options = SessionOptions(Mode.RECOGNISE)
            async with running(transport, options, address_of(board)) as (session, _):
                assert session.started.mode == Mode.RECOGNISE
                await wait_for(lambda: session.counts.n_samples > 20)
            await transport.close()

    asyncio.run(run())


def test_nobody_there_and_no_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinygest.transport.ble.FIND_TIMEOUT_S", 0.3)

    async def nobody() -> None:
        async with VirtualRadio() as radio:
            transport = bumble_transport(radio.new_dongle())
            with pytest.raises(LinkError, match="was not heard"):
                await transport.connect("C0:00:00:00:00:01")
            await transport.close()

    async def no_adapter() -> None:
        transport = bumble_transport("tcp-client:127.0.0.1:9")
        with pytest.raises(AdapterError, match="cannot open tcp-client"):
            await scan(transport)
        await transport.close()

    asyncio.run(nobody())
    asyncio.run(no_adapter())


def test_a_dongle_that_is_pulled_out_while_something_waits_for_it(program: Path) -> None:
    """Its answers never come: connecting and scanning give up instead of waiting for ever."""

    async def run() -> None:
        async with VirtualRadio() as radio:
            board = await radio.add_board(program, SILENT)
            dongle = radio.new_dongle()
            transport = bumble_transport(dongle)
            await scan(transport, 0.3)
            dongle.on_packet = lambda _packet: None  # what the host sends goes nowhere
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("tinygest.transport.bumble_radio.HCI_TIMEOUT_S", 0.2)
                patch.setattr("tinygest.transport.ble.CONNECT_TIMEOUT_S", 0.5)
                patch.setattr("tinygest.transport.ble.CLOSE_TIMEOUT_S", 0.5)
                with pytest.raises(LinkError):
                    await transport.connect(address_of(board))
                with pytest.raises(LinkError):
                    await scan(transport, 0.3)
                await transport.close()

    asyncio.run(asyncio.wait_for(run(), 30))
