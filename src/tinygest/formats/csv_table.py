"""Columns of numbers and texts from a CSV file: read fast, refused with the line.

Arrow reads the file. Where it fails or finds something that is no finite number, the file is read
again slowly to find the line that is to blame.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import FormatError
from tinygest.formats.files import load

NUMBER = re.compile(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\s*\Z")
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


@dataclass(frozen=True)
class CsvText:
    """A CSV file in memory, known to be UTF-8 text without NUL bytes and with a header."""

    path: Path
    text: str
    header: tuple[str, ...]
    separator: str
    decimal: str

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line, fields) of every row below the header; empty lines are left out."""
        rows = _rows(self.path, self.text, self.separator)
        next(rows)
        return rows

    def line_of(self, row: int) -> int:
        """The line in the file on which data row `row` stands."""
        return next(line for i, (line, _) in enumerate(self.rows()) if i == row)

    def position(self, row: int) -> str:
        """The place of a data row, for errors."""
        return f"line {self.line_of(row)}"

    def refuse(self, row: int, reason: str) -> FormatError:
        """An error that names the line of a data row."""
        return FormatError(reason, self.path, self.position(row))


def open_csv(path: Path, separator: str = ",", decimal: str = ".") -> CsvText:
    """Load a file and its header; raises FormatError."""
    text = decode_text(load(path), path)
    header = next(_rows(path, text, separator), (1, []))[1]
    if not header:
        raise FormatError("is empty", path)
    if not all(map(str.isprintable, header)):
        raise FormatError("column names hold control characters", path, "line 1")
    if len(set(header)) != len(header):
        raise FormatError(f"column names repeat: {', '.join(header)}", path, "line 1")
    return CsvText(path, text, tuple(header), separator, decimal)


def read_numbers(table: CsvText, columns: Sequence[str]) -> NDArray[np.float64]:
    """(n_rows, len(columns)) finite numbers; raises FormatError for anything else."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    _require_columns(table, columns)
    kinds = dict.fromkeys(columns, pa.float64())
    try:
        found = arrow_csv.read_csv(
            io.BytesIO(table.text.encode() + b"\n"),
            read_options=arrow_csv.ReadOptions(use_threads=False),
            parse_options=arrow_csv.ParseOptions(delimiter=table.separator),
            convert_options=arrow_csv.ConvertOptions(
                column_types=kinds,
                include_columns=list(columns),
                null_values=[""],
                decimal_point=table.decimal,
            ),
        )
    except pa.ArrowException as error:
        raise _fault(table, columns) or FormatError(str(error).split("\n")[0], table.path) from error
    values = np.column_stack([found[name].to_numpy(zero_copy_only=False) for name in columns])
    if not np.isfinite(values).all():
        raise _fault(table, columns) or FormatError("holds a value that is not finite", table.path)
    return values.astype(np.float64)


def read_texts(table: CsvText, column: str) -> list[str]:
    """One column as text, without white space around it; raises FormatError for ragged rows."""
    _require_columns(table, [column])
    at = table.header.index(column)
    texts = []
    for line, fields in table.rows():
        if len(fields) != len(table.header):
            raise _ragged(table, line, fields)
        texts.append(fields[at].strip())
    return texts


def decode_text(data: bytes, path: Path) -> str:
    """UTF-8 text without its byte order mark; raises FormatError with the line."""
    nul = data.find(b"\0")
    if nul >= 0:
        raise FormatError("holds a NUL byte; is this a text file in UTF-8?", path, _line(data, nul))
    try:
        return data.decode().removeprefix(BOM)
    except UnicodeDecodeError as error:
        raise FormatError("is not UTF-8 text", path, _line(data, error.start)) from error


def _line(data: bytes, position: int) -> str:
    return f"line {len((data[:position] + b'.').splitlines())}"


def _rows(path: Path, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    # newline="" leaves \n, \r\n and \r to the csv module, which takes each as the end of a row.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for fields in reader:
            if fields:
                yield reader.line_num, fields
    except csv.Error as error:
        raise FormatError(f"is not CSV: {error}", path, f"line {reader.line_num}") from error


def _require_columns(table: CsvText, columns: Sequence[str]) -> None:
    for name in columns:
        if name not in table.header:
            raise FormatError(f"has no column {name!r}; it has {', '.join(table.header)}", table.path)


def _fault(table: CsvText, columns: Sequence[str]) -> FormatError | None:
    """The first row that is to blame, or None if none is."""
    wanted = [(table.header.index(name), name) for name in columns]
    for line, fields in table.rows():
        if len(fields) != len(table.header):
            return _ragged(table, line, fields)
        for at, name in wanted:
            text = fields[at].replace(table.decimal, ".")
            if not NUMBER.match(text) or not np.isfinite(float(text)):
                shown = fields[at][:40]
                return FormatError(f"{name} is {shown!r}, not a finite number", table.path, f"line {line}")
    return None


def _ragged(table: CsvText, line: int, fields: list[str]) -> FormatError:
    reason = f"has {len(fields)} fields where the header has {len(table.header)}"
    return FormatError(reason, table.path, f"line {line}")


def write_columns(path: Path, columns: Mapping[str, Any]) -> None:
    """A CSV file from equally long arrays or lists; raises OSError."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    table = pa.table({name: pa.array(column) for name, column in columns.items()})
    arrow_csv.write_csv(table, path, arrow_csv.WriteOptions(quoting_style="needed", quoting_header="none"))
