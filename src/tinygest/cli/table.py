"""Plain tables: columns of text, as wide as needed, for terminals, pipes and diffs alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import typer


def print_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Numbers to the right, texts to the left, None as a dash."""
    body = [[_cell(value) for value in row] for row in rows]
    numeric = [all(_is_number(row[i]) for row in body) for i in range(len(header))]
    widths = [max(len(row[i]) for row in [list(header), *body]) for i in range(len(header))]
    for row in [list(header), *body]:
        cells = (
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric, strict=True)
        )
        typer.echo("  ".join(cells).rstrip())


def _cell(value: object) -> str:
    if value is None or value == "":
        return "-"
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _is_number(text: str) -> bool:
    return text == "-" or text.replace(".", "", 1).isdigit()
