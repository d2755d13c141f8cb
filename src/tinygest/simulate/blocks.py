"""A session as a stream of blocks: each is planned, moved and sensed when it is asked for.

A recording is all blocks of a script; a virtual board takes them one by one, for ever if the script
never ends. Both run this one loop, so they cannot differ.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinygest.simulate.imu import READ_AHEAD, Unit, sense
from tinygest.simulate.motion import Body, Mover, wear_glove
from tinygest.simulate.people import Person
from tinygest.simulate.performer import Mark, Performer
from tinygest.simulate.script import Action, Pause
from tinygest.simulate.trajectory import MOTION_RATE_HZ

BLOCK_STEPS = 8 * MOTION_RATE_HZ
LOOK_AHEAD_S = 1.0
"""A stroke may begin this much before the end of the action before it, at most."""

TAIL_S = 0.5
"""Stillness after the script, so that the resampler's delay cuts nothing off."""

_PERFORM, _BODY, _WEAR, _NOISE = 3, 4, 5, 6


@dataclass(frozen=True)
class Block:
    """Raw counts of the part (n, 6), and the punches that ended in this block."""

    raw: NDArray[np.int16]
    duration_s: float
    marks: tuple[Mark, ...]


def session_blocks(
    person: Person, script: Iterable[Action], side: str, unit: Unit, seed: int
) -> Iterator[Block]:
    """The same person, script, side and seed give the same motion, whatever the unit."""
    performer = Performer(person, np.random.default_rng((_PERFORM, seed)))
    glove = wear_glove(person, side, np.random.default_rng((_WEAR, seed)))
    mover = Mover(performer.timeline, Body(person, (_BODY, seed)), glove)
    actions = itertools.chain(script, [Pause(TAIL_S)])
    first, more = 0, True
    while more:
        stop = first + BLOCK_STEPS
        more = _perform_until(performer, actions, stop / MOTION_RATE_HZ + LOOK_AHEAD_S)
        if not more:
            stop = min(stop, round(performer.clock_s * MOTION_RATE_HZ))
            more = stop < round(performer.clock_s * MOTION_RATE_HZ)
        motion = mover.motion(first - READ_AHEAD, stop + READ_AHEAD)
        rng = np.random.default_rng((_NOISE, seed, first))
        marks = performer.take_marks(stop / MOTION_RATE_HZ)
        yield Block(sense(unit, motion, first, rng), (stop - first) / MOTION_RATE_HZ, marks)
        first = stop
        mover.forget_before(first - READ_AHEAD)


def _perform_until(performer: Performer, actions: Iterator[Action], time_s: float) -> bool:
    """Plan actions to `time_s`; False if there are no more."""
    while performer.clock_s < time_s:
        action = next(actions, None)
        if action is None:
            return False
        performer.perform(action)
    return True
