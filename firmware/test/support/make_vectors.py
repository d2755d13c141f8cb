"""tests/protocol/vectors.json -> vectors.h, for the C side's tests. As a script: `make_vectors.py OUT`;
PlatformIO runs it before it builds (extra_scripts)."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any


def c_bytes(data: bytes) -> str:
    return "{" + ", ".join(f"0x{byte:02x}" for byte in data) + "}"


def c_text(text: str) -> str:
    return (
        '"'
        + "".join(chr(b) if 32 <= b < 127 and b not in b'"\\' else f"\\{b:03o}" for b in text.encode())
        + '"'
    )


def wide(data: bytes) -> str:
    return c_bytes(data or bytes(1))


def value_of(kind: str, value: dict[str, Any]) -> str:  # noqa: PLR0911 -- a line for each kind
    """The fields of the kind's struct in test_frames, in order."""
    rows = [number for row in value.get("rows", ()) for number in row]
    if kind == "samples":
        fields = [value["flags"], len(value["rows"]), value["device_ms"], value["first_index"]]
        return f"{{{', '.join(map(str, fields))}u}}, {{{', '.join(map(str, rows))}}}"
    if kind == "event":
        event = f"{{{value['label']}, {value['score']}, {value['start']}u, {value['length']}}}"
        return f"{{{event}, {value['model']}, {value['count']}, {value['decided_at']}u}}"
    if kind == "health":
        return (
            "{" + ", ".join(f"{number}u" if number >= 0 else str(number) for number in value.values()) + "}"
        )
    if kind == "info":
        return info_of(value)
    if kind in ("command", "reply"):
        data = bytes.fromhex(value["arguments"])
        return f"{value['op']}, {value['tag']}, {value.get('status', 0)}, {len(data)}, {wide(data)}"
    if kind == "ssi_v2":
        return f"{value['channel']}, {value['sequence']}, {len(rows)}, {{{', '.join(map(str, rows))}}}"
    return ", ".join(c_text(v) if isinstance(v, str) else f"{v}" for v in value.values())


def info_of(value: dict[str, Any]) -> str:
    numbers = [
        int(value["can_recognise"]),
        *(value[key] for key in ("mode", "imu", "side", "n_channels", "n_models")),
        255 if value["model"] is None else value["model"],
        value["serial_version"],
    ]
    ids = (wide(bytes.fromhex(value[key])) for key in ("capture_id", "model_id"))
    texts = (c_text(value[key]) for key in ("name", "version"))
    rates = f"{value['rate_mhz']}u, {value['part_rate_mhz']}u"
    return (
        f"{{{', '.join(map(str, numbers))}}}, {value['device_id']}u, {rates}, {', '.join([*ids, *texts])}"
    )


def render(entries: list[dict[str, Any]]) -> str:
    """One list macro for each kind: X(name, number of bytes, bytes, values...)."""
    lines = ["/* Made from tests/protocol/vectors.json. */", "#ifndef VECTORS_H", "#define VECTORS_H"]
    for kind in sorted({entry["kind"] for entry in entries}):
        lines.append(f"static const {kind}_vector_t {kind}_vectors[] = {{")
        for entry in entries:
            if entry["kind"] == kind:
                data = bytes.fromhex(entry["hex"])
                values = (info_of if kind == "info" else partial(value_of, kind))(entry["value"])
                lines.append(f"    {{{c_text(entry['name'])}, {len(data)}, {c_bytes(data)}, {values}}},")
        lines.append("};")
    return "\n".join([*lines, "#endif", ""])


def write(root: Path, out: Path) -> None:
    entries = json.loads((root / "tests" / "protocol" / "vectors.json").read_text(encoding="utf-8"))
    out.mkdir(parents=True, exist_ok=True)
    (out / "vectors.h").write_text(render(entries), encoding="utf-8")


if __name__ == "__main__":
    write(Path(__file__).parents[3], Path(sys.argv[1]))
