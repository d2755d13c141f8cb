"""Exact search for the smallest arena: every plan, in an order in which most need not be looked at.

In some smallest plan each buffer rests on the ground or on one below it that is in use at the same time:
else it could sink. Placing such a plan's buffers by their offsets, each lands on the highest one placed so
far that it overlaps in time. So the search places buffers in every order of non-decreasing offsets, and
leaves a branch as soon as what is still to come cannot fit below the best plan found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

MAX_NODES = 50_000
"""Placements tried before the search gives up: about a second."""


@dataclass(frozen=True)
class Span:
    """A buffer: bytes, and the moments [start, stop) at which it is in use."""

    size: int
    start: int
    stop: int


@dataclass
class Search:
    """After `run`: offsets of a plan smaller than `best` at the beginning, if one was found."""

    spans: Sequence[Span]
    best: int
    bound: int
    offsets: list[int] | None = None
    n_nodes: int = 0
    _heights: list[int] = field(default_factory=list)
    _to_come: list[int] = field(default_factory=list)
    """At each moment the bytes of the buffers not placed yet."""

    def run(self) -> bool:
        """True if `best` is now proven to be the least; False if the search gave up."""
        n_moments = max((span.stop for span in self.spans), default=0)
        self._heights = [0] * n_moments
        self._to_come = [
            sum(span.size for span in self.spans if span.start <= moment < span.stop)
            for moment in range(n_moments)
        ]
        self._place({}, 0)
        return self.best == self.bound or self.n_nodes <= MAX_NODES

    def _place(self, placed: dict[int, int], ground: int) -> None:
        if len(placed) == len(self.spans):
            self.best = max(self._heights)
            self.offsets = [placed[i] for i in range(len(self.spans))]
            return
        for offset, i in self._candidates(placed, ground):
            self.n_nodes += 1
            if self.best == self.bound or self.n_nodes > MAX_NODES:
                return
            span = self.spans[i]
            saved = self._heights[span.start : span.stop]
            self._heights[span.start : span.stop] = [offset + span.size] * len(saved)
            self._change_to_come(span, -span.size)
            if self._fits(offset):
                self._place({**placed, i: offset}, offset)
            self._heights[span.start : span.stop] = saved
            self._change_to_come(span, span.size)

    def _candidates(self, placed: dict[int, int], ground: int) -> list[tuple[int, int]]:
        """(offset, buffer), lowest first and then largest; of buffers alike only the first."""
        found: dict[Span, tuple[int, int]] = {}
        for i, span in enumerate(self.spans):
            if i not in placed and span not in found:
                found[span] = (max(self._heights[span.start : span.stop]), i)
        allowed = [entry for entry in found.values() if entry[0] >= ground]
        return sorted(allowed, key=lambda entry: (entry[0], -self.spans[entry[1]].size))

    def _change_to_come(self, span: Span, n_bytes: int) -> None:
        for moment in range(span.start, span.stop):
            self._to_come[moment] += n_bytes

    def _fits(self, ground: int) -> bool:
        """Whether what is to come can end below `best`, as nothing of it may lie below `ground`."""
        return all(
            height < self.best and (max(height, ground) + rest < self.best or rest == 0)
            for height, rest in zip(self._heights, self._to_come, strict=True)
        )
