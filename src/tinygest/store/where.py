"""Choosing recordings: `--where "side=left subject!=S3"`.

Terms are separated by white space and must all hold. A term is `field=value` or `field!=value`, with
commas between alternatives; quotes ('...' or "...") protect spaces, commas and equals signs.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from tinygest.core.errors import UsageError

FIELD = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)(!?=)")
PLAIN = re.compile(r"[^\s,'\"=]*")
QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


@dataclass(frozen=True)
class Term:
    """field is one of values; with `negated`, none of them."""

    field: str
    values: tuple[str, ...]
    negated: bool = False

    def holds(self, found: Collection[str]) -> bool:
        """found: what a recording has under the field; several for `label`."""
        return bool(set(self.values) & set(found)) != self.negated


def parse_where(text: str) -> tuple[Term, ...]:
    """Terms of a choice, in order; raises UsageError with the place that does not fit."""
    terms = []
    position = 0
    while text[position:].strip():
        match = FIELD.match(text, position)
        if match is None:
            raise _error(text, position, "expected field=value or field!=value")
        values, position = _values(text, match.end())
        terms.append(Term(match[1], values, negated=match[2] == "!="))
    return tuple(terms)


def check_fields(terms: tuple[Term, ...], known: Collection[str]) -> None:
    """Raise UsageError for a field that no recording has."""
    for term in terms:
        if term.field not in known:
            raise UsageError(f"--where: field {term.field!r} is not one of {', '.join(sorted(known))}")


def _values(text: str, position: int) -> tuple[tuple[str, ...], int]:
    """Alternatives from `position` on, and where they end: at white space or the end of the text."""
    values = []
    while True:
        quoted = QUOTED.match(text, position)
        plain = PLAIN.match(text, position)
        assert plain is not None  # it matches the empty text
        values.append((quoted[1] if quoted[1] is not None else quoted[2]) if quoted else plain[0])
        position = (quoted or plain).end()
        if text[position : position + 1] != ",":
            break
        position += 1
    if position < len(text) and not text[position].isspace():
        raise _error(text, position, "quote values that hold spaces, commas, quotes or equals signs")
    return tuple(values), position


def _error(text: str, position: int, reason: str) -> UsageError:
    return UsageError(f"--where {text!r}: at {text[position:].strip()[:20]!r}: {reason}")
