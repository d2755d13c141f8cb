"""A first look at a data set, by which its format is recognised."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import FormatError
from tinygest.formats.files import walk

HEAD_BYTES = 1 << 16
MAX_NAMES = 2000
DATA_SUFFIXES = (
    ".dclproj",
    ".dsproj",
    ".dcli",
    ".dai",
    ".cbor",
    ".json",
    ".ts",
    ".txt",
    ".csv",
)
"""Of several kinds in a folder the first of these says most."""


@dataclass(frozen=True)
class Look:
    """What each format judges."""

    path: Path
    names: frozenset[str]
    """Files in the folder and below, relative; of a file its name alone. Not all of very many."""
    file: Path
    """The file that says most."""
    head: bytes
    """The start of that file."""

    @property
    def text(self) -> str:
        return self.head.decode("utf-8", errors="replace").lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")

    @property
    def first_line(self) -> str:
        lines = self.text.lstrip().splitlines()
        return lines[0].strip() if lines else ""

    def header(self) -> tuple[str, ...]:
        """The first line as names of columns."""
        return tuple(name.strip().strip('"') for name in self.first_line.split(","))

    def has_name(self, *endings: str) -> bool:
        return any(name.lower().endswith(endings) for name in self.names)


def look_at(path: Path) -> Look:
    """Raises FormatError for what cannot be looked at or is packed."""
    if not path.is_file() and not path.is_dir():
        raise FormatError("is not a file or folder", path)
    if path.is_dir():
        files = _some_files(path)
        if not files:
            raise FormatError("holds no file of a format that can be imported", path)
        names = frozenset(file.relative_to(path).as_posix() for file in files)
        file = min(files, key=lambda file: (DATA_SUFFIXES.index(file.suffix.lower()), file))
    else:
        names, file = frozenset({path.name}), path
    try:
        with file.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", file) from error
    if not head:
        raise FormatError("is empty", file)
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise FormatError("is packed; unpack it and import the folder", file)
    return Look(path, names, file, head)


def _some_files(folder: Path) -> list[Path]:
    found: list[Path] = []
    for path in walk(folder):
        if path.suffix.lower() in DATA_SUFFIXES:
            found.append(path)
        if len(found) >= MAX_NAMES:
            break
    return sorted(found)
