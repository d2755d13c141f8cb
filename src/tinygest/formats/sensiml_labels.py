"""What a SensiML project says about its files, from DCLI or DAI: a JSON list of files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from tinygest.core.canonical import decode_json
from tinygest.core.errors import FormatError, UsageError
from tinygest.core.labels import Interval, Segment
from tinygest.formats.base import ImportOptions, Remark
from tinygest.formats.files import MAX_TREE_BYTES, load
from tinygest.formats.spans import TextSpan, read_spans

REVIEWED = "reviewed"
"""The session in which our export keeps what a person has seen."""
LABEL = "Label"


class DcliPair(msgspec.Struct, frozen=True):
    """One metadata field."""

    name: str
    value: str | int | float | bool | None = None


class DcliSegment(msgspec.Struct, frozen=True):
    """Rows start to end, the end included."""

    start: int
    end: int
    value: str
    name: str = LABEL


class DcliSession(msgspec.Struct, frozen=True):
    """One labelling of a file, by a person or a segmenter."""

    session_name: str
    segments: list[DcliSegment] = []


class DcliFile(msgspec.Struct, frozen=True):
    """All about one capture."""

    file_name: str
    metadata: list[DcliPair] = []
    sessions: list[DcliSession] = []
    videos: list[dict[str, object]] = []


@dataclass(frozen=True)
class FileLabels:
    """What is said about one capture, whoever says it."""

    file_name: str
    said_by: Path
    metadata: Mapping[str, str] = field(default_factory=dict)
    sessions: Mapping[str, list[DcliSegment]] = field(default_factory=dict)
    rate_hz: float | None = None
    n_videos: int = 0


def read_dcli(path: Path) -> list[FileLabels]:
    """Raises FormatError with the place in the document."""
    files = decode_json(load(path, MAX_TREE_BYTES).removeprefix(b"\xef\xbb\xbf"), list[DcliFile], path)
    return [
        FileLabels(
            file.file_name,
            path,
            {pair.name: "" if pair.value is None else str(pair.value) for pair in file.metadata},
            {session.session_name: session.segments for session in file.sessions},
            n_videos=len(file.videos),
        )
        for file in files
    ]


def segments_of(
    labels: FileLabels, n_samples: int, options: ImportOptions, remarks: list[Remark]
) -> tuple[tuple[Segment, ...], tuple[Interval, ...] | None]:
    """Segments of the chosen session, and what was reviewed if our own session says so."""
    name = _session(labels, options)
    chosen = labels.sessions.get(name, [])
    kinds = {segment.name for segment in chosen}
    if len(kinds) > 1:
        remarks.append(Remark("label groups passed over", ", ".join(sorted(kinds - {LABEL}))[:200]))
        chosen = [segment for segment in chosen if segment.name == LABEL]
    segments, background = _spans(chosen, n_samples, labels, options)
    if REVIEWED not in labels.sessions:
        return segments, background or None
    marks = _spans(labels.sessions[REVIEWED], n_samples, labels, options)[0]
    return segments, tuple(Interval(mark.start, mark.stop) for mark in marks)


def _session(labels: FileLabels, options: ImportOptions) -> str:
    if options.label_session:
        return options.label_session
    names = [name for name, segments in labels.sessions.items() if segments and name != REVIEWED]
    if len(names) > 1:
        raise UsageError(
            f"{labels.file_name} is labelled in the sessions {', '.join(names)[:200]}; choose one with "
            "--label-session"
        )
    return names[0] if names else ""


def _spans(
    segments: list[DcliSegment], n_samples: int, labels: FileLabels, options: ImportOptions
) -> tuple[tuple[Segment, ...], tuple[Interval, ...]]:
    last = 0 if options.exclusive_ends else 1
    spans = [TextSpan(segment.start, segment.end + last, segment.value) for segment in segments]
    try:
        return read_spans(spans, n_samples, labels.said_by, options.layout.unlabelled)
    except FormatError as error:
        raise FormatError(f"{error} in {labels.file_name[:80]!r}") from error
