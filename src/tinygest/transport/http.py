"""A board behind another gateway that speaks SensiML's SSI over HTTP: /config, /stream, /results."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from tinygest.core.errors import LinkError, ProtocolError
from tinygest.protocol.events import MAX_LINE
from tinygest.protocol.ssi_config import encode_config
from tinygest.protocol.ssi_gateway import MAX_GATEWAY_CONFIG, decode_gateway_config
from tinygest.protocol.ssi_v1 import LineReader
from tinygest.transport.base import CONNECT_TIMEOUT_S, Found, Link, Transport
from tinygest.transport.inbox import Channel, Message

if TYPE_CHECKING:
    import httpx

PATHS = {Channel.SSI_ROWS: "/stream", Channel.SSI_LINE: "/results"}


class HttpLink(Link):
    """Made by HttpTransport.connect. Chunks have no meaning: the rows are one stream of bytes."""

    def __init__(self, address: str, client: httpx.AsyncClient, config: bytes) -> None:
        super().__init__(address, frozenset({Channel.SSI_CONFIG, *PATHS}))
        self._client = client
        self._config = config
        self._readers: list[asyncio.Task[None]] = []

    async def read(self, channel: Channel) -> bytes:
        if channel != Channel.SSI_CONFIG:
            raise self.missing(channel)
        return self._config

    async def write(self, channel: Channel, payload: bytes) -> None:
        raise self.missing(channel)

    async def subscribe(self, channel: Channel) -> None:
        if channel not in PATHS:
            raise self.missing(channel)
        self._readers.append(asyncio.create_task(self._stream(channel)))

    async def close(self) -> None:
        self.inbox.close("disconnected")
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)
        await self._client.aclose()

    async def _stream(self, channel: Channel) -> None:
        import httpx

        lines = LineReader(MAX_LINE) if channel == Channel.SSI_LINE else None
        try:
            async with self._client.stream("GET", PATHS[channel]) as response:
                _check(response, self.address + PATHS[channel])
                async for data in response.aiter_bytes():
                    for payload in [data] if lines is None else lines.feed(data):
                        self.inbox.push(Message(channel, payload, time.monotonic()))
            self.inbox.close(f"{self.address} ended the stream")
        except (httpx.HTTPError, LinkError) as error:
            self.inbox.close(f"{self.address}: {error or type(error).__name__}")


class HttpTransport(Transport):
    """Gateways cannot be searched for: they are named by their address."""

    name = "http"

    async def scan(self, seconds: float) -> AsyncGenerator[Found, None]:
        """Nothing, without an error: there may be boards on other ways."""
        nothing: tuple[Found, ...] = ()
        for found in nothing:
            yield found

    async def connect(self, address: str) -> Link:
        import httpx

        client = httpx.AsyncClient(
            base_url=address.rstrip("/"),
            timeout=httpx.Timeout(CONNECT_TIMEOUT_S, read=None),
            verify=address.startswith("https"),  # certificates take long to load and plain HTTP has none
            follow_redirects=False,
        )
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                config = encode_config(decode_gateway_config(await _get(client, "/config")))
            return HttpLink(address, client, config)
        except (httpx.HTTPError, httpx.InvalidURL, ProtocolError, LinkError, TimeoutError) as error:
            await client.aclose()
            reason = str(error) or "no answer"
            raise LinkError(f"{address}: {reason}") from error
        except asyncio.CancelledError:
            with contextlib.suppress(Exception):
                await client.aclose()
            raise


async def _get(client: httpx.AsyncClient, path: str) -> bytes:
    """The whole answer, if it is not too long."""
    async with client.stream("GET", path) as response:
        _check(response, path)
        body = b""
        async for data in response.aiter_bytes():
            body += data
            if len(body) > MAX_GATEWAY_CONFIG:
                raise ProtocolError(f"{path} answers more than {MAX_GATEWAY_CONFIG} bytes")
    return body


def _check(response: httpx.Response, what: str) -> None:
    if response.status_code != 200:
        raise LinkError(f"{what} answered {response.status_code} {response.reason_phrase}")
