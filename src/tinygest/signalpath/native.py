"""C structs of the signal path, filled from a plan, with the memory that they point to.

A cffi object lives as long as Python refers to it, but a pointer inside a struct is no reference:
`_holding` ties what a struct points to to the struct's own life.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import ContractError
from tinygest.core.recording import Gap, Samples
from tinygest.signalpath._native import ffi, lib
from tinygest.signalpath.plan import ActivityPlan, DecisionPlan, SegmentationPlan, SegmenterPlan

CData = Any
"""A cffi pointer or array."""


_HELD: WeakKeyDictionary[Any, tuple[Any, ...]] = WeakKeyDictionary()


def _holding(struct: CData, *parts: Any) -> CData:
    """The same struct; `parts` live as long as it does."""
    _HELD[struct] = parts
    return struct


def as_c(array: NDArray[Any], c_type: str) -> CData:
    """Pointer to the array's own memory, which must be C-contiguous and of the C type's size."""
    return ffi.from_buffer(f"{c_type}[]", array)


def check_samples(samples: Samples, n_channels: int) -> Samples:
    """Return int16 (n, n_channels) in one piece of memory; raises ContractError for any other shape."""
    if samples.dtype != np.int16 or samples.ndim != 2 or samples.shape[1] != n_channels:
        raise ContractError(
            f"samples are {samples.dtype} {samples.shape}; this sensor gives int16 (n, {n_channels})"
        )
    return np.ascontiguousarray(samples)


def gap_rows(gaps: Sequence[Gap], n_rows: int) -> NDArray[np.uint32]:
    """Rows before which the path restarts; raises ContractError if unsorted or outside."""
    rows = [gap.at for gap in gaps]
    if rows and any(a >= b for a, b in pairwise([0, *rows, n_rows])):
        raise ContractError(f"gaps are out of order or outside the {n_rows} samples")
    return np.array(rows, np.uint32)


def new_stream(samples: Samples, gaps: NDArray[np.uint32]) -> CData:
    """glue_stream_t at the first row. `samples` come from `check_samples`."""
    stream = ffi.new(
        "glue_stream_t *",
        {
            "samples": as_c(samples, "int16_t"),
            "n_rows": len(samples),
            "gaps": as_c(gaps, "uint32_t"),
            "n_gaps": len(gaps),
        },
    )
    return _holding(stream, samples, gaps)


def new_activity(plan: ActivityPlan) -> CData:
    """tg_activity_t, reset."""
    config = ffi.new("tg_activity_config_t *", asdict(plan))
    motion = ffi.new("uint16_t[]", plan.smooth_length)
    activity = ffi.new("tg_activity_t *")
    lib.tg_activity_init(activity, config, motion)
    return _holding(activity, config, motion)


def new_path(plan: SegmentationPlan) -> CData:
    """tg_path_t, reset."""
    config = path_config(plan)
    rows = ffi.new("int16_t[]", plan.ring_capacity * plan.activity.n_channels)
    motion = ffi.new("uint16_t[]", plan.activity.smooth_length)
    state = ffi.new(f"tg_{plan.segmenter.kind}_t *")
    memory = ffi.new("tg_path_memory_t *", [rows, motion, state])
    path = ffi.new("tg_path_t *")
    lib.tg_path_init(path, config, memory)
    return _holding(path, config, rows, motion, state)


def path_config(plan: SegmentationPlan) -> CData:
    """tg_path_config_t"""
    segmenter = segmenter_config(plan.segmenter)
    config = ffi.new(
        "tg_path_config_t *",
        {
            "ring_capacity": plan.ring_capacity,
            "activity": asdict(plan.activity),
            "segmenter": ffi.addressof(getattr(lib, f"tg_{plan.segmenter.kind}_kind")),
            "segmenter_config": segmenter,
        },
    )
    return _holding(config, segmenter)


def segmenter_config(plan: SegmenterPlan) -> CData:
    """tg_<kind>_config_t"""
    return ffi.new(f"tg_{plan.kind}_config_t *", asdict(plan))


def decision_config(plan: DecisionPlan) -> CData:
    """tg_decision_config_t"""
    tables = {
        "class_to_label": ffi.new("uint8_t[]", plan.class_to_label),
        "thresholds": ffi.new("uint8_t[]", plan.thresholds),
        "score_table": ffi.new("uint8_t[]", plan.score_table) if plan.score_table else ffi.NULL,
    }
    config = ffi.new("tg_decision_config_t *", asdict(plan) | tables)
    return _holding(config, *tables.values())


def new_decision(plan: DecisionPlan) -> CData:
    """tg_decision_t, reset."""
    config = decision_config(plan)
    decision = ffi.new("tg_decision_t *")
    lib.tg_decision_init(decision, config)
    return _holding(decision, config)
