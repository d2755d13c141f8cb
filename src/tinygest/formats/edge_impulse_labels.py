"""Labels beside Edge Impulse acquisitions: `info.labels` and `structured_labels.labels`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from tinygest.core.canonical import decode_json
from tinygest.core.errors import FormatError
from tinygest.formats.edge_impulse_file import LabelSpan
from tinygest.formats.files import MAX_TREE_BYTES, files_below, load, named_file

INFO = "info.labels"
STRUCTURED = "structured_labels.labels"
NDJSON = b'{"__ndjson":true'


class InfoLabel(msgspec.Struct, frozen=True):
    """`unlabeled`, `label` with one text, `multi-label` with spans; others are passed over."""

    type: str
    label: str = ""
    labels: list[LabelSpan] = []


class InfoFile(msgspec.Struct, frozen=True):
    """One entry of info.labels."""

    path: str
    label: InfoLabel = InfoLabel("unlabeled")
    category: str = ""
    metadata: dict[str, str] | None = None
    attachments: list[Any] = []


class Info(msgspec.Struct, frozen=True):
    """info.labels as one document."""

    version: int
    files: list[InfoFile]


class Structured(msgspec.Struct, frozen=True, rename="camel"):
    """structured_labels.labels."""

    version: int
    type: str
    structured_labels: dict[str, list[LabelSpan]]


@dataclass
class Sidecars:
    """What the files beside say, by acquisition."""

    infos: dict[Path, InfoFile] = field(default_factory=dict)
    structured: dict[Path, list[LabelSpan]] = field(default_factory=dict)


def read_sidecars(folder: Path) -> Sidecars:
    """All label files in `folder` and below; raises FormatError."""
    found = Sidecars()
    try:
        paths = files_below(folder, {".labels"})
    except FormatError:
        return found
    for path in paths:
        if path.name == INFO:
            for entry in _info_files(path):
                found.infos[named_file(path.parent, entry.path, path)] = entry
        elif path.name == STRUCTURED:
            structured = decode_json(load(path, MAX_TREE_BYTES), Structured, path)
            _check_version(structured.version, path)
            for name, spans in structured.structured_labels.items():
                found.structured[named_file(path.parent, name, path)] = spans
    return found


def _info_files(path: Path) -> Iterator[InfoFile]:
    data = load(path, MAX_TREE_BYTES)
    if not data.startswith(NDJSON):
        info = decode_json(data, Info, path)
        _check_version(info.version, path)
        yield from info.files
        return
    for number, line in enumerate(data.splitlines(), start=1):
        if number > 1 and line.strip():
            try:
                yield decode_json(line, InfoFile)
            except FormatError as error:
                raise FormatError(str(error), path, f"line {number}") from error


def _check_version(version: int, path: Path) -> None:
    if version != 1:
        raise FormatError(f"is version {version}; only 1 is known", path)
