"""Numbers that several messages share."""

from __future__ import annotations

from enum import IntEnum, IntFlag

from tinygest.core.errors import ProtocolError

VERSION = 1
"""In the high half of the first byte of samples, events, health and info."""


class Mode(IntEnum):
    """What the board does."""

    IDLE = 0
    CAPTURE = 1
    RECOGNISE = 2


class Side(IntEnum):
    """Where the board is worn."""

    NONE = 0
    LEFT = 1
    RIGHT = 2


class Imu(IntEnum):
    """The motion sensor that the board found."""

    NONE = 0
    LSM9DS1 = 1
    BMI270 = 2


class SampleFlag(IntFlag):
    """Low half of the first byte of a sample frame."""

    RAW = 1
    """Rows come at the part's own rate."""
    RESTART = 2
    """First frame of a stream: its index starts at 0 again."""
    GAP = 4
    """Samples were lost on the board just before this frame; the index counts those it knows of."""


class Fault(IntFlag):
    """What the board cannot do, in health."""

    NO_IMU = 1
    IMU_CONFIGURATION = 2
    """The sensor is there and did not take its configuration."""
    NETWORK = 4
    """The model's network could not run."""
    PAYLOAD_TOO_SMALL = 8
    """The link's MTU is too small for the rate that was asked for."""
    STORAGE = 16
    """Name and side could not be kept."""
    MODEL_RATE = 32
    """The model needs a rate that the sensor cannot deliver."""


class ResetCause(IntEnum):
    """Why the board started."""

    POWER = 0
    WATCHDOG = 1
    SOFTWARE = 2
    PIN = 3
    OTHER = 4


def first_byte(flags: int = 0) -> int:
    return VERSION << 4 | flags


def check_first_byte(byte: int, what: str) -> int:
    """The flags; raises ProtocolError when the version is another."""
    if byte >> 4 != VERSION:
        raise ProtocolError(
            f"{what} of protocol version {byte >> 4}, this is {VERSION}; flash the board again"
        )
    return byte & 0x0F


def check_length(payload: bytes, length: int, what: str) -> None:
    """Raises ProtocolError."""
    if len(payload) != length:
        raise ProtocolError(f"{what} of {len(payload)} bytes instead of {length}")


def check_range(value: int, stop: int, what: str) -> int:
    """value if 0 <= value < stop; raises ProtocolError."""
    if not 0 <= value < stop:
        raise ProtocolError(f"{what} {value} is not between 0 and {stop - 1}")
    return value
