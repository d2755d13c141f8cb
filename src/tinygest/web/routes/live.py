"""Live data over one WebSocket: text frames are JSON, binary frames samples in columns (`web.columns`).

    {"kind": "status", "boards": [...], "recording": {...}, "n_dropped": 0}     four times a second
    {"kind": "event", "address", "by", "label", "score", "start", "length"}     by: board, or gateway
    {"kind": "notice", "text", "is_problem"}

A client that is too slow loses samples, not the server its memory: what is dropped is counted and told.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

import msgspec
import numpy as np
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from tinygest.core.event import Event
from tinygest.gateway.stream import Batch
from tinygest.gateway.updates import ClassReported, Reported, Update
from tinygest.web.columns import encode_view
from tinygest.workflow.hub import Hub, Notice, Tried
from tinygest.workflow.signal_view import View

router = APIRouter(tags=["live"])

QUEUE = 256
STATUS_S = 0.25


class Viewer:
    """One open page."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._queue: asyncio.Queue[bytes | str] = asyncio.Queue(QUEUE)
        self.n_dropped = 0

    def take(self, address: str, update: Update | Tried) -> None:
        """A listener of the hub."""
        match update:
            case Batch():
                self._put(self._samples(address, update))
            case Reported():
                self._put_event(address, "board", update.event.event.label, update.event.event)
            case ClassReported():
                self._put_event(address, "board", update.label, None)
            case Tried():
                self._put_event(address, "gateway", update.event.label, update.event)

    def watch(self, notice: Notice) -> None:
        """A watcher of the hub."""
        self._put(_text({"kind": "notice", **asdict(notice)}))

    def status(self) -> str:
        boards = [asdict(board) for board in self._hub.boards()]
        recording = asdict(self._hub.recording())
        return _text(
            {"kind": "status", "boards": boards, "recording": recording, "n_dropped": self.n_dropped}
        )

    async def send_to(self, socket: WebSocket) -> None:
        """Everything, as it comes."""
        while True:
            item = await self._queue.get()
            await (socket.send_text(item) if isinstance(item, str) else socket.send_bytes(item))

    def _put(self, item: bytes | str) -> None:
        try:
            self._queue.put_nowait(item)
        except asyncio.QueueFull:
            self.n_dropped += 1

    def _put_event(self, address: str, by: str, label: int, event: Event | None) -> None:
        labels = self._labels(address, by)
        said: dict[str, Any] = {"kind": "event", "address": address, "by": by}
        said["label"] = labels[label] if label < len(labels) else str(label)
        for name in ("score", "start", "length"):
            said[name] = getattr(event, name, None)
        self._put(_text(said))

    def _labels(self, address: str, by: str) -> list[str]:
        board = self._hub.find(address)
        if board is None:
            return []
        if by == "gateway":
            return board.trial.labels if board.trial else []
        return board.labels

    def _samples(self, address: str, batch: Batch) -> bytes:
        rows = np.ascontiguousarray(batch.samples.T)
        view = View(batch.first_index, 1, rows, rows)
        return encode_view(view, address=address, missing=batch.missing, host_s=batch.host_s)


@router.websocket("/api/live")
async def live(socket: WebSocket) -> None:
    """Serve one page until it closes."""
    hub: Hub = socket.app.state.context.hub
    await socket.accept()
    viewer = Viewer(hub)
    hub.listen(viewer.take, viewer.watch)
    tasks = {
        asyncio.create_task(viewer.send_to(socket)),
        asyncio.create_task(_tell_status(viewer, socket)),
        asyncio.create_task(_wait_for_close(socket)),
    }
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            if isinstance(task.exception(), RuntimeError | WebSocketDisconnect):
                continue  # the page went away in the middle of a message
            task.result()
    finally:
        hub.unlisten(viewer.take, viewer.watch)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _tell_status(viewer: Viewer, socket: WebSocket) -> None:
    while True:
        await socket.send_text(viewer.status())
        await asyncio.sleep(STATUS_S)


async def _wait_for_close(socket: WebSocket) -> None:
    """The page sends nothing; its end is what comes."""
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()
