"""The result of `tinygest evaluate`: one protocol in full, others beside it, and their ground."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

import msgspec

from tinygest.evaluate.summary import ProtocolSummary

FORMAT_VERSION = 1
PROTOCOL_NAMES = {
    "subject": "subjects held out",
    "recording": "recordings held out",
    "block": "blocks of time held out",
    "random": "random segments",
}


class SeedScore(msgspec.Struct, frozen=True):
    """Headline numbers of the whole cross-validation, trained from one seed."""

    seed: int
    event_macro_f1: float | None
    event_macro_f1_loose: float | None
    segment_accuracy: float | None
    segment_macro_f1: float | None


class DatasetSummary(msgspec.Struct, frozen=True):
    """What was evaluated on."""

    where: str
    dataset_hash: str
    n_recordings: int
    n_subjects: int
    n_segments: int
    labels: tuple[str, ...]
    continuous: bool


class Evaluation(msgspec.Struct, frozen=True):
    """All of it, as `--json` prints it."""

    dataset: DatasetSummary
    settings: dict[str, Any]
    main: ProtocolSummary
    """The protocol that was asked for, first seed."""
    beside: tuple[ProtocolSummary, ...]
    """Easier protocols with the same settings, only to show the gap."""
    seeds: tuple[SeedScore, ...]
    notes: tuple[str, ...]
    versions: dict[str, str]
    format_version: int = FORMAT_VERSION


class ComparisonRow(msgspec.Struct, frozen=True):
    """One protocol in the table of protocols."""

    protocol: str
    event_macro_f1: float | None
    event_macro_f1_loose: float | None
    segment_accuracy: float | None
    segment_macro_f1: float | None


def seed_score(seed: int, summary: ProtocolSummary) -> SeedScore:
    """Headline numbers of one protocol."""
    row = compare(summary)
    return SeedScore(
        seed, row.event_macro_f1, row.event_macro_f1_loose, row.segment_accuracy, row.segment_macro_f1
    )


def compare(summary: ProtocolSummary) -> ComparisonRow:
    """One protocol's row; None where a protocol cannot say anything."""
    events, loose = summary.events, summary.events_loose
    return ComparisonRow(
        protocol=PROTOCOL_NAMES[summary.unit],
        event_macro_f1=events.macro_f1 if events else None,
        event_macro_f1_loose=loose.macro_f1 if loose else None,
        segment_accuracy=summary.segments.accuracy,
        segment_macro_f1=summary.segments.macro_f1,
    )


def comparison(evaluation: Evaluation) -> list[ComparisonRow]:
    """Table of protocols, the hardest first."""
    return [compare(summary) for summary in (evaluation.main, *evaluation.beside)]


def spread(values: Sequence[float | None]) -> tuple[float, float] | None:
    """(mean, standard deviation) over seeds; None where there is nothing to average."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    return statistics.fmean(known), statistics.stdev(known) if len(known) > 1 else 0.0
