"""From actions to strokes: one person performs a script with one hand."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tinygest.simulate.everyday import EVERYDAY, Move
from tinygest.simulate.movements import HANGING, PUNCHES, Phase
from tinygest.simulate.people import Person, PunchStyle
from tinygest.simulate.script import OTHER_HAND, Action, Daily, Pause, Punches
from tinygest.simulate.trajectory import Impact, Pose, Stroke, Timeline

# From one repetition to the next, at ordinary steadiness.
TARGET_SPREAD = np.array([0.025, 0.025, 0.025, 5.0, 5.0, 7.0])
TEMPO_SPREAD = 0.08
LEAN_SPREAD = 0.1

TO_GUARD_S = 0.55

# As short as the lulls inside a punch; negative: before the hand is back.
COMBINATION_PAUSE_S = (-0.1, 0.15)

# Annotators mark what they can see: the first and last bit of a smooth stroke hardly moves.
UNSEEN_SHARE = 0.1

# Ringing of glove and wrist after contact, at most: metres and degrees.
IMPACT = np.array([0.004, 0.002, 0.002, 1.0, 2.0, 2.0])


@dataclass(frozen=True)
class Mark:
    """A punch that was thrown: true [start, stop) in seconds."""

    start_s: float
    stop_s: float
    label: str


class Performer:
    """Keeps where the hand is going and when it will be there; appends strokes to a timeline."""

    def __init__(self, person: Person, rng: np.random.Generator):
        self.person = person
        self.clock_s = 0.5
        self.marks: list[Mark] = []
        self._rng = rng
        self._scale = np.array([person.arm_m] * 3 + [1.0] * 3)
        self._pose = HANGING.copy()
        self.timeline = Timeline(self._pose * self._scale)

    def perform(self, action: Action) -> None:
        """Plan one action; `clock_s` is then its end."""
        if isinstance(action, Pause):
            self.clock_s += action.seconds
        elif isinstance(action, Daily):
            self._daily(action.name)
        else:
            self._punches(action)

    def take_marks(self, until_s: float) -> tuple[Mark, ...]:
        """The punches that ended by then; each is handed out once."""
        ended = tuple(mark for mark in self.marks if mark.stop_s <= until_s)
        self.marks = self.marks[len(ended) :]
        return ended

    def _punches(self, action: Punches) -> None:
        self._go_to(self.person.guard, TO_GUARD_S)
        for number, name in enumerate(action.labels):
            if number:
                self.clock_s += self._rng.uniform(*COMBINATION_PAUSE_S) / self.person.tempo
            if name == OTHER_HAND:
                self._daily(name)
            else:
                self._punch(name)

    def _punch(self, label: str) -> None:
        punch, style = PUNCHES[label], self.person.styles[label]
        kin, lean = PUNCHES[punch.kin], style.lean + self._vary(LEAN_SPREAD)
        pace = self.person.tempo * style.tempo * math.exp(self._vary(TEMPO_SPREAD))
        start_s = self.clock_s
        wind_up_s = punch.wind_up.duration_s / pace
        self._wind_up(_between(punch.wind_up.target, kin.wind_up.target, lean), wind_up_s, style)
        *arc, contact = punch.strike
        for phase in arc:
            self._strike(phase, phase.target, pace)
        self._strike(contact, _between(contact.target, kin.strike[-1].target, lean) + style.shift, pace)
        self._impact(self.person.contact * self._rng.uniform(0.6, 1.2))
        self.clock_s += self._rng.exponential(self.person.lull_s)
        return_s = punch.return_s / pace * self._rng.uniform(0.9, 1.2)
        self._return(return_s)
        stop_s = self.clock_s - UNSEEN_SHARE * return_s
        self._mark(start_s + UNSEEN_SHARE * wind_up_s, stop_s, label)

    def _wind_up(self, target: Pose, duration_s: float, style: PunchStyle) -> None:
        way = style.wind_up * self._rng.uniform(0.8, 1.2) * (target - self._pose)
        self._stroke(self._pose + way + self._jitter(0.3), duration_s)

    def _strike(self, phase: Phase, target: Pose, pace: float) -> None:
        self.clock_s += phase.after_s / pace
        reach = np.array([self.person.amplitude] * 3 + [1.0] * 3)
        way = reach * (target - self.person.guard)
        self._stroke(self.person.guard + way + self._jitter(1.0), phase.duration_s / pace, phase.rise)

    def _return(self, duration_s: float) -> None:
        """Back to guard, sinking on the way as this person does."""
        start_s = self.clock_s
        self._stroke(self.person.guard + self._jitter(0.6), duration_s)
        sag = np.array([0, 0, self.person.return_drop * self.person.arm_m, 0, 0, 0])
        self.timeline.add(Stroke(start_s, 0.6 * duration_s, -sag))
        self.timeline.add(Stroke(start_s + 0.4 * duration_s, 0.6 * duration_s, sag))

    def _mark(self, start_s: float, stop_s: float, label: str) -> None:
        """In a combination the next punch may begin before the hand is back: the mark ends there."""
        if self.marks and self.marks[-1].stop_s > start_s:
            last = self.marks[-1]
            self.marks[-1] = Mark(last.start_s, start_s, last.label)
        self.marks.append(Mark(start_s, stop_s, label))

    def _daily(self, name: str) -> None:
        daily = EVERYDAY[name]
        habit = self._rng.uniform(0.75, 1.25)
        stance = self.person.guard if daily.in_guard else daily.stance + self._jitter(2.0)
        self._go_to(stance, daily.approach_s / habit)
        for _ in range(self._rng.integers(daily.n_cycles[0], daily.n_cycles[1] + 1)):
            for move in daily.cycle:
                self._move(stance, move, habit)

    def _move(self, stance: Pose, move: Move, habit: float) -> None:
        size = self._rng.uniform(0.7, 1.2)
        pace = habit * self.person.tempo * math.exp(self._vary(TEMPO_SPREAD))
        self._stroke(stance + size * move.offset + self._jitter(0.3), move.duration_s / pace, move.rise)
        if move.bump:
            self._impact(move.bump * self._rng.uniform(0.6, 1.2))
        self.clock_s += move.pause_s * self._rng.uniform(0.5, 1.5)

    def _go_to(self, target: Pose, duration_s: float) -> None:
        """Only if it is not there already, give or take the spread of repetitions."""
        if np.any(np.abs(target - self._pose) > 4 * TARGET_SPREAD * self.person.steadiness):
            self._stroke(target + self._jitter(0.6), duration_s * self._rng.uniform(0.8, 1.3))
            self.clock_s += self._rng.uniform(0.1, 0.5)

    def _stroke(self, target: Pose, duration_s: float, rise: int = 2) -> None:
        delta = (target - self._pose) * self._scale
        self.timeline.add(Stroke(self.clock_s, duration_s, delta, rise))
        self._pose = target
        self.clock_s += duration_s

    def _impact(self, strength: float) -> None:
        sign = self._rng.choice([-1.0, 1.0], 6)
        amplitude = strength * sign * IMPACT * self._rng.uniform(0.3, 1.0, 6)
        frequency_hz, decay_s = self._rng.uniform(18.0, 32.0), self._rng.uniform(0.008, 0.02)
        self.timeline.add(Impact(self.clock_s, amplitude, frequency_hz, decay_s))

    def _vary(self, spread: float) -> float:
        return self.person.steadiness * self._rng.normal(0.0, spread)

    def _jitter(self, size: float) -> Pose:
        spread = size * self.person.steadiness * TARGET_SPREAD
        return np.asarray(spread * self._rng.standard_normal(6))


def _between(pose: Pose, other: Pose, share: float) -> Pose:
    return (1 - share) * pose + share * other
