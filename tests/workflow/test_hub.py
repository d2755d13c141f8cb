"""The boards of a gateway that stays, without firmware."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from fake_board import FakeBoard

from tinygest.core.errors import LabelError, UsageError
from tinygest.core.recording import RecordingMeta
from tinygest.protocol.words import Mode
from tinygest.store.project import Project
from tinygest.transport.base import Found, Link
from tinygest.workflow.boards import Target
from tinygest.workflow.hub import Hub
from tinygest.workflow.recording import RecordPlan


@pytest.fixture
def project(tmp_path) -> Project:
    return Project.create(tmp_path / "p")


@asynccontextmanager
async def hub_with(project: Project, *boards: FakeBoard) -> AsyncIterator[tuple[Hub, list[str]]]:
    """All boards connected, as b0, b1, ...; and what is said."""
    said: list[str] = []
    async with Hub(project, ["http"]) as hub:
        hub.listen(lambda address, update: None, lambda notice: said.append(notice.text))
        for number, board in enumerate(boards):
            hub._heard[f"b{number}"] = Target(board, Found(f"b{number}"))
            await hub.connect(f"b{number}", Mode.CAPTURE)
        yield hub, said


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


class SlowBoard(FakeBoard):
    """Takes its time to be connected."""

    async def connect(self, address: str) -> Link:
        await asyncio.sleep(0.1)
        return await super().connect(address)


def test_a_recording_does_not_begin_while_a_board_is_being_connected(project: Project) -> None:
    async def run() -> None:
        async with hub_with(project, FakeBoard()) as (hub, _):
            hub._heard["slow"] = Target(SlowBoard(2), Found("slow"))
            connecting = asyncio.create_task(hub.connect("slow", Mode.CAPTURE))
            await until(lambda: len(hub.boards()) == 2)
            with pytest.raises(UsageError, match="still being connected"):
                hub.begin_recording(RecordPlan(RecordingMeta(), "r"))
            await connecting
            hub.begin_recording(RecordPlan(RecordingMeta(), "r"))
            await asyncio.sleep(0.3)
            assert len(await hub.end_recording()) == 2

    asyncio.run(run())


def test_two_who_connect_the_same_board_make_one_session(project: Project, monkeypatch) -> None:
    board = SlowBoard()

    async def find(self: object, words: list[str], seconds: float | None = None) -> list[Target]:
        await asyncio.sleep(0.05)
        return [Target(board, Found(words[0]))]

    monkeypatch.setattr("tinygest.workflow.boards.Ways.find", find)

    async def run() -> None:
        async with hub_with(project) as (hub, _):
            both = [hub.connect("b0", Mode.CAPTURE) for _ in range(2)]
            ended = await asyncio.gather(*both, return_exceptions=True)
            assert [type(one) for one in ended].count(UsageError) == 1
            assert len(hub.boards()) == 1
        assert len(board.links) == 1
        assert board.links[0].is_closed

    asyncio.run(run())


def test_a_board_that_is_no_longer_what_it_was_ends_the_recording(project: Project) -> None:
    boards = FakeBoard(1), FakeBoard(2)

    async def run() -> None:
        async with hub_with(project, *boards) as (hub, said):
            hub.begin_recording(RecordPlan(RecordingMeta(), "r", seconds=3600.0))
            await until(lambda: hub.recording().seconds > 0.3)
            boards[1].capture_id = "00" * 32
            boards[1].lose_link()
            await until(lambda: hub.recording().phase == "idle")
            assert any("another contract" in text for text in said)
            assert [board.address for board in hub.boards()] == ["b0"]
            assert len(hub.last_recorded) == 2

    asyncio.run(run())


def test_a_label_that_no_project_could_hold_is_refused(project: Project) -> None:
    async def run() -> None:
        async with hub_with(project, FakeBoard()) as (hub, _):
            hub.begin_recording(RecordPlan(RecordingMeta(), "r"))
            await until(lambda: hub.recording().seconds > 0.1)
            with pytest.raises(LabelError, match="not usable"):
                hub.mark("jab/left")
            await asyncio.sleep(0.2)
            assert hub.recording().phase == "recording"
            assert len(await hub.end_recording()) == 1

    asyncio.run(run())


class FakeProcess:
    """Of virtual boards."""

    n_running = 0

    def __init__(self) -> None:
        self.link, self.addresses = "http", {"b0"}
        FakeProcess.n_running += 1

    @classmethod
    async def start(cls, *_: object) -> FakeProcess:
        await asyncio.sleep(0.05)
        return cls()

    async def stop(self) -> None:
        FakeProcess.n_running -= 1


def test_virtual_boards_are_switched_off_once_the_recording_has_ended(
    project: Project, monkeypatch
) -> None:
    monkeypatch.setattr("tinygest.workflow.hub.VirtualProcess", FakeProcess)

    async def run() -> None:
        async with hub_with(project) as (hub, _):
            await asyncio.gather(hub.start_virtual(["left"], None), hub.start_virtual(["left"], None))
            assert FakeProcess.n_running == 1
            hub._heard["b0"] = Target(FakeBoard(), Found("b0"))
            await hub.connect("b0", Mode.CAPTURE)
            hub.begin_recording(RecordPlan(RecordingMeta(), "r"))
            with pytest.raises(UsageError, match="a recording is running"):
                await hub.stop_virtual()
            await hub.end_recording()
            await hub.stop_virtual()
            assert FakeProcess.n_running == 0
            assert hub.boards() == []
            assert "b0" not in hub._heard

    asyncio.run(run())


def test_virtual_boards_are_switched_off_also_when_a_session_ends_meanwhile(
    project: Project, monkeypatch
) -> None:
    monkeypatch.setattr("tinygest.workflow.hub.VirtualProcess", FakeProcess)

    async def run() -> None:
        async with hub_with(project, FakeBoard()) as (hub, _):
            hub._virtual = await FakeProcess.start()
            real = hub.disconnect

            async def disconnect(address: str) -> None:
                await real(address)
                await real(address)  # the session is gone by now

            hub.disconnect = disconnect
            await hub.stop_virtual()
            assert FakeProcess.n_running == 0
            assert hub.boards() == []

    asyncio.run(run())
