"""Edge Impulse acquisitions as JSON, `info.labels` and `structured_labels.labels`.

The format knows no gaps: a recording becomes one file for each unbroken piece. Every row needs a label:
time seen and found to be nothing is `unknown`, time of which nothing is known `_unlabelled`.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from tinygest.core.recording import Recording
from tinygest.formats.base import Remark
from tinygest.formats.convert import is_rotation
from tinygest.formats.described import describe
from tinygest.formats.edge_impulse_file import NO_SIGNATURE, SIGNED, sign
from tinygest.formats.edge_impulse_labels import INFO, STRUCTURED
from tinygest.formats.export_base import ExportOptions, Item, Losses, Names, in_units, unbroken
from tinygest.formats.spans import UNLABELLED, TextSpan, write_spans

IMPORT_AGAIN = "tinygest import {out}"
ACCELERATION, ROTATION = "m/s2", "deg/s"
CATEGORIES = ("training", "testing", "validation")
NAMES = {"a": "acc", "g": "gyr"}


def write(items: Iterable[Item], folder: Path, options: ExportOptions) -> list[Remark]:
    """One folder a category; a recording's project field `category` chooses, else it is training."""
    names, losses = Names(), Losses.none()
    infos: list[dict[str, object]] = []
    structured: dict[str, dict[str, object]] = {}
    for item in items:
        parts = unbroken(item, lambda gap: True)
        losses.add("recordings cut at gaps", len(parts) > 1, item.recording.id)
        losses.add_merged(item)
        losses.add_physics(item.recording.info, item.recording.id)
        for part in parts:
            category = _category(part.recording)
            name = names.take(f"{part.recording.id}.json")
            (folder / category).mkdir(exist_ok=True)
            (folder / category / name).write_bytes(encode_acquisition(part.recording, options.key))
            spans = write_spans(part.track, part.recording.info.n_samples)
            infos.append(_info(f"{category}/{name}", category, part.recording, spans))
            structured.setdefault(category, {})[name] = _spans(spans)
    for category, entries in structured.items():
        document = {"version": 1, "type": "structured-labels", "structuredLabels": entries}
        (folder / category / STRUCTURED).write_bytes(_pretty(document))
    (folder / INFO).write_bytes(_pretty({"version": 1, "files": infos}))
    return losses.remarks()


def encode_acquisition(recording: Recording, key: str = "") -> bytes:
    """The file of one unbroken recording, signed if there is a key."""
    rate_hz = recording.info.contract.rate_hz
    values = in_units(recording, ACCELERATION, ROTATION)
    payload = {
        "device_name": recording.info.device,
        "device_type": "TINYGEST",
        "interval_ms": 1000 / rate_hz,
        "sensors": [_sensor(name) for name in recording.info.contract.channel_names],
        "values": values.tolist() if values.shape[1] > 1 else values[:, 0].tolist(),
    }
    document = {
        "protected": {"ver": "v1", "alg": SIGNED if key else "none"},
        "signature": NO_SIGNATURE,
        "payload": payload if recording.info.device else _without(payload, "device_name"),
    }
    data = msgspec.json.encode(document)
    return sign(data, key) if key else data


def _sensor(channel: str) -> dict[str, str]:
    """`ax` -> `accX`."""
    unit = ROTATION if is_rotation(channel) else ACCELERATION
    return {"name": NAMES[channel[0]] + channel[1:].upper(), "units": unit}


def _without(values: dict[str, object], key: str) -> dict[str, object]:
    return {name: value for name, value in values.items() if name != key}


def _category(recording: Recording) -> str:
    category = recording.meta.fields.get("category", "")
    return category if category in CATEGORIES else CATEGORIES[0]


def _info(path: str, category: str, recording: Recording, spans: list[TextSpan]) -> dict[str, object]:
    """An entry of info.labels."""
    if [span.text for span in spans] == [UNLABELLED]:
        label: dict[str, object] = {"type": "unlabeled"}
    elif len(spans) == 1:
        label = {"type": "label", "label": spans[0].text}
    else:
        label = {"type": "multi-label", "labels": _spans(spans)}
    metadata = {name: value for name, value in describe(recording).items() if name != "category"}
    return {"path": path, "category": category, "label": label, "metadata": metadata}


def _spans(spans: list[TextSpan]) -> list[dict[str, object]]:
    """End rows belong to their span, as the format has it."""
    return [{"startIndex": s.start, "endIndex": s.stop - 1, "label": s.text} for s in spans]


def _pretty(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
