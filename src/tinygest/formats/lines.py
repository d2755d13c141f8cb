"""Lines of a text file, one by one: memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import FormatError
from tinygest.formats.csv_table import NUMBER

MAX_LINE_BYTES = 1 << 24
BOM = b"\xef\xbb\xbf"


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(number, text without white space at its ends) of each line, whatever ends it.

    Raises FormatError for what is no text in UTF-8 and for endless lines.
    """
    number = 0
    try:
        with path.open("rb") as file:
            while line := file.readline(MAX_LINE_BYTES + 1):
                if len(line) > MAX_LINE_BYTES:
                    raise FormatError("is longer than any line should be", path, f"line {number + 1}")
                # Old line ends (\r) and mixed ones: readline stops at \n alone.
                for part in line.removeprefix(BOM if number == 0 else b"").splitlines():
                    number += 1
                    yield number, _decode(part, path, number)
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", path) from error


def numbers(texts: list[str], path: Path, position: str) -> NDArray[np.float64]:
    """(n,) finite numbers; raises FormatError that shows the first that is none."""
    for text in texts:
        if not NUMBER.match(text):
            raise FormatError(f"{text.strip()[:40]!r} is not a finite number", path, position)
    values = np.array(list(map(float, texts)))
    if not np.isfinite(values).all():
        raise FormatError("holds a number beyond all bounds", path, position)
    return values


def _decode(line: bytes, path: Path, number: int) -> str:
    if b"\0" in line:
        raise FormatError("holds a NUL byte; is this a text file in UTF-8?", path, f"line {number}")
    try:
        return line.decode().strip()
    except UnicodeDecodeError as error:
        raise FormatError("is not UTF-8 text", path, f"line {number}") from error
