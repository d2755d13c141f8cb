"""SensiML's Simple Streaming Interface over HTTP, so that Data Studio records from this gateway.

What its clients use: /config, /scan, /connect, /disconnect, /stream (int16 rows, little-endian, without
end) and /results (a JSON line for every event). Rows have no index there: a gap cannot be told, and is
not; whoever wants to know takes `/api/live`. Integers are integers, `samples_per_packet` counts rows.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from tinygest.core.errors import NotFoundError, UsageError
from tinygest.gateway.stream import Batch
from tinygest.gateway.updates import ClassReported, Reported, Unlinked, Update
from tinygest.protocol.ssi_config import COLUMN_NAMES
from tinygest.protocol.words import Mode
from tinygest.web.context import SharedHub
from tinygest.workflow.hub import ConnectedBoard, Hub, Notice, Tried

reading = APIRouter(tags=["ssi"])
"""Routes that change nothing: these alone may be shared."""
router = APIRouter(tags=["ssi"])

QUEUE = 512
ROWS_PER_PACKET = 1
SCAN_S = 3.0
IDLE_S = 1.0
MODES = {"DATA_CAPTURE": Mode.CAPTURE, "RECOGNITION": Mode.RECOGNISE}
MAX_FORM_BYTES = 4096


@reading.get("/config")
async def config(hub: SharedHub) -> dict[str, Any]:
    """The board that /stream reads: the one configured last, else the first connected one."""
    return _config(_board(hub))


@reading.get("/stream", response_class=StreamingResponse)
async def stream(hub: SharedHub) -> StreamingResponse:
    """Rows of the board as they come, until it goes."""
    board = _board(hub)
    return StreamingResponse(_follow(hub, board.address, _rows), media_type="application/octet-stream")


@reading.get("/results", response_class=StreamingResponse)
async def results(hub: SharedHub) -> StreamingResponse:
    """A JSON line for every event of the board; `{}` while nothing happens."""
    board = _board(hub)
    lines = _follow(hub, board.address, _result, b"{}\n")
    return StreamingResponse(lines, media_type="application/octet-stream")


@router.post("/scan")
@router.post("/scan-devices")
async def scan(hub: SharedHub, request: Request) -> list[dict[str, Any]]:
    """Boards that can be configured: connected ones, then those that are heard."""
    await _fields(request)
    known = [(board.address, board.status.name) for board in hub.boards()]
    heard = [(row.address, row.name or row.address) for row in await hub.scan(SCAN_S)]
    rows = dict([*known, *heard])
    return [{"id": i, "device_id": address, "name": name} for i, (address, name) in enumerate(rows.items())]


@router.post("/config")
@router.post("/config-device")
async def configure(hub: SharedHub, request: Request) -> dict[str, Any]:
    """Connect the board `device_id` in `mode` DATA_CAPTURE or RECOGNITION; it is read from now on."""
    fields = await _fields(request)
    address = str(fields.get("device_id", ""))
    mode = MODES.get(str(fields.get("mode", "DATA_CAPTURE")))
    if mode is None or not address:
        raise UsageError("device_id and mode (DATA_CAPTURE or RECOGNITION) are needed")
    await _connect(hub, address, mode)
    hub.ssi_address = address
    return _config(_board(hub))


@router.get("/connect")
async def connect(hub: SharedHub) -> dict[str, Any]:
    """Boards stay connected here: the configuration of the one that is read."""
    return _config(_board(hub))


@router.get("/disconnect")
async def disconnect(hub: SharedHub) -> dict[str, Any]:
    """Let go of the board that is read."""
    board = _board(hub)
    said = {**_config(board), "streaming": False}
    await hub.disconnect(board.address)
    return said


async def _connect(hub: Hub, address: str, mode: Mode) -> None:
    now = hub.find(address)
    if now is not None and now.mode == mode.name.lower():
        return
    if now is not None:
        await hub.disconnect(address)
    await hub.connect(address, mode)


def _board(hub: Hub) -> ConnectedBoard:
    boards = hub.boards()
    wanted = [board for board in boards if board.address == hub.ssi_address] or boards
    if not wanted:
        raise NotFoundError("no board is connected")
    return wanted[0]


def _config(board: ConnectedBoard) -> dict[str, Any]:
    columns = {COLUMN_NAMES[name]: place for place, name in enumerate(board.channels)}
    recognises = board.mode == "recognise"
    return {
        "sample_rate": round(board.rate_hz),
        "version": 1,
        "data_type": "int16",
        "samples_per_packet": ROWS_PER_PACKET,
        "source_samples_per_packet": ROWS_PER_PACKET,
        "column_location": columns,
        "source": "BLE",
        "device_id": board.address,
        "streaming": True,
        "mode": "recognition" if recognises else "data_capture",
    }


def _rows(update: Update) -> bytes | None:
    return update.samples.astype("<i2").tobytes() if isinstance(update, Batch) else None


def _result(update: Update) -> bytes | None:
    match update:
        case Reported():
            event = update.event.event
            said = {
                "ModelNumber": update.event.model,
                "Classification": event.label,
                "SegmentStart": event.start,
                "SegmentLength": event.length,
                "Score": event.score,
            }
        case ClassReported():
            said = {"ModelNumber": update.model, "Classification": update.label}
        case _:
            return None
    return msgspec.json.encode(said) + b"\n"


async def _follow(hub: Hub, address: str, encode: Any, idle: bytes = b"") -> AsyncIterator[bytes]:
    """Encoded updates of one board; ends with its link, or when the client is too slow to follow."""
    queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE)
    ended = asyncio.Event()

    def take(origin: str, update: Update | Tried) -> None:
        if origin != address or isinstance(update, Tried):
            return
        if isinstance(update, Unlinked):
            ended.set()
        elif (data := encode(update)) is not None:
            try:
                queue.put_nowait(data)
            except asyncio.QueueFull:  # rows without an index: a hole in them could not be seen
                ended.set()

    def watch(notice: Notice) -> None:
        if not hub.has(address):
            ended.set()

    hub.listen(take, watch)
    try:
        while not ended.is_set() and hub.has(address):
            try:
                async with asyncio.timeout(IDLE_S):
                    data = await queue.get()
            except TimeoutError:
                data = idle
            if data:
                yield data
    finally:
        hub.unlisten(take, watch)


async def _fields(request: Request) -> dict[str, Any]:
    """Clients send JSON or a form; nothing at all is fine."""
    body = await request.body()
    if len(body) > MAX_FORM_BYTES:
        raise UsageError(f"a configuration of {len(body)} bytes; at most {MAX_FORM_BYTES}")
    if not body:
        return {}
    if "json" in request.headers.get("content-type", ""):
        try:
            return msgspec.json.decode(body, type=dict[str, Any])
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise UsageError(f"the body is no JSON object: {error}") from error
    from urllib.parse import parse_qsl

    return dict(parse_qsl(body.decode(errors="replace"), max_num_fields=32))
