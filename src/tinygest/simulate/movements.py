"""The five punches, as a textbook would draw them.

Positions are in arm lengths from the shoulder (x forward, y inwards, z up), angles in degrees (yaw
inwards, pitch upwards, pronation from the upright fist). Chin height is z = 0.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinygest.simulate.trajectory import Pose


def pose(*row: float) -> Pose:
    """x, y, z in arm lengths, yaw, pitch, pronation in degrees: one row of the tables below."""
    return np.array(row, dtype=np.float64)


GUARD = pose(0.48, 0.12, 0.12, 30, 55, 15)
HANGING = pose(0.05, -0.08, -0.95, 0, -80, 20)


@dataclass(frozen=True)
class Phase:
    """Move to `target` in `duration_s`, beginning `after_s` after the phase before has ended.

    A negative `after_s` overlaps the two, so that the path between them is an arc.
    """

    target: Pose
    duration_s: float
    after_s: float = 0.0
    rise: int = 2


@dataclass(frozen=True)
class Punch:
    """Wind-up, one or two strokes of the strike (the last ends in contact), return to guard."""

    wind_up: Phase
    strike: tuple[Phase, ...]
    return_s: float
    kin: str
    """The punch it is most easily mixed up with: people lean towards it, more or less."""


PUNCHES: dict[str, Punch] = {
    # Straight from guard, hardly any wind-up.
    "jab": Punch(
        wind_up=Phase(pose(0.45, 0.10, 0.10, 28, 55, 15), 0.07),
        strike=(Phase(pose(0.95, 0.14, 0.18, 10, 5, 80), 0.17, rise=3),),
        return_s=0.22,
        kin="cross",
    ),
    # As straight, but the shoulder turns with it: longer, from further back, across the body.
    "cross": Punch(
        wind_up=Phase(pose(0.36, 0.00, 0.06, 20, 52, 5), 0.14),
        strike=(Phase(pose(1.12, 0.30, 0.15, 30, 0, 100), 0.21, rise=3),),
        return_s=0.26,
        kin="overhand",
    ),
    # The elbow comes up, then forearm and shoulders sweep inwards in the horizontal plane.
    "hook": Punch(
        wind_up=Phase(pose(0.42, -0.10, 0.04, 0, 30, 20), 0.14),
        strike=(
            Phase(pose(0.62, -0.08, 0.18, 15, 8, 50), 0.14, after_s=0.01),
            Phase(pose(0.64, 0.50, 0.18, 100, 3, 65), 0.17, after_s=-0.08, rise=3),
        ),
        return_s=0.27,
        kin="uppercut",
    ),
    # Down first, then up in the vertical plane with the palm turned to oneself.
    "uppercut": Punch(
        wind_up=Phase(pose(0.42, 0.04, -0.30, 12, 15, -30), 0.16),
        strike=(Phase(pose(0.68, 0.22, 0.24, 24, 76, -80), 0.19, after_s=0.01, rise=3),),
        return_s=0.25,
        kin="hook",
    ),
    # Up and over in an arc that comes down on the target.
    "overhand": Punch(
        wind_up=Phase(pose(0.36, -0.08, 0.22, 8, 60, 20), 0.15),
        strike=(
            Phase(pose(0.62, -0.02, 0.48, 12, 38, 60), 0.15, after_s=0.01),
            Phase(pose(0.96, 0.26, 0.06, 34, -22, 105), 0.17, after_s=-0.08, rise=3),
        ),
        return_s=0.28,
        kin="hook",
    ),
}

PUNCH_LABELS = tuple(PUNCHES)
