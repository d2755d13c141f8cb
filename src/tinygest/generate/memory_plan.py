"""Where each activation of a network lies in its arena, decided once, on the host."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tinygest.generate.plan_search import Search, Span

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
    bound: int = 0
    """Bytes in use at one time, at most: no plan needs less."""
    is_least: bool = False
    """Proven: no plan needs less than arena_bytes."""


def plan_memory(buffers: Sequence[Lifetime], alignment: int = ALIGNMENT) -> MemoryPlan:
    """Offsets such that buffers in use at the same time never share a byte.

    Where at most two are in use at a time, as in a chain of layers, the arena is as small as the
    largest such pair. Else it is the best of greedy orders, and if that is above the bound, of an exact
    search, which may give up.
    """
    aligned = [Lifetime(_round_up(b.size, alignment), b.first, b.last) for b in buffers]
    bound = max((bytes_in_use(aligned, buffer.first) for buffer in aligned), default=0)
    ends = _plan_from_both_ends(aligned)
    plans = [_plan_greedily(aligned, lambda b: -b.size), _plan_greedily(aligned, lambda b: b.first)]
    best = min([ends] if ends else plans, key=lambda plan: plan.arena_bytes)
    if best.arena_bytes == bound:
        return replace(best, bound=bound, is_least=True)
    return _search(aligned, best, bound)


def bytes_in_use(buffers: Sequence[Lifetime], step: int) -> int:
    """The sum of the sizes of the buffers in use during a step."""
    return sum(buffer.size for buffer in buffers if buffer.first <= step <= buffer.last)


def _search(buffers: Sequence[Lifetime], best: MemoryPlan, bound: int) -> MemoryPlan:
    """Only steps at which a buffer comes into use matter: between them there is never more."""
    moments = sorted({buffer.first for buffer in buffers})
    spans = [Span(b.size, bisect_left(moments, b.first), bisect_right(moments, b.last)) for b in buffers]
    search = Search(spans, best.arena_bytes, bound)
    is_least = search.run()
    offsets = best.offsets if search.offsets is None else tuple(search.offsets)
    return MemoryPlan(offsets, search.best, bound, is_least)


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
