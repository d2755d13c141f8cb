"""What `--where` can ask of a recording."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from tinygest.core.labels import LabelTrack
from tinygest.core.recording import RecordingInfo
from tinygest.store.config import BUILT_IN_FIELDS
from tinygest.store.recordings import RecordingEntry
from tinygest.store.where import check_fields, parse_where

Labels = Callable[[str], LabelTrack]


def select(
    entries: list[RecordingEntry], where: str, project_fields: Mapping[str, str], labels: Labels
) -> list[RecordingEntry]:
    """Entries for which every term of `where` holds; raises UsageError for an unknown field."""
    terms = parse_where(where)
    known = {*BUILT_IN_FIELDS, *project_fields, *(name for entry in entries for name in entry.meta.fields)}
    check_fields(terms, known)
    return [
        entry
        for entry in entries
        if all(term.holds(field_values(entry, term.field, labels)) for term in terms)
    ]


def field_values(entry: RecordingEntry, name: str, labels: Labels) -> Collection[str]:
    """What a recording has under a name; an empty text where it has nothing."""
    simple = {
        "id": entry.id,
        "device": entry.info.device,
        "frame": entry.info.contract.frame,
        "rate_hz": f"{entry.info.contract.rate_hz:g}",
        "continuous": "yes" if entry.info.continuous else "no",
        "subject": entry.meta.subject,
        "side": entry.meta.side,
        "session": entry.meta.session,
        "default_label": entry.meta.default_label,
        "notes": entry.meta.notes,
    }
    if name == "quality":
        return quality_of(entry.info)
    if name == "label":
        return {segment.label for segment in labels(entry.id).segments if segment.label} or {""}
    return {simple[name] if name in simple else entry.meta.fields.get(name, "")}


def quality_of(info: RecordingInfo) -> set[str]:
    """`gaps`, `clipped`, or both; `good` where there is neither. Captures laid end to end have no gaps."""
    faults = {
        "gaps": info.continuous and bool(info.gaps),
        "clipped": any(info.n_clipped.values()),
    }
    return {name for name, found in faults.items() if found} or {"good"}
