"""What hands do when they do not punch; some of it looks like a punch.

Each motion goes to a stance, then repeats a cycle of moves around it. Moves are relative to the
stance: arm lengths and degrees, as in `movements`.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinygest.simulate.movements import GUARD, HANGING, pose
from tinygest.simulate.trajectory import Pose

STILL = pose(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Move:
    """One stroke of a cycle, relative to the stance, then a pause; `bump` rings as after contact."""

    offset: Pose
    duration_s: float
    pause_s: float = 0.0
    bump: float = 0.0
    rise: int = 2


@dataclass(frozen=True)
class Everyday:
    """A stance and what is done there, `n_cycles` times."""

    stance: Pose
    cycle: tuple[Move, ...]
    n_cycles: tuple[int, int]
    approach_s: float = 0.7
    in_guard: bool = False
    """The stance follows the person's own guard."""


def _there_and_back(offset: Pose, out_s: float, back_s: float, hold_s: float = 0.0) -> tuple[Move, Move]:
    return Move(offset, out_s, hold_s), Move(STILL, back_s)


EVERYDAY: dict[str, Everyday] = {
    "stand": Everyday(HANGING, (Move(pose(0.01, 0.01, 0, 2, 2, 2), 1.5, 0.5), Move(STILL, 1.5)), (1, 3)),
    "guard": Everyday(
        GUARD, (Move(pose(0.01, 0.01, 0.01, 2, 2, 2), 0.9), Move(STILL, 0.9)), (1, 3), in_guard=True
    ),
    "walk": Everyday(
        HANGING,
        (
            Move(pose(0.28, 0.04, 0.05, 5, 28, 0), 0.5, bump=0.12),
            Move(pose(-0.18, 0, 0.03, 0, -15, 0), 0.5, bump=0.12),
        ),
        (4, 14),
    ),
    "swing arm": Everyday(
        HANGING,
        (
            Move(pose(0.75, 0.1, 0.85, 10, 85, 20), 0.45),
            Move(pose(-0.35, -0.1, 0.2, 0, -25, 0), 0.5),
        ),
        (2, 5),
    ),
    "shake out": Everyday(
        HANGING,
        (Move(pose(0.04, 0.03, 0, 10, 12, 25), 0.13), Move(pose(-0.03, -0.03, 0, -10, -10, -25), 0.13)),
        (5, 12),
    ),
    "scratch head": Everyday(
        pose(0.18, 0.22, 0.42, 60, 75, 10),
        (Move(pose(0.04, 0, 0.05, 5, 8, 5), 0.12), Move(STILL, 0.12)),
        (4, 10),
    ),
    "drink": Everyday(
        pose(0.42, 0.22, -0.05, 50, 35, 0),
        (
            Move(pose(-0.05, 0.1, 0.22, 20, 35, 25), 0.7, 0.8),
            Move(STILL, 0.8, 0.4),
        ),
        (1, 2),
    ),
    "adjust glove": Everyday(
        pose(0.45, 0.28, -0.25, 65, 15, 30),
        (
            Move(pose(-0.04, 0.02, 0.02, 8, 5, 25), 0.18, 0.1, bump=0.1),
            Move(pose(0.03, -0.02, 0, -6, 0, -20), 0.2, 0.15),
        ),
        (3, 7),
    ),
    "clap": Everyday(
        pose(0.6, 0.15, -0.05, 40, 25, 5),
        (Move(pose(0, 0.14, 0, 12, 0, 0), 0.13, bump=0.9, rise=3), Move(STILL, 0.2, 0.03)),
        (4, 9),
    ),
    "bounce": Everyday(
        GUARD,
        (Move(pose(0, 0, 0.06, 0, 3, 0), 0.22), Move(pose(0, 0, 0, 0, 0, 0), 0.2, bump=0.15)),
        (4, 12),
        in_guard=True,
    ),
    "slip": Everyday(
        GUARD,
        (
            Move(pose(0.05, 0.18, -0.1, 12, -5, 0), 0.28, 0.1),
            Move(pose(0.02, -0.12, -0.12, -12, -5, 0), 0.35, 0.1),
            Move(STILL, 0.3),
        ),
        (1, 3),
        in_guard=True,
    ),
    "other hand": Everyday(
        GUARD,
        _there_and_back(pose(-0.1, -0.14, 0.02, -25, 4, 0), 0.2, 0.3, 0.03),
        (1, 1),
        in_guard=True,
    ),
    "feint": Everyday(
        GUARD,
        (Move(pose(0.2, 0.02, 0.02, -8, -20, 25), 0.13, 0.02, rise=3), Move(STILL, 0.22)),
        (1, 2),
        in_guard=True,
    ),
    "touch gloves": Everyday(
        pose(0.55, 0.2, -0.05, 25, 25, 40),
        (Move(pose(0.35, 0.02, 0.1, -10, -18, 35), 0.36, 0.08, bump=0.3, rise=3), Move(STILL, 0.5)),
        (1, 2),
    ),
    "wipe face": Everyday(
        pose(0.25, 0.3, 0.28, 85, 60, -20),
        (Move(pose(0, -0.2, 0.03, -25, 0, -15), 0.35), Move(STILL, 0.35)),
        (1, 3),
    ),
    "push door": Everyday(
        pose(0.5, 0.1, 0.05, 10, 40, 60),
        (Move(pose(0.42, 0.02, 0.02, 0, -40, 10), 0.55, 0.3, bump=0.15), Move(STILL, 0.6)),
        (1, 1),
    ),
    "wave": Everyday(
        pose(0.3, -0.2, 0.55, -10, 80, 60),
        (Move(pose(0, 0.15, 0, 20, 0, 0), 0.28), Move(pose(0, -0.15, 0, -20, 0, 0), 0.28)),
        (2, 5),
    ),
}
