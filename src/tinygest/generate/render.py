"""Jinja, set up so that templates can decide nothing and mistakes cannot pass, and C literals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from tinygest import __version__
from tinygest.core.resources import resource_dir


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(resource_dir("templates")),
        undefined=StrictUndefined,  # a misspelt name fails the render, not the firmware
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # C, not HTML
    )
    environment.filters.update(c_rows=c_rows, c_comment=c_comment)
    environment.globals["tinygest_version"] = __version__
    return environment


def render(template: str, values: Mapping[str, Any]) -> str:
    """The text of `templates/<template>.j2` with these values and nothing else."""
    text: str = _environment().get_template(f"{template}.j2").render(values)
    return text


def c_rows(values: npt.NDArray[Any] | Iterable[int], width: int = 92) -> list[str]:
    """Integers as lines of a C initialiser, aligned in columns, each line at most `width` long."""
    numbers = [c_integer(int(value)) for value in np.asarray(values).reshape(-1)]
    column = max(map(len, numbers), default=1)
    per_row = max(1, (width + 1) // (column + 2))
    rows = (numbers[i : i + per_row] for i in range(0, len(numbers), per_row))
    return [", ".join(number.rjust(column) for number in row) + "," for row in rows]


def c_structs(values: npt.NDArray[Any]) -> str:
    """Rows of integers as initialisers of structs."""
    rows = (", ".join(str(int(value)) for value in row) for row in values)
    return ", ".join(f"{{{row}}}" for row in rows)


def c_integer(value: int) -> str:
    """-2147483648 is no C literal: its minus is an operator on a number that does not fit."""
    return "INT32_MIN" if value == -(1 << 31) else str(value)


def c_float(value: float) -> str:
    """The shortest text that a C compiler reads back as the same float."""
    text = str(np.float32(value))
    return f"{text}f" if any(c in text for c in ".e") else f"{text}.0f"


def c_string(text: str) -> str:
    """A C string literal; anything but plain ASCII is escaped in octal, which ends after three digits."""
    plain = (
        chr(byte) if 32 <= byte < 127 and chr(byte) not in '"\\?' else f"\\{byte:03o}"
        for byte in text.encode()
    )
    return '"' + "".join(plain) + '"'


def c_comment(text: str) -> str:
    """Text from outside as part of a C comment: it cannot end the comment, nor continue a line."""
    plain = "".join(c if " " <= c <= "~" and c != "\\" else "?" for c in text)
    return plain.replace("*/", "*?").replace("/*", "?*")
