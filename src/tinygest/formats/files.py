"""Files of a foreign data set: found, named and loaded without trusting them."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path, PureWindowsPath

from tinygest.core.errors import FormatError

MAX_FILE_BYTES = 1 << 29
"""Of a file of which one recording is made. A larger one is split, so that memory stays bounded."""
MAX_TREE_BYTES = 1 << 26
"""Of a JSON, CBOR or label file: its values become objects, each many times its text."""
MAX_FILES = 200_000


def walk(folder: Path) -> Iterator[Path]:
    """Regular files in `folder` and below; hidden ones and links to folders are left out.

    Raises FormatError for a folder that cannot be read: what lies in it would be missing unseen.
    """
    try:
        for parent, folders, names in os.walk(folder, onerror=_refuse):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(parent, name)
                if not name.startswith(".") and path.is_file():
                    yield path
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", Path(error.filename or folder)) from error


def _refuse(error: OSError) -> None:
    raise error


def load(path: Path, limit: int = MAX_FILE_BYTES) -> bytes:
    """All of a file; raises FormatError if it cannot be read or is larger than `limit` bytes."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", path) from error
    if len(data) > limit:
        raise FormatError(f"is larger than {limit >> 20} MiB; split it into several recordings", path)
    return data


def files_below(folder: Path, suffixes: Collection[str]) -> list[Path]:
    """Files with one of these suffixes, in `folder` and below, sorted; hidden ones are left out.

    Links to folders are not followed. Raises FormatError if there is none, or far too many.
    """
    if not folder.is_dir():
        raise FormatError("is not a file or folder", folder)
    found = []
    for path in walk(folder):
        if path.suffix.lower() in suffixes:
            found.append(path)
            if len(found) > MAX_FILES:
                raise FormatError(f"holds more than {MAX_FILES} files", folder)
    if not found:
        raise FormatError(f"holds no file that ends in {' or '.join(sorted(suffixes))}", folder)
    return sorted(found)


def named_file(folder: Path, name: str, said_by: Path) -> Path:
    """The file that a data set calls `name`; raises FormatError if the name leads out of `folder`."""
    windows = PureWindowsPath(name)  # takes both kinds of separator, and drive letters
    parts = windows.parts
    usable = name.isprintable() and parts and not windows.drive and not windows.root and ".." not in parts
    if not usable:
        raise FormatError(f"file name {name[:80]!r} leads out of the data set", said_by)
    path = folder.joinpath(*parts)
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a name longer than the system takes, links in a ring
        inside = False
    if not inside:
        raise FormatError(f"file name {name[:80]!r} leads out of the data set", said_by)
    return path


def id_text(name: str) -> str:
    """`name` without what the id of a recording cannot hold."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", name)


def is_text(name: str) -> bool:
    """Whether the name of a file can be written down: archives of other systems hold names in any bytes."""
    return not any("\ud800" <= letter <= "\udfff" for letter in name)


def relative(path: Path, root: Path) -> str:
    """`path` as a person finds it again: relative to the data set."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def names_of(files: list[Path], root: Path) -> dict[Path, str]:
    """A name for each file: its stem, or with its folders where two files share a stem."""
    count = Counter(path.stem for path in files)
    return {
        path: path.stem if count[path.stem] == 1 else relative(path.with_suffix(""), root).replace("/", "_")
        for path in files
    }
