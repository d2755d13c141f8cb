"""Bytes of a serial port -> messages: lines, raw rows and frames share one wire."""

from __future__ import annotations

from enum import Enum

from tinygest.protocol.events import MAX_LINE
from tinygest.protocol.ssi_config import MAX_CONFIG
from tinygest.protocol.ssi_v1 import LineReader
from tinygest.protocol.ssi_v2 import SerialChannel, V2Frame, V2Reader
from tinygest.transport.inbox import Channel, Message

FRAME_CHANNELS = {
    SerialChannel.ROWS: Channel.SSI_ROWS,
    SerialChannel.SAMPLES: Channel.SAMPLES,
    SerialChannel.EVENTS: Channel.EVENTS,
    SerialChannel.CONTROL: Channel.REPLY,
}


class Wire(Enum):
    """What the board sends beside lines."""

    FRAMES = "frames"
    """Of SSI v2 or ours."""
    RAW_ROWS = "raw rows"
    """Of SSI v1, which says nothing else once it runs."""


class Demultiplexer:
    """Fed with what the port gives, in pieces of any size."""

    def __init__(self) -> None:
        self.wire = Wire.FRAMES
        self._frames = V2Reader()
        self._lines = LineReader(max(MAX_LINE, MAX_CONFIG))

    def feed(self, data: bytes, at_s: float) -> list[Message]:
        if self.wire == Wire.RAW_ROWS:
            return [Message(Channel.SSI_ROWS, data, at_s)]
        frames = [message for frame in self._frames.feed(data) if (message := _of_frame(frame, at_s))]
        lines = [message for line in self._lines.feed(data) if (message := _of_line(line, at_s))]
        return frames + lines


def _of_frame(frame: V2Frame, at_s: float) -> Message | None:
    channel = FRAME_CHANNELS.get(SerialChannel(frame.channel)) if frame.channel in FRAME_CHANNELS else None
    return Message(channel, frame.payload, at_s, frame.sequence) if channel else None


def _of_line(line: bytes, at_s: float) -> Message | None:
    """Binary data hold line ends, too: what is no JSON object is no line."""
    start = line.rfind(b"{")
    if start < 0 or not line.endswith(b"}"):
        return None
    text = line[line.find(b"{") :]
    channel = Channel.SSI_LINE if b"ModelNumber" in text else Channel.SSI_CONFIG
    return Message(channel, text, at_s)
