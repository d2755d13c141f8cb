"""Data for micro:bit CreateAI: each named segment is a recording of its gesture, x, y, z in g."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from tinygest.core.errors import ContractError, FormatError
from tinygest.formats.base import Remark
from tinygest.formats.export_base import ExportOptions, Item, Losses, in_units

IMPORT_AGAIN = "tinygest import {out} {rate}"
AXES = ("ax", "ay", "az")
CREATEAI_RATE_HZ = 50


def write(items: Iterable[Item], folder: Path, options: ExportOptions) -> list[Remark]:
    """`gestures.json`; the tool keeps all of it in a browser, so it is small."""
    losses = Losses.none()
    gestures: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        recording, contract = item.recording, item.recording.info.contract
        if contract.channel_names[:3] != AXES:
            raise ContractError(f"recording {recording.id} has no ax, ay, az: CreateAI takes nothing else")
        losses.add("all but named segments of acceleration is left out", 1, recording.id)
        losses.add(
            f"rate is not CreateAI's {CREATEAI_RATE_HZ} Hz; resample when importing",
            contract.rate_hz != CREATEAI_RATE_HZ,
            recording.id,
        )
        values = in_units(recording, "g", "deg/s")[:, :3]
        for segment in item.track.segments:
            if segment.label:
                takes = gestures.setdefault(segment.label, [])
                cut = values[segment.start : segment.stop].T.tolist()
                takes.append({"id": len(takes) + 1, "data": dict(zip("xyz", cut, strict=True))})
    if not gestures:
        raise FormatError("no recording has a named segment, so there is nothing to write")
    (folder / "gestures.json").write_bytes(msgspec.json.encode(_numbered(gestures)))
    return losses.remarks()


def _numbered(gestures: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """With ids, which CreateAI wants to be different numbers."""
    return [
        {"name": name, "id": number, "icon": "Heart", "recordings": takes}
        for number, (name, takes) in enumerate(gestures.items(), start=1)
    ]
