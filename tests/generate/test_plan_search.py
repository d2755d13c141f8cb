"""The exact search finds the smallest arena, and says so only when it does."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.generate import plan_search
from tinygest.generate.plan_search import Search, Span


@st.composite
def spans(draw):
    start = draw(st.integers(0, 4))
    return Span(draw(st.integers(1, 4)), start, start + draw(st.integers(1, 4)))


def in_use(buffers: list[Span], moment: int) -> int:
    return sum(span.size for span in buffers if span.start <= moment < span.stop)


def can_be_placed(buffers: list[Span], arena: int, offsets: tuple[int, ...] = ()) -> bool:
    """Every offset of every buffer is tried, one buffer after the other."""
    if len(offsets) == len(buffers):
        return True
    span = buffers[len(offsets)]
    for offset in range(arena - span.size + 1):
        is_free = all(
            other.stop <= span.start
            or span.stop <= other.start
            or offset + span.size <= at
            or at + other.size <= offset
            for other, at in zip(buffers, offsets, strict=False)
        )
        if is_free and can_be_placed(buffers, arena, (*offsets, offset)):
            return True
    return False


@settings(deadline=None, max_examples=60)
@given(st.lists(spans(), min_size=1, max_size=6))
def test_the_least_arena_is_found(buffers):
    """Beginning with the worst plan of all: one buffer on top of the other."""
    stacked = sum(span.size for span in buffers)
    bound = max(in_use(buffers, moment) for moment in range(9))
    search = Search(buffers, stacked + 1, bound)
    assert search.run()
    assert search.offsets is not None
    for (a, start_a), (b, start_b) in combinations(zip(buffers, search.offsets, strict=True), 2):
        if a.start < b.stop and b.start < a.stop:
            assert start_a + a.size <= start_b or start_b + b.size <= start_a
    assert search.best == max(
        start + span.size for span, start in zip(buffers, search.offsets, strict=True)
    )
    assert search.best == bound or not can_be_placed(buffers, search.best - 1)


def test_an_impossible_bound_is_told_apart_from_giving_up(monkeypatch):
    """Two buffers at once of 3 and 4 bytes need 7, whatever is asked for."""
    buffers = [Span(3, 0, 2), Span(4, 1, 3)]
    search = Search(buffers, best=8, bound=0)
    assert search.run()
    assert search.best == 7
    monkeypatch.setattr(plan_search, "MAX_NODES", 1)
    assert not Search(buffers, best=8, bound=0).run()
