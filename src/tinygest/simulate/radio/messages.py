"""What the board's process and the radio say to each other; the layouts are in docs/virtual-board.md."""

from __future__ import annotations

import struct
from enum import IntEnum

HEADER = struct.Struct("<BI")


class FromBoard(IntEnum):
    HELLO = 0x01
    TABLE = 0x02
    ADVERTISE = 0x03
    STOP_ADVERTISE = 0x04
    VALUE = 0x05
    NOTIFY = 0x06
    DISCONNECT = 0x07
    PARAMETERS = 0x08
    LEDS = 0x09
    SERIAL_PATH = 0x0A
    FEED_DONE = 0x0B
    SAMPLING = 0x0C
    FEED_BEGAN = 0x0D


class ToBoard(IntEnum):
    CONNECTED = 0x81
    MTU = 0x82
    DISCONNECTED = 0x83
    WRITE = 0x84
    SUBSCRIBE = 0x85
    CREDIT = 0x86
    RSSI = 0x87
    FEED_ROWS = 0x90
    FEED_START = 0x91
    FEED_END = 0x92
    FAULT = 0x93
    SHUTDOWN = 0x94
    FEED_CLEAR = 0x95


class BoardFault(IntEnum):
    """What goes wrong inside the board; the argument's unit beside it."""

    STALL = 1  # milliseconds
    REBOOT = 2
    OVERRUN = 3  # rows that the sensor makes at once
    BUS_FAILURE = 4  # I2C transactions without answer
    HANG = 5


def encode(kind: ToBoard, payload: bytes = b"") -> bytes:
    return HEADER.pack(kind, len(payload)) + payload


class MessageReader:
    """Cuts the board's output into messages, however it arrives."""

    def __init__(self) -> None:
        self._inbox = bytearray()

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """(kind, payload) of every message that is complete now."""
        self._inbox += data
        messages = []
        at = 0
        while len(self._inbox) - at >= HEADER.size:
            kind, size = HEADER.unpack_from(self._inbox, at)
            if len(self._inbox) - at - HEADER.size < size:
                break
            at += HEADER.size
            messages.append((kind, bytes(self._inbox[at : at + size])))
            at += size
        del self._inbox[:at]
        return messages
