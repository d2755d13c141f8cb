"""Starting a project, listing its recordings, correcting their metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from tinygest.core.errors import LabelError, UsageError
from tinygest.core.labels import LabelTrack, check_label
from tinygest.core.names import check_distinct_macros
from tinygest.core.recording import RecordingMeta
from tinygest.store.config import BUILT_IN_FIELDS, FIELD_NAME, ProjectConfig, Sensor
from tinygest.store.project import Project
from tinygest.store.recordings import RecordingEntry


@dataclass(frozen=True)
class RecordingRow:
    """One line of the list of recordings."""

    id: str
    subject: str
    side: str
    session: str
    default_label: str
    rate_hz: float
    duration_s: float
    n_samples: int
    n_segments: int
    labels: dict[str, int]
    """How many segments carry each label; unlabelled ones are not counted."""
    reviewed_s: float
    n_gaps: int
    n_clipped: int
    notes: str
    fields: dict[str, str]
    deleted: bool


def create_project(root: Path, labels: Sequence[str], rate_hz: float) -> Project:
    """Start an empty project; raises StoreError, LabelError, ContractError."""
    return Project.create(root, ProjectConfig(labels=tuple(labels), sensor=Sensor(rate_hz)))


def list_recordings(project: Project, where: str = "", *, deleted: bool = False) -> list[RecordingRow]:
    """What `where` chooses, with what is known about each."""
    entries = project.recordings(where, deleted=deleted)
    return [_row(entry, project.labels(entry.id)) for entry in entries]


def choose(
    project: Project, ids: Sequence[str], where: str | None, *, deleted: bool = False
) -> list[RecordingEntry]:
    """Recordings named by id, or by `where`; raises UsageError unless it is exactly one of both."""
    if bool(ids) == (where is not None):
        raise UsageError('name recordings, or choose them with --where; --where "" means all')
    if where is not None:
        return project.recordings(where, deleted=deleted)
    return [project.entry(recording_id) for recording_id in ids]


def edit_metadata(
    project: Project,
    entries: Sequence[RecordingEntry],
    changes: Mapping[str, str],
    fields: Mapping[str, str],
    *,
    deleted: bool | None = None,
    new: bool = False,
) -> int:
    """Correct metadata of recordings; returns how many really changed.

    changes: new values for text fields of RecordingMeta. fields: project fields; an empty value
    removes one. deleted: None leaves it. new: the default label may be new to the project. Raises
    UsageError and LabelError, and then nothing is written.
    """
    if not changes and not fields and deleted is None:
        raise UsageError("say what to change, for example --subject S1")
    check_known(project, changes.get("default_label"), new=new)
    check_fields(project, fields)
    n_changed = 0
    for entry in entries:
        meta = _changed(entry.meta, changes, fields, deleted)
        if meta != entry.meta:
            project.save_meta(entry.id, meta)
            n_changed += 1
    return n_changed


def check_known(
    project: Project, label: str | None, *, new: bool = False, remedy: str = "--new introduces it"
) -> None:
    """Raise LabelError for a label that the project does not know: it may be a slip.

    ContractError for a new one that C could not tell from a label that is there.
    """
    if not label:
        return
    check_label(label)
    known = project.known_labels()
    if label in known:
        return
    if not new:
        names = ", ".join(known) or "none yet"
        raise LabelError(f"label {label!r} is not one of the project's ({names}); {remedy}")
    for other in known:
        check_distinct_macros((other, label))


def check_fields(project: Project, fields: Mapping[str, str]) -> None:
    """Raise UsageError for a field that the project does not have."""
    for name in fields:
        if name in BUILT_IN_FIELDS:
            raise UsageError(f"field {name!r} is built in; a field of your own needs another name")
        if not FIELD_NAME.match(name) or (project.config.fields and name not in project.config.fields):
            known = ", ".join(project.config.fields) or "none yet"
            raise UsageError(f"field {name!r} is not in [fields] of tinygest.toml; there are {known}")


def _changed(
    meta: RecordingMeta, changes: Mapping[str, str], fields: Mapping[str, str], deleted: bool | None
) -> RecordingMeta:
    merged = {name: value for name, value in {**meta.fields, **fields}.items() if value}
    return structs.replace(
        meta, **changes, fields=merged, deleted=meta.deleted if deleted is None else deleted
    )


def _row(entry: RecordingEntry, track: LabelTrack) -> RecordingRow:
    info, meta = entry.info, entry.meta
    rate_hz = info.contract.rate_hz
    names = [segment.label for segment in track.segments if segment.label]
    return RecordingRow(
        id=entry.id,
        subject=meta.subject,
        side=meta.side,
        session=meta.session,
        default_label=meta.default_label,
        rate_hz=rate_hz,
        duration_s=info.n_samples / rate_hz,
        n_samples=info.n_samples,
        n_segments=len(track.segments),
        labels={name: names.count(name) for name in sorted(set(names))},
        reviewed_s=sum(span.stop - span.start for span in track.reviewed) / rate_hz,
        n_gaps=len(info.gaps),
        n_clipped=sum(info.n_clipped.values()),
        notes=meta.notes,
        fields=meta.fields,
        deleted=meta.deleted,
    )
