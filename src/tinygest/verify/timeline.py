"""Rows of a recording against sample indices of the device, which counts missing samples too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tinygest.core.recording import Gap

INDEX_WRAP = 1 << 32


@dataclass(frozen=True)
class Timeline:
    """gaps: of one recording with n_rows rows."""

    gaps: Sequence[Gap]
    n_rows: int

    def index_of(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Stream index of each row; it wraps at 2^32 as on the device."""
        at = np.array([gap.at for gap in self.gaps], np.int64)
        missing = np.concatenate([[0], np.cumsum([gap.n_missing for gap in self.gaps], dtype=np.int64)])
        indices: NDArray[np.int64] = rows + missing[np.searchsorted(at, rows, side="right")]
        indices %= INDEX_WRAP
        return indices

    def row_of(self, index: int) -> int | None:
        """Row with this stream index; None where it is missing or beyond the end."""
        n_missing = 0
        for gap in self.gaps:
            if index < gap.at + n_missing:
                break
            n_missing += gap.n_missing
            if index < gap.at + n_missing:
                return None
        row = index - n_missing
        return row if 0 <= row < self.n_rows else None
