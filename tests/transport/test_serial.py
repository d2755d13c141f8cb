"""The virtual board's serial port: our frames, and SensiML's SSI v1 and v2 as stock hosts read them."""

from __future__ import annotations

import asyncio
import os
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from board_process import serial_board
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import LinkError
from tinygest.protocol.control import Command, Op, Status, decode_reply, encode_command, start
from tinygest.protocol.samples import decode_samples
from tinygest.protocol.ssi_config import decode_config
from tinygest.protocol.ssi_v2 import V2Frame, encode_v2
from tinygest.protocol.words import Mode
from tinygest.transport.base import Link
from tinygest.transport.inbox import Channel, Message
from tinygest.transport.serial import SerialTransport
from tinygest.transport.serial_framing import Demultiplexer, Wire

if sys.platform == "win32":
    pytest.skip("needs pseudo-terminals", allow_module_level=True)


async def next_of(link: Link, channel: Channel) -> Message:
    async with asyncio.timeout(30):
        while (message := await link.inbox.get()) is not None:
            if message.channel == channel:
                return message
    raise AssertionError(link.inbox.reason)


async def command(link: Link, op: Op, arguments: bytes = b"") -> None:
    await link.write(Channel.CONTROL, encode_command(Command(op, 9, arguments)))
    while True:
        reply = decode_reply((await next_of(link, Channel.REPLY)).payload)
        if reply.tag == 9:
            assert (reply.op, reply.status) == (op, Status.OK)
            return


async def our_frames(port: Path) -> None:
    link = await SerialTransport().connect(str(port))
    assert Channel.SAMPLES in link.channels
    await link.subscribe(Channel.SAMPLES)
    await command(link, Op.START, start(Mode.CAPTURE, rate_hz=100))
    frames = [decode_samples((await next_of(link, Channel.SAMPLES)).payload, 6) for _ in range(5)]
    assert [frame.first_index for frame in frames] == [0, 5, 10, 15, 20]
    await command(link, Op.SET_SERIAL_VERSION, bytes([2]))
    await link.close()


async def stock_rows(port: Path, version: int) -> None:
    """As SensiML's tools read: configuration, then rows."""
    link = await SerialTransport().connect(str(port))
    await command(link, Op.START, start(Mode.CAPTURE, rate_hz=100))
    await command(link, Op.SET_SERIAL_VERSION, bytes([version]))
    await link.close()
    link = await SerialTransport().connect(str(port))
    while (
        Channel.SSI_CONFIG not in link.channels
        or decode_config(await link.read(Channel.SSI_CONFIG)).version != version
    ):
        await asyncio.sleep(0.05)
    await link.subscribe(Channel.SSI_ROWS)
    messages = [await next_of(link, Channel.SSI_ROWS) for _ in range(6)]
    await link.close()
    rows = b"".join(message.payload for message in messages)
    rows = np.frombuffer(rows[: len(rows) // 12 * 12], "<i2").reshape(-1, 6)
    assert len(rows) > 10
    assert np.abs(rows - [0, 0, 2048, 0, 0, 0]).max() <= 2
    expected = [None] * 6 if version == 1 else [1, 2, 3, 4, 5, 6]
    assert [message.sequence for message in messages] == expected


def test_a_board_of_ours(board_program: Path, tmp_path: Path) -> None:
    with serial_board(board_program, tmp_path) as port:
        asyncio.run(our_frames(port))


@pytest.mark.parametrize("version", [1, 2])
def test_simple_streaming_interface(board_program: Path, tmp_path: Path, version: int) -> None:
    with serial_board(board_program, tmp_path) as port:
        asyncio.run(stock_rows(port, version))


def test_the_end_of_the_cable_is_told(board_program: Path, tmp_path: Path) -> None:
    async def run() -> str:
        with serial_board(board_program, tmp_path) as port:
            link = await SerialTransport().connect(str(port))
        while await link.inbox.get() is not None:
            pass
        with pytest.raises(LinkError):
            await link.write(Channel.CONTROL, b"x")
        await link.close()
        return link.inbox.reason

    assert "is gone" in asyncio.run(run())


def test_nobody_behind_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinygest.transport.serial.ANSWER_WITHIN_S", 0.3)
    host, board = os.openpty()
    with pytest.raises(LinkError, match="says nothing that"):
        asyncio.run(SerialTransport().connect(os.ttyname(board)))
    os.close(host)
    os.close(board)


def test_no_such_port(tmp_path: Path) -> None:
    with pytest.raises(LinkError, match="cannot open"):
        asyncio.run(SerialTransport().connect(str(tmp_path / "none")))


FRAME = encode_v2(V2Frame(1, 5, b"frame"))
LINE = b'{"ModelNumber":0,"Classification":3}\r\n'


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from([FRAME, LINE, b"\xff", b"noise\n", b"{"]) | st.binary(max_size=9), max_size=12
    ),
    st.data(),
)
def test_frames_are_found_among_anything_and_pieces_do_not_matter(
    parts: list[bytes], data: st.DataObject
) -> None:
    stream = b"".join(parts) + bytes(1100) + FRAME + b"\n" + LINE
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=9)))
    edges = [0, *cuts, len(stream)]
    pieces = Demultiplexer()
    seen = [m for a, b in pairwise(edges) for m in pieces.feed(stream[a:b], 0.0)]
    whole = Demultiplexer().feed(stream, 0.0)
    assert sorted(seen, key=repr) == sorted(whole, key=repr)
    assert [m.payload for m in seen if m.channel == Channel.SAMPLES][-1:] == [b"frame"]
    assert [m.payload for m in seen if m.channel == Channel.SSI_LINE][-1:] == [LINE.strip()]


def test_raw_rows_are_not_looked_into() -> None:
    wire = Demultiplexer()
    wire.wire = Wire.RAW_ROWS
    assert [m.payload for m in wire.feed(FRAME + LINE, 0.0)] == [FRAME + LINE]
