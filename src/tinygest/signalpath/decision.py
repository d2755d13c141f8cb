"""From logits to labels and events, by the C code that runs on the device."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import ModelContract
from tinygest.core.errors import ContractError
from tinygest.core.event import Event
from tinygest.core.recording import Gap
from tinygest.signalpath import native
from tinygest.signalpath._native import lib
from tinygest.signalpath.path import SEGMENT
from tinygest.signalpath.plan import MAX_SEGMENT, plan_decision

EVENT = np.dtype([(name, np.uint32) for name in ("start", "length", "decided_at", "label", "score")])
"""glue_event_t"""

VERDICT = np.dtype([("label", np.uint8), ("score", np.uint8)])
"""tg_verdict_t"""


class Verdicts(NamedTuple):
    """What each segment would be called, whatever came before it."""

    labels: NDArray[np.uint8]
    """(k,): indices into the contract's labels; 0 is unknown"""
    scores: NDArray[np.uint8]
    """(k,)"""


def judge(logits: NDArray[np.int8], contract: ModelContract) -> Verdicts:
    """Score and threshold only, no refractory time and no agreement.

    logits: int8 (k, n_classes). Raises ContractError.
    """
    config = native.decision_config(plan_decision(contract))
    logits = _check_logits(logits, len(contract.classes))
    out = np.empty(len(logits), VERDICT)
    lib.glue_judge(config, native.as_c(logits, "int8_t"), len(logits), native.as_c(out, "tg_verdict_t"))
    return Verdicts(out["label"].copy(), out["score"].copy())


def decide(
    logits: NDArray[np.int8],
    spans: NDArray[np.int64],
    contract: ModelContract,
    decided_at: NDArray[np.int64],
    gaps: Sequence[Gap] = (),
    *,
    n_rows: int = 0,
) -> list[Event]:
    """Run the streaming decision over the segments of one recording.

    logits: int8 (k, n_classes); spans: (k, 2) and decided_at: (k,) as `find_segments` gives them;
    gaps: the recording's, at which refractory time and earlier decisions are forgotten;
    n_rows: of the recording, after which a centre detector tells what it held back; 0: more will come.
    Raises ContractError for shapes that do not fit and segments out of order.
    """
    logits = _check_logits(logits, len(contract.classes))
    segments = _segments(spans, decided_at, len(logits))
    gap_rows = np.array([gap.at for gap in gaps], np.uint32)
    out = np.empty(len(segments) + 1, EVENT)
    n_events = lib.glue_decide(
        native.new_decision(plan_decision(contract)),
        native.as_c(segments, "glue_segment_t"),
        len(segments),
        native.as_c(logits, "int8_t"),
        native.as_c(gap_rows, "uint32_t"),
        len(gap_rows),
        n_rows,
        native.as_c(out, "glue_event_t"),
    )
    return [_event(row) for row in out[:n_events]]


def _check_logits(logits: NDArray[np.int8], n_classes: int) -> NDArray[np.int8]:
    if logits.dtype != np.int8 or logits.ndim != 2 or logits.shape[1] != n_classes:
        raise ContractError(
            f"logits are {logits.dtype} {logits.shape}; this model gives int8 (n, {n_classes})"
        )
    return np.ascontiguousarray(logits)


def _segments(spans: NDArray[np.int64], decided_at: NDArray[np.int64], n: int) -> NDArray[np.void]:
    """As glue_segment_t; raises ContractError for what the C side could not represent."""
    spans, decided_at = np.asarray(spans, np.int64), np.asarray(decided_at, np.int64)
    if spans.shape != (n, 2) or decided_at.shape != (n,):
        raise ContractError(f"{n} rows of logits for spans {spans.shape}, decided at {decided_at.shape}")
    start, length = spans[:, 0], spans[:, 1] - spans[:, 0]
    if n and not (length.min() >= 1 and length.max() <= MAX_SEGMENT):
        raise ContractError(
            f"a segment is 1 to {MAX_SEGMENT} samples, not {length.min()} to {length.max()}"
        )
    if n and not (start[0] >= 0 and (np.diff(start) >= 0).all() and (np.diff(decided_at) >= 0).all()):
        raise ContractError("segments are not in the order in which they were found")
    segments = np.empty(n, SEGMENT)
    segments["start"], segments["length"], segments["emitted_at"] = start, length, decided_at
    return segments


def _event(row: np.void) -> Event:
    return Event(**{name: int(row[name]) for name in EVENT.names or ()})
