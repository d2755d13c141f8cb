"""The configuration that a gateway of SensiML's speaks over HTTP: more keys than a board's, and looser.

There `samples_per_packet` counts bytes of the gateway's buffer and `source_samples_per_packet` the rows
of the board; `sample_rate` is a text in some answers.
"""

from __future__ import annotations

import msgspec

from tinygest.core.errors import ProtocolError
from tinygest.protocol.ssi_config import SsiConfig, decode_config, encode_config

MAX_GATEWAY_CONFIG = 1 << 16


class GatewayConfig(msgspec.Struct, frozen=True):
    """Keys that are not named here are passed over."""

    sample_rate: int | float | str
    column_location: dict[str, int]
    samples_per_packet: int = 1
    source_samples_per_packet: int | None = None
    data_type: str | None = None
    device_id: str | None = None


def decode_gateway_config(text: bytes) -> SsiConfig:
    """What the rows behind it are; raises ProtocolError, nothing else."""
    if len(text) > MAX_GATEWAY_CONFIG:
        raise ProtocolError(f"configuration of {len(text)} bytes; at most {MAX_GATEWAY_CONFIG}")
    try:
        said = msgspec.json.decode(text, type=GatewayConfig)
        rate = int(float(said.sample_rate))
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
        raise ProtocolError(
            f"configuration: {error}; is a board connected to that gateway, in capture mode?"
        ) from error
    if said.data_type not in (None, "", "int16"):
        raise ProtocolError(f"configuration: rows of {said.data_type!r}; only int16 is supported")
    rows = said.source_samples_per_packet or 1
    config = SsiConfig(rate, max(1, min(rows, 1 << 16)), said.column_location)
    return decode_config(encode_config(config))  # as strict with columns and rate as with a board
