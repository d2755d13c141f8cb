"""Where each activation of a network lies in its arena, decided once, on the host."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

ALIGNMENT = 4  # bytes: kernels may load words


@dataclass(frozen=True)
class Lifetime:
    """A buffer of `size` bytes in use during the steps first..last, both included."""

    size: int
    first: int
    last: int

    def overlaps(self, other: Lifetime) -> bool:
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class MemoryPlan:
    """offsets: one per buffer, in the order they were given; arena_bytes: how much they need."""

    offsets: tuple[int, ...]
    arena_bytes: int


def plan_memory(buffers: Sequence[Lifetime], alignment: int = ALIGNMENT) -> MemoryPlan:
    """Offsets such that buffers in use at the same time never share a byte.

    Where at most two are in use at a time, as in a chain of layers, the arena is as small as the
    largest such pair; else it is the better of two greedy orders.
    """
    aligned = [Lifetime(_round_up(b.size, alignment), b.first, b.last) for b in buffers]
    ends = _plan_from_both_ends(aligned)
    if ends is not None:
        return ends
    by_size = _plan_greedily(aligned, lambda b: -b.size)
    by_time = _plan_greedily(aligned, lambda b: b.first)
    return min(by_size, by_time, key=lambda plan: plan.arena_bytes)


def _round_up(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment


def _plan_from_both_ends(buffers: Sequence[Lifetime]) -> MemoryPlan | None:
    """Buffers in turn at the bottom and at the top of the arena; None if three are in use at once."""
    at_top: dict[int, bool] = {}
    arena_bytes = max((b.size for b in buffers), default=0)
    for i in sorted(range(len(buffers)), key=lambda i: buffers[i].first):
        neighbours = [k for k in at_top if buffers[k].overlaps(buffers[i])]
        if len({at_top[k] for k in neighbours}) > 1:
            return None
        at_top[i] = bool(neighbours) and not at_top[neighbours[0]]
        arena_bytes = max([arena_bytes, *(buffers[k].size + buffers[i].size for k in neighbours)])
    offsets = (arena_bytes - b.size if at_top[i] else 0 for i, b in enumerate(buffers))
    return MemoryPlan(tuple(offsets), arena_bytes)


def _plan_greedily(buffers: Sequence[Lifetime], order: Callable[[Lifetime], int]) -> MemoryPlan:
    """One buffer after the other into the lowest gap that holds it."""
    offsets: dict[int, int] = {}
    for i in sorted(range(len(buffers)), key=lambda i: (order(buffers[i]), i)):
        taken = sorted(
            (offsets[k], offsets[k] + buffers[k].size) for k in offsets if buffers[k].overlaps(buffers[i])
        )
        offsets[i] = _lowest_gap(taken, buffers[i].size)
    arena_bytes = max((offsets[i] + buffers[i].size for i in offsets), default=0)
    return MemoryPlan(tuple(offsets[i] for i in range(len(buffers))), arena_bytes)


def _lowest_gap(taken: Sequence[tuple[int, int]], size: int) -> int:
    """The lowest offset at which `size` bytes touch no taken span; spans sorted by their start."""
    offset = 0
    for start, stop in taken:
        if offset + size <= start:
            break
        offset = max(offset, stop)
    return offset
