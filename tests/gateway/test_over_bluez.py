"""The gateway on bleak's unmodified BlueZ code, against a fake org.bluez on a bus of its own."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from fake_bluez import BluezError, FakeBluez
from private_bus import private_bus
from radio_board import check_recording, play_ramp, spy_on

from tinygest.core.errors import AdapterError, LinkError
from tinygest.core.recording import RecordingMeta
from tinygest.gateway.recorder import Recorder
from tinygest.gateway.updates import Linked, Unlinked
from tinygest.simulate.radio.board import VirtualBoard
from tinygest.simulate.radio.process import BoardOptions
from tinygest.simulate.radio.radio import VirtualRadio
from tinygest.store.project import Project
from tinygest.transport.ble import BleTransport
from tinygest.transport.bumble_radio import Radio
from tinygest.transport.open import open_transport

from .conftest import running

if sys.platform != "linux":
    pytest.skip("BlueZ and the virtual board are of Linux", allow_module_level=True)

META = RecordingMeta(subject="S1")


@dataclass
class Machine:
    """A computer with Bluetooth, and a board near it."""

    bus: str
    bluez: FakeBluez
    board: VirtualBoard
    radio: Radio

    @property
    def address(self) -> str:
        return self.board.address.to_string(False)

    async def restart_bluetoothd(self) -> None:
        self.bluez = await FakeBluez(self.radio).start(self.bus)


@asynccontextmanager
async def machine(program: Path, **options: bool) -> AsyncIterator[Machine]:
    async with private_bus() as bus, VirtualRadio() as air:
        board = await air.add_board(program, BoardOptions(device_id=0xABCD, silent=True))
        radio = Radio(air.new_dongle())
        one = Machine(bus, await FakeBluez(radio, **options).start(bus), board, radio)
        try:
            yield one
        finally:
            await one.bluez.close()
            await radio.close()


async def wait_for(what: object, within_s: float = 30.0) -> None:
    async with asyncio.timeout(within_s):
        while not what():
            await asyncio.sleep(0.02)


def gaps_of(project: Project, name: str) -> list[tuple[int, int]]:
    return [(gap.at, gap.n_missing) for gap in project.entry(name).info.gaps]


def test_scan_connect_record_lose_the_link_reconnect_stop(program: Path, project: Project) -> None:
    """Three links, and nothing twice: every lost one was disconnected before the next (bleak #2002)."""

    async def run() -> np.ndarray:
        async with machine(program) as one:
            transport = open_transport("ble")
            assert isinstance(transport, BleTransport)
            async with aclosing(transport.scan(1.0)) as scanning:
                found = [device async for device in scanning]
            assert found[-1].name == "Nano33 SensiML KP"
            assert found[-1].advertisement.device_id16 == 0xABCD
            sent = spy_on(one.board)
            await play_ramp(one.board, 30)
            async with running(transport, address=one.address) as (session, seen):
                recorder = Recorder(project, session, "r", META)
                for n_links in (2, 3):
                    await asyncio.sleep(0.8)
                    one.board.drop_link()
                    await wait_for(lambda n=n_links: session.counts.n_links >= n)
                await asyncio.sleep(0.8)
                finished = await recorder.stop()
                assert finished, (session.counts, seen)
                assert finished.n_samples > 100
                assert session.counts.n_repeated == 0
                assert [type(update) for update in seen][:3] == [Linked, Unlinked, Linked]
            await transport.close()
            return np.concatenate(sent)

    sent = asyncio.run(run())
    check_recording(project.load("r").samples, gaps_of(project, "r"), sent)


def test_the_fake_doubles_notifications_of_clients_that_never_disconnected(program: Path) -> None:
    """As bluetoothd does: else the test above would show nothing."""

    async def run() -> int:
        async with machine(program) as one:
            await play_ramp(one.board, 20)
            transport = open_transport("ble")

            async def keep(link: object) -> None:
                return

            async with running(transport, address=one.address) as (session, _):
                await asyncio.sleep(0.3)
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr("tinygest.transport.ble.BleLink.close", keep)
                    one.board.drop_link()
                    await wait_for(lambda: session.counts.n_links >= 2)
                    await asyncio.sleep(0.6)
                return session.counts.n_repeated

    assert asyncio.run(run()) > 20


def test_bluetoothd_dies_and_comes_back(program: Path, project: Project) -> None:
    """bleak says nothing then: the watchdog or the heartbeat finds out, and the message says so."""

    async def run() -> tuple[np.ndarray, float]:
        async with machine(program) as one:
            sent = spy_on(one.board)
            await play_ramp(one.board, 30)
            async with running(open_transport("ble"), address=one.address) as (session, seen):
                recorder = Recorder(project, session, "r", META)
                await asyncio.sleep(0.6)
                await one.bluez.close()
                died_s = asyncio.get_running_loop().time()
                await wait_for(lambda: any(isinstance(update, Unlinked) for update in seen))
                noticed_s = asyncio.get_running_loop().time() - died_s
                assert re.search("no data for 1 s|the Bluetooth service does not run", seen[1].reason)
                await asyncio.sleep(0.5)
                await one.restart_bluetoothd()
                await wait_for(lambda: session.counts.n_links >= 2)
                await asyncio.sleep(0.6)
                await recorder.stop()
            return np.concatenate(sent), noticed_s

    sent, noticed_s = asyncio.run(run())
    print(f"noticed after {noticed_s:.1f} s")
    assert noticed_s < 5
    check_recording(project.load("r").samples, gaps_of(project, "r"), sent)
    assert len(gaps_of(project, "r")) >= 1


def test_the_adapter_vanishes_while_recording_and_comes_back(program: Path, project: Project) -> None:
    async def run() -> tuple[np.ndarray, list[str]]:
        async with machine(program) as one:
            sent = spy_on(one.board)
            await play_ramp(one.board, 60)
            async with running(open_transport("ble"), address=one.address) as (session, seen):
                recorder = Recorder(project, session, "r", META)
                await wait_for(lambda: recorder.n_samples > 50)
                one.bluez.remove_adapter()
                one.board.drop_link()
                await wait_for(lambda: len(seen) >= 4)
                reasons = [update.reason for update in seen if isinstance(update, Unlinked)]
                before = recorder.n_samples
                one.bluez.restore_adapter()
                await wait_for(lambda: recorder.n_samples > before + 50)
                finished = await recorder.stop()
                assert not finished.was_cut
            return np.concatenate(sent), reasons

    sent, reasons = asyncio.run(run())
    assert any("Bluetooth" in reason or "doctor" in reason for reason in reasons), reasons
    check_recording(project.load("r").samples, gaps_of(project, "r"), sent)
    assert project.entry("r").info.source["missing"]["link_down"] > 0


def test_what_bluez_refuses_is_tried_again_or_told(program: Path) -> None:
    async def busy() -> None:
        async with machine(program) as one:
            one.bluez.faults["Connect"] = [BluezError("InProgress", "Operation already in progress")]
            await play_ramp(one.board, 20)
            async with running(open_transport("ble"), address=one.address) as (session, seen):
                assert isinstance(seen[0], Unlinked)
                assert session.counts.n_links == 1

    async def no_adapter() -> None:
        async with machine(program, with_adapter=False) as one:
            with pytest.raises(AdapterError, match="doctor"):
                await open_transport("ble").connect(one.address)

    async def no_bluetoothd() -> None:
        async with private_bus():
            with pytest.raises(LinkError, match="doctor"):
                await open_transport("ble").connect("C0:00:00:00:00:01")

    for work in (busy, no_adapter, no_bluetoothd):
        asyncio.run(work())
