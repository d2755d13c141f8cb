"""Messages become samples on one time line; nothing odd goes uncounted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.sensor import imu_contract
from tinygest.gateway.stream import Batch, Cause, FrameStream, RowStream
from tinygest.protocol.samples import SampleFrame, encode_samples
from tinygest.protocol.words import SampleFlag
from tinygest.transport.inbox import Channel, Message

CONTRACT = imu_contract(100)
NONE = SampleFlag(0)


def frame(index: int, flags: SampleFlag = NONE, *, at_s: float | None = None, n: int = 5) -> Message:
    """Of a board whose clock began with index 0, as it arrives 10 ms later."""
    due_s = (index + n) / 100
    samples = np.full((n, 6), index, np.int16)
    payload = encode_samples(SampleFrame(index, round(due_s * 1000) & 0xFFFF, flags, samples))
    return Message(Channel.SAMPLES, payload, due_s + 0.01 if at_s is None else at_s)


def feed(stream: FrameStream, *messages: Message) -> list[Batch]:
    return [batch for message in messages if (batch := stream.feed(message)) is not None]


def placed(batches: list[Batch]) -> list[tuple[int, int, Cause]]:
    return [(batch.first_index, batch.missing, batch.cause) for batch in batches]


def linked_stream() -> FrameStream:
    stream = FrameStream(CONTRACT)
    stream.begin_link(0, 0.0)
    return stream


def test_lost_doubled_broken_and_late_frames() -> None:
    stream = linked_stream()
    batches = feed(
        stream,
        frame(0, SampleFlag.RESTART),
        frame(5),
        frame(5),
        Message(Channel.SAMPLES, b"rubbish", 0.1),
        frame(20),
        frame(32, SampleFlag.GAP),
        frame(37, at_s=0.9),
    )
    assert placed(batches) == [
        (0, 0, Cause.CONTINUES),
        (5, 0, Cause.CONTINUES),
        (20, 10, Cause.LOST),
        (32, 7, Cause.BOARD),
        (37, 0, Cause.CONTINUES),
    ]
    counts = stream.counts
    assert (counts.n_samples, counts.n_lost, counts.n_board_lost) == (25, 10, 7)
    assert (counts.n_repeated, counts.n_malformed, counts.n_late) == (5, 1, 1)


def test_a_link_that_was_down_leaves_a_gap_by_the_boards_clock() -> None:
    """The board starts its index anew with the new link; its clock went on."""
    stream = linked_stream()
    feed(stream, frame(0, SampleFlag.RESTART))
    stream.begin_link(2000, 2.3)
    rows = np.zeros((5, 6), np.int16)
    new = encode_samples(SampleFrame(0, 3050, SampleFlag.RESTART, rows))
    (batch,) = feed(stream, Message(Channel.SAMPLES, new, 3.07))
    assert placed([batch]) == [(300 + 5 - 5, 295, Cause.LINK_DOWN)]
    assert (stream.counts.n_down, stream.counts.n_restarts, stream.counts.n_links) == (295, 0, 2)


def test_a_board_that_was_reset_leaves_a_gap_by_the_hosts_clock() -> None:
    stream = linked_stream()
    feed(stream, *(frame(index, SampleFlag.RESTART if index == 0 else NONE) for index in range(0, 2000, 5)))
    stream.begin_link(900, 30.0)
    rows = np.zeros((5, 6), np.int16)
    new = encode_samples(SampleFrame(0, 1000, SampleFlag.RESTART, rows))
    (batch,) = feed(stream, Message(Channel.SAMPLES, new, 30.11))
    assert batch.cause == Cause.BOARD_RESTARTED
    assert batch.missing == pytest.approx(1005, abs=5)
    assert stream.counts.n_restarts == 1
    assert batch.device_s == 1.0


def test_a_reset_is_known_also_after_a_link_on_which_nothing_came() -> None:
    stream = linked_stream()
    feed(stream, *(frame(index, SampleFlag.RESTART if index == 0 else NONE) for index in range(0, 2000, 5)))
    stream.begin_link(900, 30.0)
    stream.begin_link(2400, 31.5)  # its sensor was still starting
    for began_ms, cause in ((2500, Cause.BOARD_RESTARTED), (9000, Cause.LINK_DOWN)):
        new = encode_samples(SampleFrame(0, began_ms, SampleFlag.RESTART, np.zeros((5, 6), np.int16)))
        (batch,) = feed(stream, Message(Channel.SAMPLES, new, 29.11 + began_ms / 1000))
        assert batch.cause == cause
        stream.begin_link(8900, 38.0)
    assert (stream.counts.n_restarts, stream.counts.n_links) == (1, 5)


def test_frames_that_were_lost_before_the_first_are_counted() -> None:
    stream = linked_stream()
    (batch,) = feed(stream, frame(10))
    assert placed([batch]) == [(0, 0, Cause.CONTINUES)]
    assert stream.counts.n_lost == 10


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["keep", "lose", "repeat"]), min_size=1, max_size=60))
def test_rows_and_gaps_always_add_up(fates: list[str]) -> None:
    stream = linked_stream()
    batches = []
    for number, fate in enumerate(fates):
        message = frame(5 * number, SampleFlag.RESTART if number == 0 else NONE)
        batches += feed(stream, *{"keep": [message], "lose": [], "repeat": [message] * 2}[fate])
    n_lost_after = next((i for i, fate in enumerate(reversed(fates)) if fate != "lose"), len(fates))
    assert stream.counts.n_samples + stream.counts.n_lost == 5 * (len(fates) - n_lost_after)
    assert stream.counts.n_repeated == 5 * fates.count("repeat")
    values = [int(batch.samples[0, 0]) for batch in batches]
    offset = values[0] if values else 0
    assert [batch.first_index + offset for batch in batches] == values


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=80), max_size=30))
def test_any_bytes_are_counted_or_taken(payloads: list[bytes]) -> None:
    stream = linked_stream()
    messages = [Message(Channel.SAMPLES, payload, number / 10) for number, payload in enumerate(payloads)]
    n_taken, counts = len(feed(stream, *messages)), stream.counts
    assert n_taken + counts.n_malformed == len(payloads) or counts.n_repeated


def rows_message(rows: np.ndarray, at_s: float, sequence: int | None = None) -> Message:
    return Message(Channel.SSI_ROWS, rows.astype("<i2").tobytes(), at_s, sequence)


def test_rows_of_ssi_in_pieces_of_any_size() -> None:
    stream = RowStream(CONTRACT, (3, 4, 5, 0, 1, 2), 7)  # the gyroscope comes first, and a microphone
    stream.begin_link(None, 0.0)
    rows = np.arange(70).reshape(10, 7)
    data = rows.astype("<i2").tobytes()
    got = [stream.feed(Message(Channel.SSI_ROWS, data[i : i + 9], 0.1)) for i in range(0, len(data), 9)]
    samples = np.concatenate([batch.samples for batch in got if batch])
    np.testing.assert_array_equal(samples, rows[:, [3, 4, 5, 0, 1, 2]])


def test_lost_and_doubled_frames_of_ssi_v2() -> None:
    stream = RowStream(CONTRACT, tuple(range(6)), 6)
    stream.begin_link(None, 0.0)
    rows = np.zeros((4, 6))
    batches = [stream.feed(rows_message(rows, n / 25, n)) for n in (1, 2, 2, 5)]
    assert [batch and (batch.first_index, batch.missing, batch.cause) for batch in batches] == [
        (0, 0, Cause.CONTINUES),
        (4, 0, Cause.CONTINUES),
        None,
        (16, 8, Cause.LOST),
    ]
    stream.begin_link(None, 5.0)
    again = stream.feed(rows_message(rows, 5.2, 1))
    assert again.cause == Cause.LINK_DOWN
    assert again.missing == 500 - 4
