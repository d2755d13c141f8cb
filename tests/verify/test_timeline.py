import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.recording import Gap
from tinygest.verify.timeline import Timeline


def test_gaps_move_later_rows():
    timeline = Timeline((Gap(3, 10), Gap(5, 0), Gap(6, 2)), 8)
    np.testing.assert_array_equal(timeline.index_of(np.arange(8)), [0, 1, 2, 13, 14, 15, 18, 19])
    assert [timeline.row_of(index) for index in (2, 3, 12, 13, 15, 16, 17, 18, 19, 20)] == [
        2, None, None, 3, 5, None, None, 6, 7, None,
    ]  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(st.integers(1, 49), st.integers(0, 20), max_size=10))
def test_row_of_undoes_index_of(gaps):
    timeline = Timeline([Gap(at, n) for at, n in sorted(gaps.items())], 50)
    indices = timeline.index_of(np.arange(50))
    assert [timeline.row_of(int(index)) for index in indices] == list(range(50))
    missing = set(range(int(indices[-1]) + 1)) - set(indices.tolist())
    assert len(missing) == sum(gaps.values())
    assert all(timeline.row_of(index) is None for index in missing)


def test_indices_wrap_as_on_the_device():
    timeline = Timeline((Gap(2, 2**32 - 3),), 4)
    np.testing.assert_array_equal(timeline.index_of(np.arange(4)), [0, 1, 2**32 - 1, 0])
