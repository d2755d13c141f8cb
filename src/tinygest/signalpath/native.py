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
from tinygest.signalpath.input_plan import FeaturesPlan, InputPlan, WindowPlan
from tinygest.signalpath.plan import (
    ActivityPlan,
    CentrePlan,
    DecisionPlan,
    SegmentationPlan,
    SegmenterPlan,
)

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


def new_segmenter(plan: SegmenterPlan) -> tuple[CData, CData, CData]:
    """(kind, config, state), not reset."""
    kind = ffi.addressof(getattr(lib, f"tg_{plan.kind}_kind"))
    return kind, segmenter_config(plan), ffi.new(f"tg_{plan.kind}_t *")


def segmenter_config(plan: SegmenterPlan) -> CData:
    """tg_<kind>_config_t"""
    return ffi.new(f"tg_{plan.kind}_config_t *", asdict(plan))


def decision_config(plan: DecisionPlan) -> CData:
    """tg_decision_config_t"""
    fields = asdict(plan)
    del fields["centre"]
    tables = {
        "class_to_label": ffi.new("uint8_t[]", plan.class_to_label),
        "thresholds": ffi.new("uint8_t[]", plan.thresholds),
        "score_table": ffi.new("uint8_t[]", plan.score_table) if plan.score_table else ffi.NULL,
    }
    if plan.centre is not None:
        tables |= {
            "decider": ffi.addressof(lib.tg_centre_kind),
            "decider_config": centre_config(plan.centre),
        }
    config = ffi.new("tg_decision_config_t *", fields | tables)
    return _holding(config, *tables.values())


def centre_config(plan: CentrePlan) -> CData:
    """tg_centre_config_t"""
    lengths = ffi.new("uint16_t[]", plan.lengths)
    config = ffi.new("tg_centre_config_t *", [lengths, plan.offset, plan.smooth, plan.horizon])
    return _holding(config, lengths)


def new_decision(plan: DecisionPlan) -> CData:
    """tg_decision_t, reset."""
    config, state = decision_config(plan), _decider_state(plan)
    decision = ffi.new("tg_decision_t *")
    lib.tg_decision_init(decision, config, state)
    return _holding(decision, config, state)


def _decider_state(plan: DecisionPlan) -> CData:
    """tg_centre_t, or NULL where each segment is decided by itself."""
    if plan.centre is None:
        return ffi.NULL
    state = ffi.new("tg_centre_t *")
    logits = ffi.new("int8_t[]", (plan.centre.smooth + 1) * plan.n_classes)
    lib.tg_centre_init(state, logits)
    return _holding(state, logits)


def new_cuts(samples: Samples, spans: NDArray[np.int64]) -> CData:
    """glue_cuts_t of checked samples and spans."""
    cuts = ffi.new(
        "glue_cuts_t *", [as_c(samples, "int16_t"), samples.shape[1], as_c(spans, "int64_t"), len(spans)]
    )
    return _holding(cuts, samples, spans)


def new_extractor(plan: InputPlan) -> CData:
    """glue_extractor_t for segments of every length."""
    if isinstance(plan, FeaturesPlan):
        config, scratch_bytes = features_config(plan), lib.glue_features_scratch_bytes(lib.TG_MAX_CHANNELS)
    else:
        config = window_config(plan)
        scratch_bytes = lib.glue_window_scratch_bytes(plan.n_points)
    scratch = ffi.new("uint64_t[]", scratch_bytes // 8 + 1)  # for its alignment
    function = ffi.addressof(lib, f"tg_{plan.kind}_extract")
    return _holding(
        ffi.new("glue_extractor_t *", [function, config, scratch, plan.n_inputs]), config, scratch
    )


def features_config(plan: FeaturesPlan) -> CData:
    """tg_features_config_t"""
    kinds = [ffi.addressof(getattr(lib, f"tg_feature_{name}")) for name in plan.kinds]
    tables = {
        "channels": ffi.new("tg_source_t[]", [asdict(source) for source in plan.channels]),
        "kinds": ffi.new("tg_feature_kind_t *[]", kinds),
        "pairs": ffi.new("tg_pair_t[]", [asdict(pair) for pair in plan.pairs]),
        "affine": ffi.new("tg_affine_t[]", [asdict(affine) for affine in plan.affine]),
    }
    lengths = {
        "n_channels": len(plan.channels),
        "n_kinds": len(plan.kinds),
        "n_pairs": len(plan.pairs),
    }
    config = ffi.new("tg_features_config_t *", tables | lengths | {"zero_point": plan.zero_point})
    return _holding(config, *tables.values())


def window_config(plan: WindowPlan) -> CData:
    """tg_window_config_t"""
    channels = ffi.new("tg_window_channel_t[]", [asdict(channel) for channel in plan.channels])
    config = ffi.new("tg_window_config_t *", [channels, plan.n_points, len(plan.channels), plan.zero_point])
    return _holding(config, channels)


def new_resampler(n_channels: int, in_rate_uhz: int, out_rate_uhz: int) -> CData:
    """tg_resampler_t, reset; raises ContractError if the rates are too far apart."""
    resampler = ffi.new("tg_resampler_t *")
    status = lib.tg_resampler_init(resampler, n_channels, in_rate_uhz, out_rate_uhz)
    _check_rates(status, in_rate_uhz, out_rate_uhz)
    return resampler


def set_input_rate(resampler: CData, in_rate_uhz: int, out_rate_uhz: int) -> None:
    """Raises ContractError, and changes nothing, if the rates are too far apart."""
    _check_rates(lib.tg_resampler_set_rate(resampler, in_rate_uhz), in_rate_uhz, out_rate_uhz)


def _check_rates(status: int, in_rate_uhz: int, out_rate_uhz: int) -> None:
    if status != 0:
        raise ContractError(
            f"cannot resample from {in_rate_uhz / 1e6:g} Hz to {out_rate_uhz / 1e6:g} Hz: one rate is "
            f"more than {lib.TG_RESAMPLER_MAX_RATIO} times the other"
        )
