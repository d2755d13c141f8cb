"""Constants of the fast kernels in the order in which these read them.

Outputs are computed in blocks of two or four. Of each block the weights lie in groups of four inputs, so
that one load brings four weights of each output of the block.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tinygest.generate.arithmetic import Multiplier
from tinygest.generate.layer import Member, Records

Integers = npt.NDArray[np.int64]

GROUP = 4  # int8 in a word


def dense_records(
    name: str, weights: Integers, bias: Integers, multipliers: list[Multiplier] | None, n_block: int
) -> Records:
    """Blocks of tg_pairs_t (n_block = 2) or tg_quads_t (4). weights: (n_outputs, n_inputs).

    multipliers: one for each output, or None where the kernel has one for all of them.
    """
    groups = _Groups(weights.shape[1])
    grouped = np.where(groups.is_new, weights[:, groups.index], 0)  # (n_outputs, n_groups, 4)
    starts = block_starts(len(weights), n_block)
    blocks = [grouped[start : start + n_block].swapaxes(0, 1) for start in starts]
    members = [
        Member("bias", "int32_t", _blocks(bias, starts, n_block)),
        Member("weights", "int8_t", np.stack(blocks)),
    ]
    if multipliers is not None:
        members.append(_scales(multipliers, starts, n_block))
    note = f"weights: [group of {GROUP} inputs, output, input]"
    return Records(name, tuple(members), starts, note)


def depthwise_records(
    name: str, weights: Integers, bias: Integers, multipliers: list[Multiplier]
) -> Records:
    """Blocks of tg_depthwise_quads_t. weights: (n_taps, n_channels)."""
    starts = block_starts(weights.shape[1], 4)
    even_odd = [0, 2, 1, 3]  # the kernel widens bytes 0 and 2 of a word, then 1 and 3
    blocks = [weights[:, [start + i for i in even_odd]] for start in starts]
    members = (
        Member("bias", "int32_t", _blocks(bias, starts, 4)),
        Member("weights", "int16_t", np.stack(blocks)),
        _scales(multipliers, starts, 4),
    )
    return Records(name, members, starts, "weights: [tap, channel 0, 2, 1, 3]")


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


def _scales(multipliers: list[Multiplier], starts: tuple[int, ...], n_block: int) -> Member:
    pairs = np.array([scale(multiplier) for multiplier in multipliers])
    return Member("scales", "tg_scale_t", _blocks(pairs, starts, n_block))


def scale(multiplier: Multiplier) -> tuple[int, int]:
    """The values of a tg_scale_t."""
    return multiplier.value, 0 if multiplier.value == 0 else -multiplier.shift - 1
