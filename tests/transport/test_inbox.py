"""The queue between a link and its session."""

from __future__ import annotations

import asyncio

from tinygest.transport.inbox import Channel, Inbox, Message


def message(number: int) -> Message:
    return Message(Channel.SAMPLES, bytes([number]), 0.0)


def test_messages_come_in_order_and_the_end_after_the_last() -> None:
    async def run() -> list[bytes]:
        inbox = Inbox()
        for number in range(3):
            inbox.push(message(number))
        inbox.close("gone")
        inbox.push(message(9))  # too late
        inbox.close("second reason")
        seen = []
        while (got := await inbox.get()) is not None:
            seen.append(got.payload)
        assert inbox.reason == "gone"
        return seen

    assert asyncio.run(run()) == [b"\0", b"\1", b"\2"]


def test_a_full_inbox_counts_what_it_drops() -> None:
    inbox = Inbox(max_messages=4)
    for number in range(10):
        inbox.push(message(number))
    assert inbox.n_dropped == 6


def test_rows_in_which_a_hole_could_not_be_seen_end_the_link() -> None:
    def fill(sequence: int | None) -> Inbox:
        inbox = Inbox(max_messages=4)
        for _ in range(5):
            inbox.push(Message(Channel.SSI_ROWS, b"half a row", 0.0, sequence))
        return inbox

    assert "too slow" in fill(None).reason
    assert not fill(1).is_closed


def test_a_waiting_reader_is_woken() -> None:
    async def run() -> Message | None:
        inbox = Inbox()
        reader = asyncio.create_task(inbox.get())
        await asyncio.sleep(0)
        inbox.push(message(1))
        return await reader

    assert asyncio.run(run()) == message(1)
