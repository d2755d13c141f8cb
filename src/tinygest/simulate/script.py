"""What a person is asked to do in a session, one action after another."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tinygest.simulate.everyday import EVERYDAY
from tinygest.simulate.movements import PUNCH_LABELS

OTHER_HAND = "other hand"

# The classic counts as one glove sees them: where the other hand strikes, this one only turns along.
COMBINATIONS: tuple[tuple[str, ...], ...] = (
    ("jab", OTHER_HAND),
    ("jab", "jab"),
    ("jab", OTHER_HAND, "hook"),
    ("jab", "cross"),
    ("jab", "cross", "hook"),
    (OTHER_HAND, "cross"),
    (OTHER_HAND, "cross", OTHER_HAND, "uppercut"),
    ("cross", "hook"),
    ("hook", "uppercut"),
    ("uppercut", "hook"),
    ("uppercut", "overhand"),
    ("hook", OTHER_HAND, "overhand"),
    ("overhand", "uppercut"),
    (OTHER_HAND, "overhand"),
)


@dataclass(frozen=True)
class Punches:
    """One punch, or several in quick succession; names of `movements` or OTHER_HAND."""

    labels: tuple[str, ...]


@dataclass(frozen=True)
class Daily:
    """One motion of `everyday`."""

    name: str


@dataclass(frozen=True)
class Pause:
    """Keep still where the hand is."""

    seconds: float


Action = Punches | Daily | Pause


def training_script(
    seed: int, n_singles: int = 6, n_combinations: int = 8, n_daily: int = 16
) -> list[Action]:
    """A round on the pads: every punch `n_singles` times, combinations, everyday motion, shuffled.

    Combinations are dealt from the list in random order, so that they come equally often.
    """
    rng = np.random.default_rng((_SCRIPT, seed))
    actions: list[Action] = [Punches((label,)) for label in PUNCH_LABELS for _ in range(n_singles)]
    actions += [Punches(COMBINATIONS[i]) for i in _deal(rng, len(COMBINATIONS), n_combinations)]
    names = tuple(EVERYDAY)
    actions += [Daily(names[i]) for i in _deal(rng, len(names), n_daily)]
    order = rng.permutation(len(actions))
    shuffled = [Pause(1.5)]
    for i in order:
        shuffled += [actions[i], Pause(rng.uniform(0.3, 1.2))]
    return [*shuffled, Pause(1.0)]


def everyday_script(seed: int) -> Iterator[Action]:
    """Everyday motion without end and without a punch."""
    rng = np.random.default_rng((_SCRIPT, seed))
    names = tuple(EVERYDAY)
    for _ in itertools.count():
        yield Daily(names[rng.integers(len(names))])
        yield Pause(rng.exponential(1.5))


_SCRIPT = 2


def _deal(rng: np.random.Generator, n_cards: int, n: int) -> list[int]:
    """n numbers below n_cards, each deck used up before the next is shuffled."""
    decks = [rng.permutation(n_cards) for _ in range(-(-n // n_cards))]
    return [int(i) for i in np.concatenate(decks)[:n]] if decks else []
