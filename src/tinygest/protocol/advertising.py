"""What is on the air before a connection: 31 bytes of advertising data and 31 of scan response."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from uuid import UUID

from tinygest.core.errors import ProtocolError
from tinygest.protocol.gatt import (
    CAPTURE_NAME,
    RECOGNITION_NAME,
    RECOGNITION_SERVICE,
    SSI_SERVICE,
)
from tinygest.protocol.words import Mode, Side, check_first_byte, first_byte

COMPANY = 0xFFFF
"""Reserved for use without an assigned number; the two letters below tell ours from others'."""
MARK = b"tg"
LAYOUT = struct.Struct("<2sBB2s")  # mark, version and mode, side, low 16 bits of the device id
FLAGS = bytes([2, 0x01, 0x06])  # general discoverable, no BR/EDR


@dataclass(frozen=True)
class Advertisement:
    """What a board says of itself; in its manufacturer data."""

    mode: Mode
    side: Side
    device_id16: int
    """Low 16 bits of the device id: tells boards of one room apart before connecting."""


def encode_manufacturer(advertisement: Advertisement) -> bytes:
    """Without the company's number."""
    return LAYOUT.pack(
        MARK,
        first_byte(advertisement.mode),
        advertisement.side,
        advertisement.device_id16.to_bytes(2, "little"),
    )


def decode_manufacturer(company: int, data: bytes) -> Advertisement | None:
    """None for what is not ours; raises ProtocolError for ours of another version or broken."""
    if company != COMPANY or not data.startswith(MARK):
        return None
    if len(data) != LAYOUT.size:
        raise ProtocolError(f"manufacturer data of {len(data)} bytes")
    _, head, side, device_id = LAYOUT.unpack(data)
    try:
        mode = Mode(check_first_byte(head, "advertisement"))
        return Advertisement(mode, Side(side), int.from_bytes(device_id, "little"))
    except ValueError as error:
        raise ProtocolError(f"advertisement: {error}") from error


def advertised_service(mode: Mode) -> str:
    """One 128-bit UUID fits: the one by which SensiML's tools find such a board."""
    return RECOGNITION_SERVICE if mode == Mode.RECOGNISE else SSI_SERVICE


def advertising_data(advertisement: Advertisement) -> bytes:
    """All 31 bytes."""
    uuid = UUID(advertised_service(advertisement.mode)).bytes[::-1]
    manufacturer = COMPANY.to_bytes(2, "little") + encode_manufacturer(advertisement)
    fields = FLAGS + bytes([17, 0x07]) + uuid
    return fields + bytes([len(manufacturer) + 1, 0xFF]) + manufacturer


def scan_response(mode: Mode, name: str) -> bytes:
    """The complete local name; `name` empty means the stock name of the mode."""
    shown = name or (RECOGNITION_NAME if mode == Mode.RECOGNISE else CAPTURE_NAME)
    data = shown.encode()
    return bytes([len(data) + 1, 0x09]) + data
