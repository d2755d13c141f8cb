"""Precision, recall and F1 from counts that add up over recordings."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class LabelCounts(msgspec.Struct, frozen=True):
    """Events of one label."""

    n_true: int = 0
    n_found: int = 0
    """Found events that are right or wrong; not those in time nobody has reviewed."""
    n_matched: int = 0
    n_duplicates: int = 0
    """Of the wrong ones: right label, but the true event they overlap was already found."""

    def __add__(self, other: LabelCounts) -> LabelCounts:
        return LabelCounts(
            self.n_true + other.n_true,
            self.n_found + other.n_found,
            self.n_matched + other.n_matched,
            self.n_duplicates + other.n_duplicates,
        )

    @property
    def precision(self) -> float:
        """0 where nothing was found."""
        return self.n_matched / self.n_found if self.n_found else 0.0

    @property
    def recall(self) -> float:
        """0 where there was nothing to find."""
        return self.n_matched / self.n_true if self.n_true else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 where there is neither a true nor a found event."""
        n = self.n_true + self.n_found
        return 2 * self.n_matched / n if n else 0.0

    @property
    def is_empty(self) -> bool:
        """Neither a true nor a found event: this label says nothing."""
        return self.n_true == 0 and self.n_found == 0


def macro_f1(labels: Iterable[LabelCounts]) -> float:
    """Mean F1 over the labels that occur, as a true or a found event; 0 when none does."""
    values = [counts.f1 for counts in labels if not counts.is_empty]
    return sum(values) / len(values) if values else 0.0
