"""The ring gives back what was pushed, over its wrap and after lost samples."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tinygest.signalpath import native
from tinygest.signalpath._native import ffi, lib

N_CHANNELS = 4


def filled_ring(capacity: int, samples: NDArray[np.int16], first: int = 0) -> tuple[object, object]:
    """Ring that `samples` were pushed to, the first with index `first`; and its memory."""
    rows = ffi.new("int16_t[]", capacity * N_CHANNELS)
    ring = ffi.new("tg_ring_t *")
    lib.tg_ring_init(ring, rows, capacity, N_CHANNELS)
    lib.tg_ring_skip(ring, first)
    for sample in samples:
        lib.tg_ring_push(ring, native.as_c(sample, "int16_t"))
    return ring, rows


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_copies_are_the_last_samples(data: st.DataObject) -> None:
    capacity = data.draw(st.integers(1, 20))
    n_pushed = data.draw(st.integers(1, 60))
    n_kept = min(capacity, n_pushed)
    length = data.draw(st.integers(1, n_kept))
    start = data.draw(st.integers(n_pushed - n_kept, n_pushed - length))
    first = data.draw(st.sampled_from([0, 7, 2**32 - 20]))
    samples = np.arange(n_pushed * N_CHANNELS, dtype=np.int16).reshape(-1, N_CHANNELS)
    ring, rows = filled_ring(capacity, samples, first)

    segment = ffi.new("tg_segment_t *", [(first + start) % 2**32, length])
    out = np.empty(length, np.int16)
    for channel in range(N_CHANNELS):
        lib.tg_ring_copy_channel(ring, segment, channel, native.as_c(out, "int16_t"))
        np.testing.assert_array_equal(out, samples[start : start + length, channel])
    assert rows is not None  # it had to live until here
