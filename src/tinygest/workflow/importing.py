"""From foreign files to recordings of a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import ContractError, UsageError
from tinygest.core.progress import Progress, silent
from tinygest.formats.base import Imported, ImportOptions, Remark, check_options
from tinygest.formats.registry import open_source
from tinygest.store.project import Project
from tinygest.workflow.resampling import resample_recording

N_EXAMPLES = 3


@dataclass(frozen=True)
class RemarkGroup:
    """The same remark about many recordings."""

    kind: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class ImportResult:
    """What came in."""

    format: str
    added: list[str]
    already_there: list[str]
    """Recordings that the project has, sample for sample; their labels were left alone."""
    duration_s: float
    n_segments: int
    labels: dict[str, int]
    subjects: list[str]
    remarks: list[RemarkGroup]


def import_data(
    project: Project,
    source: Path,
    format_name: str,
    options: ImportOptions,
    progress: Progress = silent,
    *,
    resample_hz: float | None = None,
) -> ImportResult:
    """Bring a data set into the project, all of it or nothing.

    resample_hz: bring every recording to this rate (workflow.resampling).
    Raises UsageError, FormatError (with file and line) and StoreError; the project is then unchanged.
    """
    check_options(options)
    data = open_source(format_name, source, options)
    remarks = list(data.remarks)
    labels: Counter[str] = Counter()
    subjects: set[str] = set()
    duration_s = 0.0
    with project.intake() as intake:
        for done, original in enumerate(data.recordings, start=1):
            imported = original if resample_hz is None else _resampled(original, resample_hz)
            info = imported.recording.info
            intake.add(imported.recording, imported.track)
            remarks += imported.remarks
            labels.update(segment.label for segment in imported.track.segments if segment.label)
            subjects.add(imported.recording.meta.subject)
            duration_s += info.n_samples / info.contract.rate_hz
            progress("importing", done, max(done, data.n_recordings))
    return ImportResult(
        format=format_name,
        added=intake.added,
        already_there=intake.already_there,
        duration_s=duration_s,
        n_segments=labels.total(),
        labels=dict(sorted(labels.items())),
        subjects=sorted(subjects - {""}),
        remarks=grouped(remarks),
    )


def _resampled(imported: Imported, rate_hz: float) -> Imported:
    try:
        result = resample_recording(imported.recording, imported.track, rate_hz)
    except ContractError as error:
        raise UsageError(f"--resample-hz: {error}") from error
    remarks = list(imported.remarks)
    if result.n_lost:
        remarks.append(
            Remark("segments too short for the new rate", f"{imported.recording.id}: {result.n_lost}")
        )
    return Imported(result.recording, result.track, tuple(remarks))


def grouped(remarks: Iterable[Remark]) -> list[RemarkGroup]:
    """Remarks of one kind together, with a few examples."""
    details: dict[str, list[str]] = {}
    for remark in remarks:
        details.setdefault(remark.kind, []).append(remark.detail)
    return [RemarkGroup(kind, len(texts), tuple(texts[:N_EXAMPLES])) for kind, texts in details.items()]
