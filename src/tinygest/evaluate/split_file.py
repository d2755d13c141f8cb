"""A split that a person wrote down: which subject or recording belongs to which fold.

CSV: `subject,fold` or `recording,fold`, then one row each. JSON: `{"subject": {"S1": "a", "S2": "b"}}`.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Literal

from tinygest.core.canonical import decode_json
from tinygest.core.errors import FormatError


def read_split_file(path: Path) -> tuple[Literal["subject", "recording"], dict[str, str]]:
    """(what the keys are, key -> fold name); raises FormatError that names file and line."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"cannot be read: {error}", path) from error
    by, fold_of = _read_json(text, path) if path.suffix.lower() == ".json" else _read_csv(text, path)
    if any(not fold for fold in fold_of.values()):
        raise FormatError("holds an empty fold name", path)
    if by == "subject":
        return "subject", fold_of
    if by == "recording":
        return "recording", fold_of
    raise FormatError(
        f"starts with {by!r}; it must say whether it splits by `subject` or by `recording`", path
    )


def _read_json(text: str, path: Path) -> tuple[str, dict[str, str]]:
    tables = decode_json(text.encode(), dict[str, dict[str, str]], path)
    if len(tables) != 1:
        raise FormatError("must hold exactly one of `subject` and `recording`", path)
    return next(iter(tables.items()))


def _read_csv(text: str, path: Path) -> tuple[str, dict[str, str]]:
    rows = list(csv.reader(io.StringIO(text)))
    header = [cell.strip() for cell in rows[0]] if rows else []
    if len(header) != 2 or header[1] != "fold":
        raise FormatError("must start with the line `subject,fold` or `recording,fold`", path, "line 1")
    fold_of: dict[str, str] = {}
    for number, row in enumerate(rows[1:], 2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) != 2:
            raise FormatError(f"has {len(cells)} columns instead of 2", path, f"line {number}")
        if fold_of.setdefault(cells[0], cells[1]) != cells[1]:
            raise FormatError(f"puts {cells[0]!r} into a second fold", path, f"line {number}")
    return header[0], fold_of
