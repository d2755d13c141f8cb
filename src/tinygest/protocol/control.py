"""Commands to the board and its replies: the same bytes over BLE and inside serial frames."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum, IntFlag

from tinygest.core.errors import ProtocolError
from tinygest.protocol.gatt import MAX_PAYLOAD
from tinygest.protocol.info import MAX_NAME
from tinygest.protocol.words import Mode, Side, check_range

REPLY_BIT = 0x80
HEADER = struct.Struct("<BB")  # opcode, tag
REPLY_HEADER = struct.Struct("<BBBB")  # opcode | REPLY_BIT, tag, status, 0
MAX_COMMAND = 32
MAX_REPLY = 4 + 120  # the longest is info over serial


class Op(IntEnum):
    """What a command asks for."""

    START = 1
    STOP = 2
    IDENTIFY = 3
    HEARTBEAT = 4
    SET_NAME = 5
    SET_SIDE = 6
    GET_INFO = 7
    GET_HEALTH = 8
    LINK = 9
    SET_SERIAL_VERSION = 10


class Status(IntEnum):
    """How a command went."""

    OK = 0
    UNKNOWN_COMMAND = 1
    MALFORMED = 2
    NO_MODEL = 3
    PAYLOAD_TOO_SMALL = 4
    NO_IMU = 5
    RATE = 6
    STORAGE = 7
    NETWORK = 8


class StartFlag(IntFlag):
    """Ways to start."""

    RAW = 1
    """Rows at the part's own rate, not resampled."""
    LOWER_RATE = 2
    """Take the highest rate that fits the link instead of refusing."""
    WITH_SAMPLES = 4
    """Stream samples while recognising, too."""


PLAIN = StartFlag(0)


@dataclass(frozen=True)
class Command:
    """tag comes back in the reply."""

    op: int
    tag: int
    arguments: bytes = b""


@dataclass(frozen=True)
class Reply:
    """arguments: of the opcode's own layout."""

    op: int
    tag: int
    status: Status
    arguments: bytes = b""


@dataclass(frozen=True)
class Started:
    """What START brought about, also when it was refused: then rate_hz is the highest that would fit."""

    rate_hz: int
    payload: int
    """Bytes that a notification carries on this link."""
    rows_per_frame: int
    mode: Mode


STARTED = struct.Struct("<HHBB")


UPTIME = struct.Struct("<I")


def decode_uptime(arguments: bytes) -> int | None:
    """What a board answers to HEARTBEAT: milliseconds since it started; None where it tells nothing."""
    return int(UPTIME.unpack(arguments)[0]) if len(arguments) == UPTIME.size else None


def start(mode: Mode, flags: StartFlag = PLAIN, rate_hz: int = 0) -> bytes:
    """Arguments of START; rate_hz 0 leaves the rate as it is."""
    return struct.pack("<BBH", mode, flags, check_range(rate_hz, 1 << 16, "rate"))


def identify(seconds: int) -> bytes:
    """Arguments of IDENTIFY: blink so long."""
    return bytes([check_range(seconds, 256, "seconds")])


def set_name(name: str) -> bytes:
    """Arguments of SET_NAME; an empty name brings the stock name back. Raises ProtocolError."""
    data = name.encode()
    if len(data) > MAX_NAME or any(byte < 0x20 for byte in data):
        raise ProtocolError(f"a name has at most {MAX_NAME} bytes and no control characters: {name!r}")
    return data


def set_side(side: Side) -> bytes:
    """Arguments of SET_SIDE."""
    return bytes([side])


def encode_command(command: Command) -> bytes:
    """Raises ProtocolError when it is too long."""
    if not 0 < command.op < REPLY_BIT or len(command.arguments) > MAX_COMMAND - HEADER.size:
        raise ProtocolError(f"command {command.op} with {len(command.arguments)} bytes of arguments")
    return HEADER.pack(command.op, check_range(command.tag, 256, "tag")) + command.arguments


def decode_command(payload: bytes) -> Command:
    """Raises ProtocolError, nothing else."""
    if not HEADER.size <= len(payload) <= MAX_COMMAND:
        raise ProtocolError(f"command of {len(payload)} bytes")
    op, tag = HEADER.unpack_from(payload)
    if not 0 < op < REPLY_BIT:
        raise ProtocolError(f"{op} is not a command")
    return Command(op, tag, payload[HEADER.size :])


def encode_reply(reply: Reply) -> bytes:
    """Raises ProtocolError when it is too long."""
    if len(reply.arguments) > MAX_PAYLOAD - REPLY_HEADER.size:
        raise ProtocolError(f"reply with {len(reply.arguments)} bytes of arguments")
    op = check_range(reply.op, REPLY_BIT, "opcode") | REPLY_BIT
    return REPLY_HEADER.pack(op, check_range(reply.tag, 256, "tag"), reply.status, 0) + reply.arguments


def decode_reply(payload: bytes) -> Reply:
    """Raises ProtocolError, nothing else."""
    if not REPLY_HEADER.size <= len(payload) <= MAX_PAYLOAD:
        raise ProtocolError(f"reply of {len(payload)} bytes")
    op, tag, status, reserved = REPLY_HEADER.unpack_from(payload)
    if not op & REPLY_BIT or reserved:
        raise ProtocolError(f"reply with opcode {op} and reserved byte {reserved}")
    try:
        return Reply(op & ~REPLY_BIT, tag, Status(status), payload[REPLY_HEADER.size :])
    except ValueError as error:
        raise ProtocolError(f"reply: {error}") from error


def encode_started(started: Started) -> bytes:
    """Arguments of START's reply."""
    return STARTED.pack(started.rate_hz, started.payload, started.rows_per_frame, started.mode)


def decode_started(arguments: bytes) -> Started:
    """Raises ProtocolError, nothing else."""
    if len(arguments) != STARTED.size:
        raise ProtocolError(f"START was answered with {len(arguments)} bytes")
    rate_hz, payload, rows_per_frame, mode = STARTED.unpack(arguments)
    try:
        return Started(rate_hz, payload, rows_per_frame, Mode(mode))
    except ValueError as error:
        raise ProtocolError(f"START: {error}") from error
