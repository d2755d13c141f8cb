"""One board kept connected: what is lost is known, what comes twice is dropped."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import numpy as np
import pytest
from fake_board import FakeBoard, FakeLink

from tinygest.core.errors import AdapterError, ContractError, LinkError
from tinygest.core.sensor import imu_contract
from tinygest.gateway.board import Board
from tinygest.gateway.live import Live
from tinygest.gateway.session import Session, SessionOptions, State
from tinygest.gateway.stream import Batch, Cause
from tinygest.gateway.updates import Linked, Unlinked, Update
from tinygest.protocol.control import Op, Reply, Status, encode_reply
from tinygest.transport.base import Link
from tinygest.transport.inbox import Channel

from .conftest import Running


def batches(seen: list[Update]) -> list[Batch]:
    return [update for update in seen if isinstance(update, Batch)]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


def test_subscriptions_come_before_start_and_stop_flushes(running: Running) -> None:
    async def run() -> None:
        board = FakeBoard()
        async with running(board) as (session, seen):
            linked = seen[0]
            assert isinstance(linked, Linked)
            assert linked.identity.device == "0000000000001234"
            assert (linked.identity.side, linked.contract.rate_hz) == ("left", 100)
            await until(lambda: "HEARTBEAT" in board.log and session.counts.n_samples > 90)
        assert board.log.index("subscribe samples") < board.log.index("START")
        assert board.log[-1] == "STOP"
        assert session.state == State.ENDED
        assert session.counts.n_lost == session.counts.n_repeated == 0

    asyncio.run(run())


def test_a_lost_link_is_closed_and_made_again(running: Running) -> None:
    async def run() -> None:
        board = FakeBoard()
        updates: list[Update] = []
        async with running(board) as (session, seen):
            session.listen(updates.append)
            await until(lambda: bool(batches(updates)))
            board.refuses = 2  # the board's own radio needs its time
            board.lose_link()
            await until(lambda: batches(updates)[-1].cause == Cause.LINK_DOWN)
        assert [type(update) for update in seen] == [Linked, Unlinked, Unlinked, Unlinked, Linked]
        assert seen[1].reason == "the link was lost"
        assert 0 < seen[2].retry_in_s <= 0.5 < seen[3].retry_in_s + 0.3
        down = [batch for batch in batches(updates) if batch.cause != Cause.CONTINUES]
        assert [batch.cause for batch in down] == [Cause.LINK_DOWN]
        made_at = down[0].samples[0, 0] - batches(updates)[0].samples[0, 0]
        assert made_at == down[0].first_index - batches(updates)[0].first_index
        assert session.counts.n_links == 2

    asyncio.run(run())


def test_a_board_that_stalls_is_given_up_after_a_second(running: Running) -> None:
    async def run() -> None:
        board = FakeBoard()
        async with running(board) as (_, seen):
            board.stalled = True
            stalled_s = time.monotonic()
            await until(lambda: isinstance(seen[-1], Unlinked))
            assert "no data for 1 s" in seen[1].reason
            assert time.monotonic() - stalled_s >= 0.9
            board.stalled = False
            await until(lambda: isinstance(seen[-1], Linked))

    asyncio.run(run())


def test_a_process_that_is_held_up_gives_no_board_up(running: Running) -> None:
    """A busy computer, a laptop that slept: what the board sent meanwhile waits to be read."""

    async def run() -> None:
        async with running(FakeBoard()) as (session, seen):
            time.sleep(1.5)
            n_samples = session.counts.n_samples
            await until(lambda: session.counts.n_samples > n_samples + 200)
            assert [type(update) for update in seen] == [Linked]
            assert session.counts.n_lost == 0

    asyncio.run(run())


def test_another_board_under_the_same_address_is_not_taken(running: Running) -> None:
    async def run() -> None:
        board = FakeBoard()
        async with running(board) as (session, seen):
            board.device_id = 0x9999
            board.lose_link()
            await until(lambda: len(seen) > 2)
            assert "now another board" in seen[-1].reason
            assert session.counts.n_links == 1

    asyncio.run(run())


def test_a_board_that_was_flashed_anew_does_not_go_on_with_other_samples(running: Running) -> None:
    async def run() -> None:
        board = FakeBoard()
        async with running(board) as (session, _):
            board.capture_id = "00" * 32
            board.lose_link()
            await until(lambda: session.state == State.ENDED)

    with pytest.raises(ContractError, match="another contract"):
        asyncio.run(run())


def test_a_restart_is_known_after_a_first_attempt_that_failed(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_left = 1

    async def subscribe(link: FakeLink, channel: Channel) -> None:
        nonlocal n_left
        if len(board.links) > 1 and n_left and channel == Channel.SAMPLES:
            n_left -= 1
            raise LinkError("the link was lost")

    async def run() -> None:
        async with running(board) as (session, seen):
            updates: list[Update] = []
            session.listen(updates.append)
            await until(lambda: bool(batches(updates)))
            board.reboot()
            await until(lambda: isinstance(updates[-1], Batch) and len(seen) > 2)
            causes = {batch.cause for batch in batches(updates)}
            assert causes == {Cause.CONTINUES, Cause.BOARD_RESTARTED}
            assert (session.counts.n_links, session.counts.n_restarts, n_left) == (2, 1, 0)

    monkeypatch.setattr(FakeLink, "subscribe", subscribe)
    board = FakeBoard()
    board.boot_s -= 100.0
    asyncio.run(run())


def test_frames_that_come_in_one_read_make_no_rate() -> None:
    """As those of a serial port do."""
    session = Session(FakeBoard(), "fake")
    session.contract = imu_contract(100)
    live, now_s = Live(session), time.monotonic()
    for number in range(2):
        live(Batch(np.zeros((5, 6), np.int16), 5 * number, 0, Cause.CONTINUES, 0.0, now_s))
    assert live.status().rate_hz == 0.0


def test_a_board_of_another_contract_is_refused() -> None:
    with pytest.raises(ContractError, match="another contract"):
        asyncio.run(Session(FakeBoard(capture_id="00" * 32), "fake").run())


def test_a_board_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LinkError, match="does not answer"):
        asyncio.run(Session(FakeBoard(refuses=99), "fake", SessionOptions(give_up_s=0.6)).run())


def test_without_an_adapter_nothing_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoAdapter(FakeBoard):
        async def connect(self, address: str) -> Link:
            self.refuses += 1
            raise AdapterError("no adapter")

    transport = NoAdapter()
    with pytest.raises(AdapterError):
        asyncio.run(Session(transport, "fake").run())
    assert transport.refuses == 1


def test_a_listener_that_fails_ends_the_session_and_says_why() -> None:
    async def run() -> None:
        session = Session(FakeBoard(), "fake")

        def fail(update: Update) -> None:
            if isinstance(update, Batch):
                raise ValueError("listener")

        session.listen(fail)
        await session.run()

    with pytest.raises(ValueError, match="listener"):
        asyncio.run(run())


def test_stop_while_waiting_for_the_next_attempt(running: Running) -> None:
    async def run() -> None:
        board = FakeBoard()
        async with running(board) as (_, seen):
            board.refuses = 10_000
            board.lose_link()
            await until(lambda: len(seen) > 3)  # by then it waits a second and more

    asyncio.run(asyncio.wait_for(run(), 30))


def test_a_cancellation_that_meets_a_reply_is_not_swallowed() -> None:
    """Else the heartbeat would outlive its session, which waits for it."""

    async def run() -> None:
        fake = FakeBoard()
        board = await Board.open(await fake.connect("fake"))
        fake.stalled = True
        command = asyncio.create_task(board.command(Op.HEARTBEAT))
        while not board._waiting:
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        board._take_reply(encode_reply(Reply(Op.HEARTBEAT, next(iter(board._waiting)), Status.OK)))
        command.cancel()
        with pytest.raises(asyncio.CancelledError):
            await command
        await board.close()

    asyncio.run(asyncio.wait_for(run(), 10))
