"""The JSON with which a board of SensiML's Simple Streaming Interface describes itself."""

from __future__ import annotations

from typing import Literal

import msgspec

from tinygest.core.errors import ProtocolError
from tinygest.core.sensor import MAX_RATE_HZ

MAX_CONFIG = 512  # what an ATT value holds
MAX_COLUMNS = 64  # foreign boards may have more channels than ours
ROW_BYTES = {"int16": 2, "float": 4}

COLUMN_NAMES = {
    "ax": "AccelerometerX",
    "ay": "AccelerometerY",
    "az": "AccelerometerZ",
    "gx": "GyroscopeX",
    "gy": "GyroscopeY",
    "gz": "GyroscopeZ",
}
"""Our channels in SensiML's words."""


class SsiConfig(msgspec.Struct, frozen=True):
    """Keys that are not named here are passed over. Neither unit nor scale is ever told."""

    sample_rate: int
    samples_per_packet: int
    column_location: dict[str, int]
    version: Literal[1, 2] = 1
    data_type: Literal["int16", "float"] = "int16"
    device_name: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names in the order of the row."""
        return tuple(sorted(self.column_location, key=self.column_location.__getitem__))

    @property
    def row_bytes(self) -> int:
        return len(self.column_location) * ROW_BYTES[self.data_type]


def encode_config(config: SsiConfig) -> bytes:
    """As our boards send it; data_type and device_name only where they say something."""
    value: dict[str, object] = {
        "sample_rate": config.sample_rate,
        "version": config.version,
        "samples_per_packet": config.samples_per_packet,
        "column_location": config.column_location,
    }
    if config.data_type != "int16":
        value["data_type"] = config.data_type
    if config.device_name:
        value["device_name"] = config.device_name
    return msgspec.json.encode(value)


def decode_config(text: bytes) -> SsiConfig:
    """A characteristic's value, padded with zeros or not, or a line. Raises ProtocolError, nothing else."""
    if len(text) > MAX_CONFIG:
        raise ProtocolError(f"configuration of {len(text)} bytes; at most {MAX_CONFIG}")
    try:
        config = msgspec.json.decode(text.rstrip(b"\0\r\n "), type=SsiConfig)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProtocolError(f"configuration: {error}") from error
    places = sorted(config.column_location.values())
    if not 1 <= len(places) <= MAX_COLUMNS or places != list(range(len(places))):
        raise ProtocolError(f"configuration: columns are at {places}, not 0, 1, 2, ...")
    if not 1 <= config.sample_rate <= MAX_RATE_HZ * 50 or not 1 <= config.samples_per_packet <= 1 << 16:
        raise ProtocolError(
            f"configuration: {config.sample_rate} Hz in packets of {config.samples_per_packet}"
        )
    return config
