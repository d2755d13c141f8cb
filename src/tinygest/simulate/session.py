"""A simulated session as a recording with labels, the way a board would have delivered it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import UsageError
from tinygest.simulate.blocks import session_blocks
from tinygest.simulate.driver import canonical_counts
from tinygest.simulate.imu import Unit, draw_unit, find_board
from tinygest.simulate.people import Person
from tinygest.simulate.performer import Mark
from tinygest.simulate.script import Action

SIDES = ("left", "right")
_UNIT = 7


@dataclass(frozen=True)
class RawSession:
    """What the driver reads from the part, in canonical counts but at the part's own rate."""

    counts: NDArray[np.int16]  # (n, 6)
    rate_hz: float
    """The unit's true rate."""
    duration_s: float
    marks: tuple[Mark, ...]


def simulate_raw(
    person: Person, script: Iterable[Action], board: str, seed: int, side: str = "right"
) -> RawSession:
    """Perform a finite script; the same seed gives the same motion on every board."""
    if side not in SIDES:
        raise UsageError(f"side {side!r} is not known; use one of {', '.join(SIDES)}")
    unit = session_unit(board, seed)
    blocks = list(session_blocks(person, script, side, unit, seed))
    return RawSession(
        counts=canonical_counts(unit.part, np.concatenate([block.raw for block in blocks])),
        rate_hz=unit.rate_hz,
        duration_s=sum(block.duration_s for block in blocks),
        marks=tuple(mark for block in blocks for mark in block.marks),
    )


def session_unit(board: str, seed: int) -> Unit:
    """The piece of hardware that is worn in the session of this seed; raises UsageError."""
    return draw_unit(find_board(board), np.random.default_rng((_UNIT, seed)))
