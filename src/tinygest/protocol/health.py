"""How the board is: 32 bytes, read at any time, notified once a second where they fit."""

from __future__ import annotations

import struct
from dataclasses import astuple, dataclass

from tinygest.core.errors import ProtocolError
from tinygest.protocol.words import (
    Fault,
    Imu,
    Mode,
    ResetCause,
    check_first_byte,
    check_length,
    first_byte,
)

LAYOUT = struct.Struct("<BBBBIIIHHHHHHbBH")


@dataclass(frozen=True)
class Health:
    """Counters run since the board started and stay at their largest value when they get there."""

    mode: Mode
    imu: Imu
    faults: Fault
    uptime_ms: int
    n_samples: int
    """Index of the stream's next sample."""
    n_lost: int
    """Samples that were lost on the board."""
    n_overruns: int
    """How often the sensor's FIFO overflowed."""
    n_link_losses: int
    """Links that ended without the central saying so: silence, supervision timeout."""
    inference_10us: int
    """Longest inference since the last report, in units of 10 microseconds."""
    free_stack: int
    """Bytes that the stack never used."""
    rest: int
    """|acceleration| when last at rest, in counts: 2048 is right."""
    part_rate_dhz: int
    """The sensor's own rate by the board's clock, in 0.1 Hz."""
    rssi_dbm: int
    """0 when not known."""
    reset_cause: ResetCause
    longest_loop_ms: int
    """Since the last report."""


def encode_health(health: Health) -> bytes:
    """Raises ProtocolError when a number does not fit."""
    try:
        return LAYOUT.pack(first_byte(), *(int(value) for value in astuple(health)))
    except struct.error as error:
        raise ProtocolError(f"health: {error}") from error


def decode_health(payload: bytes) -> Health:
    """Raises ProtocolError, nothing else. Faults that this version does not know are kept as bits."""
    check_length(payload, LAYOUT.size, "health")
    head, mode, imu, faults, *numbers = LAYOUT.unpack(payload)
    if check_first_byte(head, "health"):
        raise ProtocolError("health with flags that this version does not know")
    uptime_ms, n_samples, n_lost, n_overruns, n_link_losses, inference_10us, *rest = numbers
    free_stack, at_rest, part_rate_dhz, rssi_dbm, reset_cause, longest_loop_ms = rest
    try:
        return Health(
            mode=Mode(mode),
            imu=Imu(imu),
            faults=Fault(faults),
            uptime_ms=uptime_ms,
            n_samples=n_samples,
            n_lost=n_lost,
            n_overruns=n_overruns,
            n_link_losses=n_link_losses,
            inference_10us=inference_10us,
            free_stack=free_stack,
            rest=at_rest,
            part_rate_dhz=part_rate_dhz,
            rssi_dbm=rssi_dbm,
            reset_cause=ResetCause(reset_cause),
            longest_loop_ms=longest_loop_ms,
        )
    except ValueError as error:
        raise ProtocolError(f"health: {error}") from error
