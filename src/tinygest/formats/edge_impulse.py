"""`edge-impulse`: acquisitions in JSON or CBOR, alone or a folder of them with their label files.

Labels are taken from `info.labels`, else from `structured_labels.labels` or the file itself, else from
the file's name up to its first dot, as Edge Impulse's uploader does.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tinygest.formats.base import Imported, ImportOptions, ImportSource, Remark, require_option
from tinygest.formats.build import Capture, build
from tinygest.formats.channels import find_channels
from tinygest.formats.convert import is_rotation
from tinygest.formats.described import Described, understand
from tinygest.formats.edge_impulse_file import Acquisition, Payload, rate_of, read_acquisition, values_of
from tinygest.formats.edge_impulse_labels import INFO, InfoFile, InfoLabel, Sidecars, read_sidecars
from tinygest.formats.files import files_below, names_of, relative
from tinygest.formats.look import Look
from tinygest.formats.spans import TextSpan, read_spans

SUFFIXES = {".json", ".cbor"}
UNITS = {"m/s²": "m/s^2", "m/s2": "m/s^2", "°/s": "deg/s", "degrees/s": "deg/s", "dps": "deg/s"}
NO_UNIT = {"", "n/a", "na", "none"}


def recognises(look: Look) -> bool:
    """The words of an acquisition near its start, in whatever order; CBOR holds them as text too."""
    inner = (b"interval_ms", b"sensors", b"values")
    return (
        b"protected" in look.head and b"payload" in look.head and any(word in look.head for word in inner)
    )


@dataclass(frozen=True)
class DataSet:
    """What all files of a set share."""

    root: Path
    name: str
    sidecars: Sidecars
    options: ImportOptions


def read(path: Path, options: ImportOptions) -> ImportSource:
    """Look at the files; they are read one by one as the result is used."""
    alone = path.is_file()
    root = path.parent if alone else path
    files = [path] if alone else files_below(path, SUFFIXES)
    # Of a single file only what lies right beside it: its folder may be anything.
    sidecars = read_sidecars(root) if not alone or (root / INFO).is_file() else Sidecars()
    lost = [] if alone else sorted(set(sidecars.infos) - set(files))
    remarks = [Remark("files that info.labels names and are not there", relative(p, root)) for p in lost]
    data = DataSet(root, path.resolve().stem if alone else path.resolve().name, sidecars, options)
    names = names_of(files, root)
    recordings = (_import_file(file, names[file], data) for file in files)
    return ImportSource(len(files), recordings, tuple(remarks))


def _import_file(path: Path, name: str, data: DataSet) -> Imported:
    options, info = data.options, data.sidecars.infos.get(path)
    acquisition = read_acquisition(path, options.key)
    payload = acquisition.payload
    values = values_of(payload, path)
    names = [sensor.name for sensor in payload.sensors]
    places, remarks = find_channels(names, options.layout.columns, path.name)
    described = _describe(info, path)
    spans = _spans(path, len(values), payload, data, remarks)
    segments, reviewed = read_spans(spans, len(values), path, options.layout.unlabelled)
    if info and info.attachments:
        remarks.append(Remark("attachments skipped", f"{path.name}: {len(info.attachments)}"))
    if acquisition.protected.alg != "none" and not options.key:
        remarks.append(Remark("signatures not checked (no --key)", path.name))
    imported = build(
        Capture(
            path,
            name,
            file=relative(path, data.root),
            dataset=data.name,
            channels=tuple(places),
            values=values[:, list(places.values())],
            rate_hz=options.rate_hz or _rate(payload, described.rate_hz),
            accel_unit=_unit(payload, places, options.accel_unit, rotation=False),
            gyro_unit=_unit(payload, places, options.gyro_unit, rotation=True),
            gravity=(described.gravity if options.gravity is None else options.gravity) is not False,
            continuous=options.continuous is not False,
            described=described,
            segments=segments,
            reviewed=reviewed,
            source=_source(acquisition, {name: names[at] for name, at in places.items()}),
        ),
        options,
    )
    return Imported(imported.recording, imported.track, (*imported.remarks, *remarks))


def _describe(info: InfoFile | None, path: Path) -> Described:
    described = understand((info.metadata if info else None) or {}, path)
    if info and info.category:
        described.fields["category"] = info.category
    return described


def _source(acquisition: Acquisition, columns: dict[str, str]) -> dict[str, object]:
    payload = acquisition.payload
    return {
        "format": "edge-impulse",
        "columns": columns,
        "device_type": payload.device_type,
        "device_name": payload.device_name,
    }


def _rate(payload: Payload, exact: float | None) -> float:
    """The exact rate where our own metadata carry it, as long as both agree."""
    rate_hz = rate_of(payload)
    return exact if exact and abs(exact / rate_hz - 1) < 1e-6 else rate_hz


def _unit(payload: Payload, places: dict[str, int], said: str | None, *, rotation: bool) -> str:
    """The unit of one quantity; the person's word goes over the file's. Raises UsageError."""
    sensors = [payload.sensors[at] for channel, at in places.items() if is_rotation(channel) == rotation]
    if not sensors:
        return ""
    units = {UNITS.get(sensor.units, sensor.units) for sensor in sensors}
    found = units.pop() if len(units) == 1 else ""
    known = found if found.lower() not in NO_UNIT else None
    what = "the unit of rotation" if rotation else "the unit of acceleration"
    return require_option(said or known, what, "--gyro-unit" if rotation else "--accel-unit")


def _spans(
    path: Path, n_samples: int, payload: Payload, data: DataSet, remarks: list[Remark]
) -> list[TextSpan]:
    info = data.sidecars.infos.get(path)
    spans = data.sidecars.structured.get(path) or payload.structured_labels
    if info and info.label.type == "multi-label":
        spans = info.label.labels
    if spans or not n_samples:
        return [TextSpan(span.start_index, span.end_index + 1, span.label) for span in spans]
    return [TextSpan(0, n_samples, _whole(path, info.label if info else None, data.options, remarks))]


def _whole(path: Path, label: InfoLabel | None, options: ImportOptions, remarks: list[Remark]) -> str:
    """The one text for all of a recording."""
    if label:
        return label.label if label.type == "label" else ""
    if options.label:
        return options.label
    remarks.append(Remark("labels taken from file names", path.name))
    return path.name.split(".", 1)[0]
