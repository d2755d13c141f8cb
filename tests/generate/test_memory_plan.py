"""No two live buffers share a byte, and chains need no more than their largest pair."""

from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.generate.memory_plan import ALIGNMENT, Lifetime, plan_memory


@st.composite
def lifetimes(draw):
    first = draw(st.integers(0, 12))
    return Lifetime(draw(st.integers(1, 300)), first, first + draw(st.integers(0, 6)))


@given(st.lists(lifetimes(), max_size=14))
def test_live_buffers_never_overlap(buffers):
    plan = plan_memory(buffers)
    for (a, start_a), (b, start_b) in combinations(zip(buffers, plan.offsets, strict=True), 2):
        if a.overlaps(b):
            assert start_a + a.size <= start_b or start_b + b.size <= start_a
    for buffer, offset in zip(buffers, plan.offsets, strict=True):
        assert offset % ALIGNMENT == 0
        assert 0 <= offset <= plan.arena_bytes - buffer.size


@given(st.lists(st.integers(1, 300), min_size=2, max_size=14))
def test_a_chain_needs_its_largest_pair(sizes):
    buffers = [Lifetime(size, step - 1, step) for step, size in enumerate(sizes)]
    aligned = [-(-size // ALIGNMENT) * ALIGNMENT for size in sizes]
    assert plan_memory(buffers).arena_bytes == max(a + b for a, b in pairwise(aligned))


def test_a_chain_that_defeats_greedy_placement():
    """Largest first would put 5, 5 at the bottom, 4 above, and 3 above that: 12."""
    sizes = [5, 3, 4, 5]
    buffers = [Lifetime(size, step - 1, step) for step, size in enumerate(sizes)]
    assert plan_memory(buffers, alignment=1).arena_bytes == 9


def test_three_at_once_are_stacked():
    buffers = [Lifetime(8, 0, 2), Lifetime(16, 1, 3), Lifetime(4, 1, 1)]
    assert plan_memory(buffers).arena_bytes == 28


def test_nothing_needs_nothing():
    assert plan_memory([]).arena_bytes == 0


def test_a_plan_says_how_it_stands_to_the_bound():
    buffers = [Lifetime(5, 0, 1), Lifetime(3, 0, 3), Lifetime(4, 1, 3), Lifetime(5, 2, 4)]
    plan = plan_memory(buffers, alignment=1)
    assert (plan.arena_bytes, plan.bound, plan.is_least) == (12, 12, True)


@settings(deadline=None)
@given(st.lists(lifetimes(), max_size=9))
def test_no_plan_is_below_its_bound(buffers):
    plan = plan_memory(buffers, alignment=1)
    in_use = [sum(b.size for b in buffers if b.first <= step <= b.last) for step in range(20)]
    assert plan.bound == max(in_use)
    assert plan.arena_bytes >= plan.bound
    assert plan.is_least or plan.arena_bytes > plan.bound
