"""Segments against segments: missed, extra, merged, split, boundary errors."""

from __future__ import annotations

import numpy as np

from tinygest.metrics import segment_quality


def spans(*pairs):
    return np.array(pairs, np.int64).reshape(-1, 2)


def test_segment_quality_of_empty_sets():
    quality = segment_quality(spans(), spans())
    assert (quality.n_missed, quality.n_extra, quality.n_merged, quality.n_split) == (0, 0, 0, 0)
    assert segment_quality(spans((0, 5)), spans()).n_missed == 1
    assert segment_quality(spans(), spans((0, 5))).n_extra == 1


def test_merged_split_and_boundary_errors():
    true = spans((0, 20), (25, 45), (100, 140), (200, 220))
    found = spans((0, 45), (100, 118), (122, 140), (202, 219))
    quality = segment_quality(true, found)
    assert quality.n_merged == 1
    assert quality.n_split == 1
    assert quality.n_matched == 1
    assert (quality.start_errors, quality.stop_errors) == ((2,), (-1,))
    assert (quality.n_missed, quality.n_extra) == (3, 3)
    assert quality.matched_found == (3,)
    assert quality.ious == (17 / 20,)
