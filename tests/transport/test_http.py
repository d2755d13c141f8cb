"""Another gateway as a source of rows."""

from __future__ import annotations

import asyncio
import json

import pytest
from fake_http import serve

from tinygest.core.errors import LinkError
from tinygest.protocol.ssi_config import decode_config
from tinygest.transport.http import HttpTransport
from tinygest.transport.inbox import Channel

# Keys and kinds of values as SensiML's open gateway answers them.
CONFIG = {
    "sample_rate": "100",
    "column_location": {"AccelerometerX": 0, "AccelerometerY": 1, "AccelerometerZ": 2},
    "samples_per_packet": 60,
    "source_samples_per_packet": 5,
    "source": "BLE",
    "device_id": "C0:00:00:00:00:01",
    "streaming": False,
    "baud_rate": 460800,
    "mode": "DATA_CAPTURE",
    "recording": False,
    "data_type": "int16",
    "camera_index": 0,
}


async def messages(address: str, channel: Channel) -> tuple[list[bytes], str]:
    link = await HttpTransport().connect(address)
    try:
        config = decode_config(await link.read(Channel.SSI_CONFIG))
        assert (config.sample_rate, config.samples_per_packet, len(config.columns)) == (100, 5, 3)
        await link.subscribe(channel)
        seen = []
        while (message := await link.inbox.get()) is not None:
            seen.append(message.payload)
        return seen, link.inbox.reason
    finally:
        await link.close()


def test_rows_come_in_chunks_of_any_size_until_the_stream_ends() -> None:
    async def run() -> tuple[list[bytes], str]:
        async with serve(
            {"/config": [json.dumps(CONFIG).encode()], "/stream": [b"abc", b"defg", b"h"]}
        ) as at:
            return await messages(at, Channel.SSI_ROWS)

    seen, reason = asyncio.run(run())
    assert b"".join(seen) == b"abcdefgh"
    assert "ended the stream" in reason


def test_results_are_lines() -> None:
    line = b'{"ModelNumber":0,"Classification":2}'

    async def run() -> tuple[list[bytes], str]:
        pieces = [line[:9], line[9:] + b"\n{}", b"\n"]
        async with serve({"/config": [json.dumps(CONFIG).encode()], "/results": pieces}) as at:
            return await messages(at, Channel.SSI_LINE)

    assert asyncio.run(run())[0] == [line, b"{}"]


@pytest.mark.parametrize(
    ("config", "status", "said"),
    [
        (b"{}", "200 OK", "is a board connected"),
        (b"<html>", "200 OK", "is a board connected"),
        (b"x" * 100_000, "200 OK", "more than 65536 bytes"),
        (json.dumps({**CONFIG, "data_type": "float"}).encode(), "200 OK", "only int16"),
        (b'{"detail": "no device"}', "400 Bad Request", "400"),
    ],
)
def test_a_gateway_that_cannot_be_used_gives_a_sentence(config: bytes, status: str, said: str) -> None:
    async def run() -> None:
        async with serve({"/config": [config]}, status=status) as address:
            await HttpTransport().connect(address)

    with pytest.raises(LinkError, match=said):
        asyncio.run(run())


def test_nobody_there() -> None:
    with pytest.raises(LinkError, match=r"127\.0\.0\.1:9"):
        asyncio.run(HttpTransport().connect("http://127.0.0.1:9"))
