"""What is known about a recording as plain texts, for formats that carry free metadata.

The same names are written by our exporters and understood by our importers; other tools show them as
columns. Names are read without regard to case: SensiML users write `Subject`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tinygest.core.errors import FormatError
from tinygest.core.recording import MAX_TEXT, Recording
from tinygest.formats.convert import is_rotation

TEXTS = ("subject", "side", "session", "notes", "frame", "default_label")
NUMBERS = ("rate_hz", "counts_per_g", "counts_per_dps")
FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")


@dataclass(frozen=True)
class Described:
    """What the metadata of one recording say; None or empty: nothing."""

    texts: Mapping[str, str] = field(default_factory=dict)
    rate_hz: float | None = None
    counts_per_g: float | None = None
    counts_per_dps: float | None = None
    gravity: bool | None = None
    fields: dict[str, str] = field(default_factory=dict)
    """Columns of the recording's metadata."""
    other: dict[str, str] = field(default_factory=dict)
    """What fits no column; kept in the recording's source."""

    def text(self, name: str) -> str:
        return self.texts.get(name, "")


def describe(recording: Recording) -> dict[str, str]:
    """All that a reader needs to store the recording as it is here."""
    info, meta = recording.info, recording.meta
    values = {
        **meta.fields,
        "subject": meta.subject,
        "side": meta.side,
        "session": meta.session,
        "notes": meta.notes,
        "default_label": meta.default_label,
        "frame": info.contract.frame,
        "rate_hz": repr(info.contract.rate_hz),
    }
    for channel in info.contract.channels:
        values["counts_per_dps" if is_rotation(channel.name) else "counts_per_g"] = repr(
            channel.counts_per_unit
        )
        if channel.quantity != "rotation":
            values["gravity"] = "yes" if channel.quantity == "acceleration" else "no"
    return {name: value for name, value in values.items() if value}


def understand(metadata: Mapping[str, str], path: Path) -> Described:
    """The other way round; raises FormatError for a number that is none."""
    plain = {re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_"): (name, v) for name, v in metadata.items()}
    known = {*TEXTS, *NUMBERS, "gravity"}
    numbers = {name: _number(*plain[name], path) for name in NUMBERS if name in plain}
    fields, other = {}, {}
    for short, (name, value) in plain.items():
        if short in known:
            continue
        if FIELD.match(name) and value.isprintable() and len(value) <= MAX_TEXT:
            fields[name] = value
        else:
            other[name] = value
    gravity = {"yes": True, "no": False}.get(plain["gravity"][1].lower()) if "gravity" in plain else None
    texts = {name: plain[name][1] for name in TEXTS if name in plain}
    return Described(texts, gravity=gravity, fields=fields, other=other, **numbers)


def _number(name: str, text: str, path: Path) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        raise FormatError(f"metadata {name} is {text[:40]!r}, not a positive number", path)
    return value
