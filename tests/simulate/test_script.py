"""Scripts and people."""

import itertools
from collections import Counter

import numpy as np

from tinygest.simulate.everyday import EVERYDAY
from tinygest.simulate.movements import PUNCH_LABELS, PUNCHES
from tinygest.simulate.people import make_person
from tinygest.simulate.script import (
    COMBINATIONS,
    OTHER_HAND,
    Daily,
    Punches,
    everyday_script,
    training_script,
)


def punches(script):
    return Counter(
        name
        for action in script
        if isinstance(action, Punches)
        for name in action.labels
        if name != OTHER_HAND
    )


def test_labels_are_balanced():
    counts = Counter()
    for seed in range(12):
        counts += punches(training_script(seed))
    assert set(counts) == set(PUNCH_LABELS)
    assert max(counts.values()) < 1.35 * min(counts.values())
    dealt = punches([Punches(combination) for combination in COMBINATIONS])
    assert max(dealt.values()) <= 2 * min(dealt.values())


def test_a_script_holds_what_was_asked_for():
    script = training_script(1, n_singles=2, n_combinations=3, n_daily=20)
    lengths = [len(action.labels) for action in script if isinstance(action, Punches)]
    assert lengths.count(1) == 2 * len(PUNCH_LABELS)
    assert len(lengths) == 2 * len(PUNCH_LABELS) + 3
    daily = Counter(action.name for action in script if isinstance(action, Daily))
    assert set(daily) == set(EVERYDAY)
    assert sum(daily.values()) == 20


def test_everyday_script_holds_everything_but_punches():
    actions = list(itertools.islice(everyday_script(1), 1000))
    assert not punches(actions)
    assert {action.name for action in actions if isinstance(action, Daily)} == set(EVERYDAY)


def test_names_in_tables_exist():
    assert OTHER_HAND in EVERYDAY
    assert all(punch.kin in PUNCHES for punch in PUNCHES.values())
    names = {name for combination in COMBINATIONS for name in combination}
    assert names == {*PUNCH_LABELS, OTHER_HAND}


def test_people_differ_and_stay_themselves():
    first, again, other = make_person("P1", 1), make_person("P1", 1), make_person("P2", 2)
    np.testing.assert_array_equal(first.guard, again.guard)
    assert first.styles["hook"].lean == again.styles["hook"].lean
    assert first.arm_m != other.arm_m
    assert not np.allclose(first.mounting_deg, other.mounting_deg)
