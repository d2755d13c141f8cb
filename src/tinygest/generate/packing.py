"""Constants of the fast kernels in the order in which these read them.

Outputs are computed in blocks of two or four. Of each block the weights lie in groups of four inputs, so
that one load brings four weights of each output of the block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tinygest.generate.arithmetic import INT8_MIN, Multiplier
from tinygest.generate.layer import Member, Records

Integers = npt.NDArray[np.int64]

GROUP = 4  # int8 in a word
BIAS = "less the input's zero point times the sum of the weights"
SCALES = {
    "tg_scale_t": "from sum to output: multiplier, shift",
    "tg_relu_scale_t": "from sum to output: multiplier, shift, offset",
}


@dataclass(frozen=True, eq=False)
class Scales:
    """Values of tg_scale_t or tg_relu_scale_t: (n_outputs, 2 or 3)."""

    c_type: str
    values: Integers


def dense_records(
    name: str, weights: Integers, bias: Integers, scales: Scales | None, n_block: int
) -> Records:
    """Blocks of tg_conv_1d_t (n_block = 2) or tg_quads_t (4). weights: (n_outputs, n_inputs).

    scales: of each output, or None where the kernel has one for all of them.
    """
    groups = _Groups(weights.shape[1])
    grouped = np.where(groups.is_new, weights[:, groups.index], 0)  # (n_outputs, n_groups, 4)
    starts = block_starts(len(weights), n_block)
    blocks = [grouped[start : start + n_block].swapaxes(0, 1) for start in starts]
    members = [
        Member("bias", "int32_t", _blocks(bias, starts, n_block), BIAS),
        Member("weights", "int8_t", np.stack(blocks), f"[group of {GROUP} inputs, output, input]"),
    ]
    if scales is not None:
        members.append(_member(scales, starts, n_block))
    return Records(name, tuple(members), starts)


def depthwise_records(name: str, weights: Integers, bias: Integers, scales: Scales) -> Records:
    """Blocks of tg_depthwise_quads_t. weights: (n_taps, n_channels)."""
    starts = block_starts(weights.shape[1], 4)
    even_odd = [0, 2, 1, 3]  # the kernel widens bytes 0 and 2 of a word, then 1 and 3
    blocks = [weights[:, [start + i for i in even_odd]] for start in starts]
    members = (
        Member("bias", "int32_t", _blocks(bias, starts, 4), BIAS),
        Member("weights", "int16_t", np.stack(blocks), "[tap, channel 0, 2, 1, 3]"),
        _member(scales, starts, 4),
    )
    return Records(name, members, starts)


def block_starts(n_outputs: int, n_block: int) -> tuple[int, ...]:
    """The first output of each block; the last block ends with the last output and may overlap."""
    return tuple(min(start, n_outputs - n_block) for start in range(0, n_outputs, n_block))


class _Groups:
    """Which inputs each group holds, and which of them no group before it does: both (n_groups, 4)."""

    def __init__(self, n_inputs: int) -> None:
        second = n_inputs % GROUP or GROUP
        starts = [0, *range(second, n_inputs - GROUP + 1, GROUP)]
        self.index = np.array(starts)[:, None] + np.arange(GROUP)
        self.is_new = np.ones(self.index.shape, bool)
        if len(starts) > 1:
            self.is_new[1] = self.index[1] >= GROUP


def _blocks(values: npt.NDArray[Any], starts: tuple[int, ...], n_block: int) -> npt.NDArray[Any]:
    return np.stack([values[start : start + n_block] for start in starts])


def _member(scales: Scales, starts: tuple[int, ...], n_block: int) -> Member:
    return Member("scales", scales.c_type, _blocks(scales.values, starts, n_block), SCALES[scales.c_type])


def plain_scale(multiplier: Multiplier) -> tuple[int, int]:
    """The values of a tg_scale_t."""
    return multiplier.value, 0 if multiplier.value == 0 else -multiplier.shift - 1


def plain_scales(multipliers: Sequence[Multiplier]) -> Scales:
    return Scales("tg_scale_t", np.array([plain_scale(multiplier) for multiplier in multipliers]))


def relu_scales(multipliers: Sequence[Multiplier]) -> Scales:
    """For outputs whose zero point is -128."""
    rows = []
    for multiplier in multipliers:
        value, halvings = plain_scale(multiplier)
        rows.append((value, halvings + 1, (2 * INT8_MIN + 1) << halvings))
    return Scales("tg_relu_scale_t", np.array(rows))
