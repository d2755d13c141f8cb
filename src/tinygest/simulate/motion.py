"""What a perfect sensor on the glove would feel: specific force and angular rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinygest.core.units import STANDARD_GRAVITY_MS2
from tinygest.simulate.noise import SmoothNoise
from tinygest.simulate.people import Person
from tinygest.simulate.rotation import (
    Quaternions,
    conjugate,
    from_angles,
    from_vector,
    mirror,
    multiply,
    rotate,
    to_vector,
)
from tinygest.simulate.trajectory import MOTION_RATE_HZ, Poses, Timeline

# Spread of what a body does without being asked: metres and degrees, at ordinary steadiness.
SWAY = np.array([0.008, 0.008, 0.006, 1.5, 1.5, 2.0])
TREMOR = np.array([6e-5, 6e-5, 6e-5, 0.03, 0.03, 0.03])
UNSTEADY_PER_MS = np.array([3e-4, 3e-4, 3e-4, 0.3, 0.3, 0.3])
"""While moving, per metre a second: motor noise grows with effort (Harris and Wolpert 1998)."""
BOUNCE_M = 0.012
BOUNCE_HZ = 2.1


@dataclass(frozen=True)
class Motion:
    """Steps of MOTION_RATE_HZ in the sensor's axes."""

    force_g: NDArray[np.float64]  # (n, 3); +1 g upwards at rest
    rate_dps: NDArray[np.float64]  # (n, 3)
    attitude: Quaternions  # (n, 4), sensor to world


class Body:
    """Sway, tremor and unsteadiness of one person in one session; a value at any step."""

    def __init__(self, person: Person, seed: tuple[int, ...]):
        self._person = person
        self._sway = SmoothNoise((*seed, 1), 6, spacing=500)
        self._tremor = SmoothNoise((*seed, 2), 6, spacing=250)
        self._unsteady = SmoothNoise((*seed, 3), 6, spacing=40)
        self._bounce = SmoothNoise((*seed, 4), 1, spacing=2000)

    def add_to(self, poses: Poses, first: int) -> Poses:
        """poses (n, 6) that begin at step `first`, with what the body adds."""
        stop = first + len(poses)
        time_s = np.arange(first, stop)[:, None] / MOTION_RATE_HZ
        speed_ms = np.linalg.norm(np.gradient(poses[:, :3], 1 / MOTION_RATE_HZ, axis=0), axis=1)
        added = SWAY * self._sway.sample(first, stop)
        added += UNSTEADY_PER_MS * speed_ms[:, None] * self._unsteady.sample(first, stop)
        tremor = TREMOR * self._tremor.sample(first, stop)
        added += tremor * np.sin(2 * np.pi * self._person.tremor_hz * time_s)
        added *= self._person.steadiness
        bounce_m = self._person.bounce * BOUNCE_M * self._bounce.sample(first, stop)
        added[:, 2:3] += bounce_m * np.sin(2 * np.pi * BOUNCE_HZ * time_s)
        return poses + added


@dataclass(frozen=True)
class Glove:
    """How the board sits on one hand in one session."""

    left: bool
    mounting: Quaternions  # (4,), sensor to glove
    lever_m: NDArray[np.float64]  # (3,), glove axes

    def feel(self, poses: Poses) -> Motion:
        """poses (n + 2, 6) -> motion (n): one step at each end is used up by differences."""
        position, attitude = poses[:, :3], from_angles(poses[:, 3:])
        if self.left:
            position, attitude = position * np.array([1.0, -1.0, 1.0]), mirror(attitude)
        place = position + rotate(attitude, self.lever_m)
        acceleration = (place[2:] - 2 * place[1:-1] + place[:-2]) * MOTION_RATE_HZ**2
        sensor = multiply(attitude, self.mounting)
        upwards = acceleration + np.array([0.0, 0.0, STANDARD_GRAVITY_MS2])
        force = rotate(conjugate(sensor[1:-1]), upwards) / STANDARD_GRAVITY_MS2
        turn = to_vector(multiply(conjugate(sensor[:-2]), sensor[2:]))
        return Motion(force, np.rad2deg(turn) * MOTION_RATE_HZ / 2, sensor[1:-1])


def wear_glove(person: Person, side: str, rng: np.random.Generator) -> Glove:
    """The person's usual way of wearing it, a little different each session."""
    slip = rng.normal(0.0, 4.0, 3)
    return Glove(side == "left", from_vector(person.mounting_deg + slip), person.lever_m)


class Mover:
    """Motion of a timeline as this body and glove carry it out."""

    def __init__(self, timeline: Timeline, body: Body, glove: Glove):
        self._timeline = timeline
        self._body = body
        self._glove = glove

    def motion(self, first: int, stop: int) -> Motion:
        """Steps [first, stop)."""
        # Two more at each end: one for the speed in `add_to`, one for the differences in `feel`.
        poses = self._body.add_to(self._timeline.sample(first - 2, stop + 2), first - 2)
        return self._glove.feel(poses[1:-1])

    def forget_before(self, first: int) -> None:
        self._timeline.forget_before(first - 2)
