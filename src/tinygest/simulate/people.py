"""A simulated person: a body, a way of boxing and a way of wearing the board."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinygest.simulate.movements import GUARD, PUNCHES
from tinygest.simulate.trajectory import Pose

_PERSON = 1  # keeps these random numbers apart from those of sessions and parts


@dataclass(frozen=True)
class PunchStyle:
    """How one person differs from the textbook in one punch."""

    wind_up: float
    """Share of the textbook's wind-up."""
    tempo: float
    """Durations are divided by it."""
    lean: float
    """How far wind-up and contact lie towards the punch's kin: 0 textbook, 1 the other punch."""
    shift: Pose
    """Added to the pose at contact: arm lengths and degrees."""


@dataclass(frozen=True)
class Person:
    """All that stays the same from one punch to the next."""

    name: str
    arm_m: float
    """Shoulder to fist."""
    tempo: float
    amplitude: float
    """Share of the textbook's reach."""
    steadiness: float
    """Spread between repetitions and unsteadiness while moving; 1 is ordinary."""
    guard: Pose
    """Arm lengths from the shoulder, degrees."""
    return_drop: float
    """How far the hand sinks on its way back, in arm lengths."""
    contact: float
    """How hard the glove rings when a strike lands; 0 is a punch into the air."""
    lull_s: float
    """Typical rest at the far end of a punch."""
    bounce: float
    """Bounces on the feet; 0 stands still."""
    tremor_hz: float
    mounting_deg: NDArray[np.float64]
    """How the board sits on this person's glove: axis times angle (3,)."""
    lever_m: NDArray[np.float64]
    """From the fist's centre to the board, in glove axes (3,)."""
    styles: dict[str, PunchStyle]


def make_person(name: str, seed: int) -> Person:
    """The person that belongs to this seed."""
    rng = np.random.default_rng((_PERSON, seed))
    guard_spread = np.array([0.05, 0.05, 0.05, 10.0, 10.0, 15.0])
    return Person(
        name=name,
        arm_m=rng.uniform(0.62, 0.78),
        tempo=rng.uniform(0.85, 1.2),
        amplitude=rng.uniform(0.85, 1.1),
        steadiness=rng.uniform(0.7, 1.4),
        guard=GUARD + guard_spread * rng.uniform(-1.5, 1.5, 6),
        return_drop=rng.uniform(0.0, 0.18),
        contact=rng.uniform(0.2, 1.0),
        lull_s=rng.uniform(0.01, 0.08),
        bounce=max(0.0, rng.uniform(-0.5, 1.0)),
        tremor_hz=rng.uniform(8.0, 12.0),
        mounting_deg=rng.normal(0.0, 10.0, 3),
        lever_m=np.array([-0.05, 0.0, 0.03]) + rng.normal(0.0, 0.01, 3),
        styles={label: _style(rng) for label in PUNCHES},
    )


def _style(rng: np.random.Generator) -> PunchStyle:
    spread = np.array([0.04, 0.05, 0.05, 9.0, 9.0, 16.0])
    return PunchStyle(
        wind_up=rng.uniform(0.4, 1.4),
        tempo=rng.uniform(0.9, 1.1),
        lean=rng.uniform(0.0, 0.35),
        shift=spread * rng.uniform(-1.5, 1.5, 6),
    )
