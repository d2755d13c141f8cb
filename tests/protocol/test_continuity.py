"""Nothing that happens to a stream of frames stays unseen."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.protocol.continuity import Continuity, Step
from tinygest.protocol.samples import SampleFrame
from tinygest.protocol.words import SampleFlag

PLAIN = SampleFlag(0)


def frame(first: int, n: int = 5, ms: int = 0, flags: SampleFlag = PLAIN) -> SampleFrame:
    return SampleFrame(first % (1 << 32), ms, flags, np.zeros((n, 6), np.int16))


def test_each_thing_that_happens() -> None:
    continuity = Continuity()
    story = [
        (frame(0, flags=SampleFlag.RESTART), (Step.RESTARTED, 0)),
        (frame(5), (Step.CONTINUES, 0)),
        (frame(5), (Step.REPEATED, 0)),
        (frame(20), (Step.LOST, 10)),
        (frame(32, flags=SampleFlag.GAP), (Step.GAP, 7)),
        (frame(37, flags=SampleFlag.GAP), (Step.GAP, 0)),
        (frame(20), (Step.REPEATED, 0)),
        (frame(42), (Step.CONTINUES, 0)),
        (frame(0, ms=9, flags=SampleFlag.RESTART), (Step.RESTARTED, 0)),
        (frame(5, ms=10), (Step.CONTINUES, 0)),
        (frame(2, ms=11), (Step.RESTARTED, 0)),
    ]
    for one, outcome in story:
        assert continuity.step(one) == outcome
    assert (continuity.n_lost, continuity.n_gap) == (10, 7)
    first = frame(0, flags=SampleFlag.RESTART)
    assert continuity.step(first) == continuity.step(frame(0, ms=1, flags=SampleFlag.RESTART))
    assert continuity.step(first)[0] == Step.RESTARTED  # the same bytes, but not at once
    assert continuity.step(first)[0] == Step.REPEATED
    assert (continuity.n_repeated, continuity.n_restarts) == (15, 5)


def test_the_index_wraps() -> None:
    continuity = Continuity()
    for first in range((1 << 32) - 10, (1 << 32) + 10, 5):
        step, missing = continuity.step(frame(first))
    assert (step, missing) == (Step.CONTINUES, 0)
    assert continuity.n_restarts == 0


@given(st.lists(st.booleans(), min_size=1, max_size=50))
@settings(deadline=None, max_examples=100)
def test_received_and_lost_add_up(arrives: list[bool]) -> None:
    """Frames drop at random between a first and a last that arrive."""
    arrives = [True, *arrives, True]
    continuity = Continuity()
    for place, arrived in enumerate(arrives):
        if arrived:
            continuity.step(frame(5 * place, ms=place))
    assert continuity.n_lost == 5 * arrives.count(False)
