"""The examples that Python and C are both tested with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VECTORS_FILE = Path(__file__).parent / "vectors.json"


@dataclass(frozen=True)
class Vector:
    name: str
    data: bytes
    value: dict[str, Any]

    def __str__(self) -> str:
        return self.name


def vectors(kind: str) -> list[Vector]:
    """Never empty: a kind that nobody wrote an example for is a mistake in the test."""
    found = [
        Vector(entry["name"], bytes.fromhex(entry["hex"]), entry["value"])
        for entry in json.loads(VECTORS_FILE.read_text(encoding="utf-8"))
        if entry["kind"] == kind
    ]
    assert found, kind
    return found
