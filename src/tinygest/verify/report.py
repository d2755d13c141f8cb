"""What was verified, what it was compared with, and what could not run."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from tinygest.core.errors import UsageError, VerifyError

REQUIRABLE = ("cortex-m4", "host", "tflm")


class StageResult(msgspec.Struct, frozen=True):
    """One stage on one target: so much was compared, and every byte was the same."""

    target: str
    """`host`, `cortex-m4`."""
    stage: str
    """`segments`, `inputs`, `logits`, `events`."""
    against: str
    """`python` (the C code as Python calls it), `tflm`, or the target whose result came first."""
    n_compared: int
    n_bytes: int


class NotRun(msgspec.Struct, frozen=True):
    """A check that did not happen."""

    what: str
    reason: str


class VerifyReport(msgspec.Struct, frozen=True):
    """Zero differing bytes, or there would be no report but a VerifyError."""

    model: str
    model_id: str
    n_recordings: int
    n_samples: int
    n_gaps: int
    stages: tuple[StageResult, ...]
    not_run: tuple[NotRun, ...]
    tools: dict[str, str]
    """By target the compiler and its flags."""


def parse_required(text: str) -> frozenset[str]:
    """`cortex-m4,tflm` -> what must run; raises UsageError for a word that names nothing."""
    words = frozenset(word.strip() for word in text.split(",") if word.strip())
    for word in sorted(words - set(REQUIRABLE)):
        raise UsageError(f"--require {word}: choose from {', '.join(REQUIRABLE)}")
    return words


def check_required(required: Iterable[str], not_run: Iterable[NotRun]) -> None:
    """Raises VerifyError when something required could not run."""
    for entry in not_run:
        if entry.what in required:
            raise VerifyError(f"{entry.what} is required but could not run: {entry.reason}")
