"""What happened between one sample frame and the next: nothing, loss, repetition, gap, restart."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum

from tinygest.protocol.samples import SampleFrame
from tinygest.protocol.words import SampleFlag

WRAP = 1 << 32
REMEMBERED = 8
"""Frames: doubled notifications come at once, so a repeated frame is one of the last few."""


class Step(Enum):
    """Of a frame against the one before it."""

    CONTINUES = "continues"
    RESTARTED = "restarted"
    """The stream began anew: the first frame, or the board started again."""
    LOST = "lost"
    """Frames are missing on the link."""
    GAP = "gap"
    """The board itself lost samples, and says so; frames may be missing besides."""
    REPEATED = "repeated"
    """Already seen: drop it."""


@dataclass
class Continuity:
    """Fed with every frame of one link, in order of arrival. Counters are of samples and of restarts."""

    n_lost: int = 0
    """Samples that were sent and did not arrive."""
    n_gap: int = 0
    """Samples that the board lost, where it knows how many, and frames lost with them."""
    n_repeated: int = 0
    n_restarts: int = 0
    """After the first frame."""
    _next: int | None = field(default=None, repr=False)
    _seen: deque[tuple[int, int, int]] = field(default_factory=lambda: deque(maxlen=REMEMBERED), repr=False)

    def step(self, frame: SampleFrame) -> tuple[Step, int]:
        """(what happened, how many samples are missing before the frame)."""
        identity = (frame.first_index, frame.device_ms, len(frame.samples))
        if self._is_repeated(frame, identity):
            self.n_repeated += len(frame.samples)
            return Step.REPEATED, 0
        expected, self._next = self._next, (frame.first_index + len(frame.samples)) % WRAP
        missing = 0 if expected is None else (frame.first_index - expected) % WRAP
        if expected is None or frame.flags & SampleFlag.RESTART or missing >= WRAP // 2:
            self.n_restarts += expected is not None
            self._seen.clear()
            self._seen.append(identity)
            return Step.RESTARTED, 0
        self._seen.append(identity)
        return self._forward(frame, missing)

    def _is_repeated(self, frame: SampleFrame, identity: tuple[int, int, int]) -> bool:
        """A first frame is one only directly after itself: boards that start alike begin alike."""
        if frame.flags & SampleFlag.RESTART:
            return bool(self._seen) and self._seen[-1] == identity
        return identity in self._seen

    def _forward(self, frame: SampleFrame, missing: int) -> tuple[Step, int]:
        if frame.flags & SampleFlag.GAP:
            self.n_gap += missing
            return Step.GAP, missing
        self.n_lost += missing
        return (Step.LOST, missing) if missing else (Step.CONTINUES, 0)
