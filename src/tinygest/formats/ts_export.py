"""UEA/UCR `.ts` files: every named segment is a case; nothing else of a recording can be held.

One file a subject and sensor contract, because the format has no place for either.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tinygest.core.errors import FormatError
from tinygest.core.recording import Recording
from tinygest.formats.base import Remark
from tinygest.formats.described import describe
from tinygest.formats.export_base import ExportOptions, Item, Losses, in_units
from tinygest.formats.files import id_text
from tinygest.formats.ts import ACCEL_UNIT, CHANNEL_ORDER, CLASS, COMMENT, GYRO_UNIT

IMPORT_AGAIN = "tinygest import {out}"
HELD = ("subject", "frame", "rate_hz", "counts_per_g", "counts_per_dps", "gravity")


@dataclass
class TsFile:
    """One file under way: its cases are written before the head, which names all classes."""

    name: str
    recording: Recording
    """The first of it: all have the same subject and contract."""
    cases: Path
    classes: dict[str, str] = field(default_factory=dict)
    """Word in the file -> label."""
    lengths: set[int] = field(default_factory=set)


def write(items: Iterable[Item], folder: Path, options: ExportOptions) -> list[Remark]:
    """`<subject>.ts`, or `<subject>_<n>.ts` for further contracts."""
    files: dict[tuple[str, str], TsFile] = {}
    losses = Losses.none()
    for item in items:
        recording = item.recording
        named = [segment for segment in item.track.segments if segment.label]
        losses.add("what lies between segments is left out", 1, recording.id)
        unnamed = len(item.track.segments) - len(named)
        losses.add("segments without a label are left out", unnamed, recording.id)
        other = recording.meta.side or recording.meta.session
        losses.add("sides and sessions are left out", bool(other), recording.id)
        if not named:
            continue
        key = (recording.meta.subject, recording.info.contract.capture_id)
        if key not in files:
            name = _name(recording.meta.subject, {file.name for file in files.values()})
            files[key] = TsFile(name, recording, folder / f"{name}.cases")
        _add_cases(files[key], item)
    if not files:
        raise FormatError("no recording has a named segment, so there is no case to write")
    for file in files.values():
        _finish(file, folder / f"{file.name}.ts")
    return losses.remarks()


def _name(subject: str, taken: set[str]) -> str:
    base = id_text(subject).strip("_.-") or "cases"
    numbered = (f"{base}_{n}" for n in range(2, len(taken) + 3))
    return next(name for name in (base, *numbered) if name not in taken)


def _add_cases(file: TsFile, item: Item) -> None:
    values = in_units(item.recording, "g", "deg/s")
    with file.cases.open("a", encoding="utf-8") as out:
        for segment in item.track.segments:
            if segment.label is None:
                continue
            columns = values[segment.start : segment.stop].T.tolist()
            series = (",".join(map(repr, column)) for column in columns)
            out.write(":".join((*series, _class(file, segment.label))) + "\n")
            file.lengths.add(segment.stop - segment.start)


def _class(file: TsFile, label: str) -> str:
    """The label without spaces, which part classes here."""
    word = re.sub(r" ", "_", label)
    if file.classes.setdefault(word, label) != label:
        raise FormatError(f"labels {file.classes[word]!r} and {label!r} are both {word!r} here; rename one")
    return word


def _finish(file: TsFile, path: Path) -> None:
    with path.open("wb") as out:
        out.write(_head(file).encode())
        with file.cases.open("rb") as cases:
            shutil.copyfileobj(cases, out)
    file.cases.unlink()


def _head(file: TsFile) -> str:
    contract = file.recording.info.contract
    said = {name: value for name, value in describe(file.recording).items() if name in HELD}
    said |= {CHANNEL_ORDER: " ".join(contract.channel_names), ACCEL_UNIT: "g", GYRO_UNIT: "deg/s"}
    said |= {CLASS + word: label for word, label in file.classes.items()}
    equal = len(file.lengths) == 1
    tags = {
        "problemName": file.name,
        "timestamps": "false",
        "missing": "false",
        "univariate": str(len(contract.channels) == 1).lower(),
        "dimensions": str(len(contract.channels)),
        "equalLength": str(equal).lower(),
        **({"seriesLength": str(min(file.lengths))} if equal else {}),
        "classLabel": " ".join(("true", *sorted(file.classes))),
    }
    lines = [f"{COMMENT}{name} {value}" for name, value in said.items()]
    lines += [f"@{name} {value}" for name, value in tags.items()]
    return "\n".join((*lines, "@data", ""))
