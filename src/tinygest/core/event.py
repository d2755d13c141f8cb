"""What a model reports."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Event:
    """tg_event_t plus when it was told. start, length and decided_at are sample indices."""

    start: int
    length: int
    label: int
    """Index into the contract's labels; 0 is unknown."""
    score: int
    """0..255, calibrated from the margin between the two best logits."""
    decided_at: int
    """Index of the sample whose push returned the event: the delay is decided_at - true stop."""

    @property
    def stop(self) -> int:
        return self.start + self.length
