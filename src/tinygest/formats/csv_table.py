"""Columns of numbers and texts from a CSV file: read fast, refused with the line.

Arrow reads the file. Where it fails or finds something that is no finite number, the file is read
again slowly to find the line that is to blame.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import FormatError
from tinygest.formats.files import load

# White space is blanks and tabs: Python's own notion of it holds characters that float() refuses.
NUMBER = re.compile(r"[ \t]*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[ \t]*\Z")
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class CsvText:
    """A CSV file in memory, known to be UTF-8 text without NUL bytes and with a header."""

    path: Path
    data: bytes
    """UTF-8 without a byte order mark."""
    header: tuple[str, ...]
    separator: str
    decimal: str

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line, fields) of every row below the header; empty lines are left out."""
        rows = _rows(self.path, self.data, self.separator)
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
    data = check_text(load(path), path)
    header = next(_rows(path, data, separator), (1, []))[1]
    if not header:
        raise FormatError("is empty", path)
    if not all(map(str.isprintable, header)):
        raise FormatError("column names hold control characters", path, "line 1")
    if len(set(header)) != len(header):
        raise FormatError(f"column names repeat: {', '.join(header)}", path, "line 1")
    return CsvText(path, data, tuple(header), separator, decimal)


def read_numbers(table: CsvText, columns: Sequence[str]) -> NDArray[np.float64]:
    """(n_rows, len(columns)) finite numbers; raises FormatError for anything else."""
    import pyarrow as pa

    found = _read(table, dict.fromkeys(columns, pa.float64()))
    # Column by column in memory, as they are read and converted.
    values = np.empty((found.num_rows, len(columns)), np.float64, order="F")
    for i, name in enumerate(columns):
        values[:, i] = found[name].to_numpy(zero_copy_only=False)
        if not np.isfinite(values[:, i]).all():
            raise _fault(table, columns) or FormatError("holds a value that is not finite", table.path)
    return values


def read_runs(table: CsvText, column: str) -> list[tuple[int, int, str]]:
    """(start, stop, text) of rows with the same text, without white space around it.

    Raises FormatError for ragged rows.
    """
    import pyarrow as pa

    found = _read(table, {column: pa.dictionary(pa.int32(), pa.string())})[column]
    if not len(found):
        return []
    texts = found.unify_dictionaries().combine_chunks()
    codes = texts.indices.to_numpy()
    edges = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    words = [word.strip() for word in texts.dictionary.to_pylist()]
    runs: list[tuple[int, int, str]] = []
    for start, stop in itertools.pairwise(edges):
        word = words[codes[start]]
        if runs and runs[-1][2] == word:  # they differed in white space alone
            runs[-1] = (runs[-1][0], stop, word)
        else:
            runs.append((start, stop, word))
    return runs


def _read(table: CsvText, columns: dict[str, Any]) -> Any:
    """An Arrow table of columns by type; raises FormatError with the line that is to blame."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    _require_columns(table, list(columns))
    numbers = [name for name, kind in columns.items() if pa.types.is_floating(kind)]
    ends = table.data.endswith((b"\n", b"\r"))
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(table.data if ends else table.data + b"\n"),
            read_options=arrow_csv.ReadOptions(use_threads=False),
            parse_options=arrow_csv.ParseOptions(delimiter=table.separator),
            convert_options=arrow_csv.ConvertOptions(
                column_types=columns,
                include_columns=list(columns),
                null_values=[""],
                decimal_point=table.decimal,
            ),
        )
    except pa.ArrowException as error:
        raise _fault(table, numbers) or FormatError(str(error).split("\n")[0], table.path) from error


def check_text(data: bytes, path: Path) -> bytes:
    """The same without its byte order mark, known to be UTF-8; raises FormatError with the line."""
    nul = data.find(b"\0")
    if nul >= 0:
        raise FormatError("holds a NUL byte; is this a text file in UTF-8?", path, _line(data, nul))
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError as error:
            raise FormatError("is not UTF-8 text", path, _line(data, error.start)) from error
    return data.removeprefix(BOM)


def _line(data: bytes, position: int) -> str:
    return f"line {len((data[:position] + b'.').splitlines())}"


def _rows(path: Path, data: bytes, separator: str) -> Iterator[tuple[int, list[str]]]:
    # newline="" leaves \n, \r\n and \r to the csv module, which takes each as the end of a row.
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    reader = csv.reader(text, delimiter=separator, strict=True)
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
