"""What the board is: 120 bytes, read once after connecting."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from tinygest.core.errors import ProtocolError
from tinygest.core.sensor import MAX_CHANNELS
from tinygest.protocol.words import Imu, Mode, Side, check_first_byte, check_length, first_byte

LAYOUT = struct.Struct("<BBBBBBBBQII32s32s20s12s")
CAN_RECOGNISE = 1
NO_MODEL = 255
MAX_NAME = 20
MAX_VERSION = 12


@dataclass(frozen=True)
class Info:
    """Ids are hexadecimal as everywhere else; model_id is empty without a model."""

    can_recognise: bool
    mode: Mode
    imu: Imu
    side: Side
    n_channels: int
    n_models: int
    model: int | None
    """Place of the model in use."""
    serial_version: int
    """Of the Simple Streaming Interface over serial, 1 or 2."""
    device_id: int
    """Of the chip, u64; never changes."""
    rate_mhz: int
    """What the board delivers, in 0.001 Hz."""
    part_rate_mhz: int
    """What the sensor is set to."""
    capture_id: str
    model_id: str
    name: str
    version: str
    """Of the firmware."""


def encode_text(text: str, size: int, what: str) -> bytes:
    """UTF-8 padded with zeros; raises ProtocolError when it is too long or holds a zero."""
    data = text.encode()
    if len(data) > size or b"\0" in data:
        raise ProtocolError(f"{what} {text!r} is longer than {size} bytes or holds a zero byte")
    return data.ljust(size, b"\0")


def decode_text(data: bytes, what: str) -> str:
    """Raises ProtocolError."""
    text, _, rest = data.partition(b"\0")
    if rest.strip(b"\0"):
        raise ProtocolError(f"{what} goes on after its end")
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise ProtocolError(f"{what} is not UTF-8") from error


def encode_info(info: Info) -> bytes:
    """Raises ProtocolError when something does not fit."""
    try:
        return LAYOUT.pack(
            first_byte(CAN_RECOGNISE if info.can_recognise else 0),
            *(info.mode, info.imu, info.side, info.n_channels, info.n_models),
            NO_MODEL if info.model is None else info.model,
            *(info.serial_version, info.device_id, info.rate_mhz, info.part_rate_mhz),
            bytes.fromhex(info.capture_id),
            bytes.fromhex(info.model_id),
            encode_text(info.name, MAX_NAME, "name"),
            encode_text(info.version, MAX_VERSION, "version"),
        )
    except (struct.error, ValueError) as error:
        raise ProtocolError(f"info: {error}") from error


def decode_info(payload: bytes) -> Info:
    """Raises ProtocolError, nothing else."""
    check_length(payload, LAYOUT.size, "info")
    head, mode, imu, side, n_channels, n_models, model, *rest = LAYOUT.unpack(payload)
    serial_version, device_id, rate_mhz, part_rate_mhz, capture_id, model_id, name, version = rest
    if not 1 <= n_channels <= MAX_CHANNELS or serial_version not in (1, 2):
        raise ProtocolError(f"info: {n_channels} channels, serial version {serial_version}")
    if model != NO_MODEL and model >= n_models:
        raise ProtocolError(f"info: model {model} of {n_models}")
    try:
        return Info(
            can_recognise=check_first_byte(head, "info") == CAN_RECOGNISE,
            mode=Mode(mode),
            imu=Imu(imu),
            side=Side(side),
            n_channels=n_channels,
            n_models=n_models,
            model=None if model == NO_MODEL else model,
            serial_version=serial_version,
            device_id=device_id,
            rate_mhz=rate_mhz,
            part_rate_mhz=part_rate_mhz,
            capture_id=capture_id.hex(),
            model_id=model_id.hex() if any(model_id) else "",
            name=decode_text(name, "name"),
            version=decode_text(version, "version"),
        )
    except ValueError as error:
        raise ProtocolError(f"info: {error}") from error
