"""Fuzz the importers with atheris: any bytes are recordings or one TinygestError, nothing else.

    python tools/fuzz_formats.py --seconds 600            every format, one after the other
    python tools/fuzz_formats.py --seconds 60 ts sensiml  some

Each format runs in a process of its own, from small valid files; memory and time of a single input are
limited. A crash leaves its input in the current folder and ends with exit status 1.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

MEMORY_MB, SECONDS_AN_INPUT, MAX_BYTES = 2048, 20, 4096

CSV = b"t_s,ax,ay,az,label\n0,1,2,3,a\n0.01,1,2,4,\n0.02,2,2,4,unknown\n"
ACQUISITION = {
    "protected": {"ver": "v1", "alg": "none"},
    "signature": "0" * 64,
    "payload": {
        "device_type": "X",
        "interval_ms": 10,
        "sensors": [{"name": "accX", "units": "m/s2"}, {"name": "accY", "units": "m/s2"}],
        "values": [[1.5, 2], [3, 4], [5, 6]],
        "structured_labels": [{"startIndex": 0, "endIndex": 1, "label": "a"}],
    },
}
DCLI = [
    {
        "file_name": "a.csv",
        "metadata": [{"name": "Subject", "value": "S1"}, {"name": "rate_hz", "value": "50"}],
        "sessions": [{"session_name": "s", "segments": [{"value": "a", "start": 0, "end": 1}]}],
    }
]
CAPTURE = b"sequence,AccelerometerX,AccelerometerY\n0,1,2\n1,3,4\n4,5,6\n"
DESCRIPTION = b'{"rate_hz":50,"acc_unit":"g","gravity":true,"continuous":true}'
IMU_LABELS = b"file,start_sample,end_sample,label,subject\na.csv,0,2,wave,S1\n"
IMU_ROWS = b"t_s,ax,ay,az\n0,1,2,3\n0.02,1,2,4\n0.04,2,2,4\n"
INFO = {"version": 1, "files": [{"path": "a.json", "label": {"type": "label", "label": "x"}}]}
STROKES = b'{"strokes":[{"strokePoints":[{"x":0.1,"y":0.2}],"label":"1"}]}'
GESTURES = b'[{"name":"wave","recordings":[{"data":{"x":[1,2],"y":[1,2],"z":[1,2]}}]}]'
TS = b"@problemName x\n@timestamps false\n@classLabel true a b\n@data\n1,2:3,4:a\n5,6:7,8:b\n"
WAND = b"-,-,-\n1,2,3\n-,-,-\n4,5,6\n"
WINDOW = b" ".join([b"0.5"] * 128) + b"\n"


def _project() -> bytes:
    """A SensiML project file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p"
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.executescript(
                """PRAGMA page_size = 512;
                CREATE TABLE Capture(id, name, set_sample_rate, local_status);
                CREATE TABLE CaptureMetadataValue(capture, label, label_value);
                CREATE TABLE CaptureLabelValue(capture, segmenter, label, label_value,
                  capture_sample_sequence_start, capture_sample_sequence_end);
                CREATE TABLE Label(id, name); CREATE TABLE LabelValue(id, value);
                CREATE TABLE Segmenter(id, name);
                INSERT INTO Capture VALUES(1, 'a.csv', 50, 0);"""
            )
        return path.read_bytes()


def _cbor() -> bytes:
    import cbor2

    return cbor2.dumps(ACQUISITION)


def _har() -> dict[str, bytes]:
    signals = [f"{kind}_{axis}" for kind in ("total_acc", "body_gyro") for axis in "xyz"]
    files = {f"train/Inertial Signals/{name}_train.txt": WINDOW for name in signals}
    return {**files, "train/y_train.txt": b"1\n", "train/subject_train.txt": b"1\n"}


Target = tuple[str, dict[str, bytes], str]
"""Format, files of a small data set, and the one whose bytes are fuzzed (and imported, if alone)."""


def targets() -> dict[str, Target]:
    """Name -> target; formats of several files have one for each kind of file."""
    acquisition = json.dumps(ACQUISITION).encode()
    dcli = json.dumps(DCLI).encode()
    imu = {"dataset.json": DESCRIPTION, "labels.csv": IMU_LABELS, "rec/a.csv": IMU_ROWS}
    sensiml = {"a.csv": CAPTURE, "all.dcli": dcli}
    edge = {"a.json": acquisition, "info.labels": json.dumps(INFO).encode()}
    return {
        "csv": ("csv", {"a.csv": CSV}, "a.csv"),
        "imu-csv": ("imu-csv", imu, "rec/a.csv"),
        "imu-csv-labels": ("imu-csv", imu, "labels.csv"),
        "imu-csv-description": ("imu-csv", imu, "dataset.json"),
        "edge-impulse": ("edge-impulse", {"a.json": acquisition}, "a.json"),
        "edge-impulse-cbor": ("edge-impulse", {"a.cbor": _cbor()}, "a.cbor"),
        "edge-impulse-info": ("edge-impulse", edge, "info.labels"),
        "sensiml": ("sensiml", sensiml, "a.csv"),
        "sensiml-dcli": ("sensiml", sensiml, "all.dcli"),
        "sensiml-project": ("sensiml", {"a.csv": CAPTURE, "p.dclproj": _project()}, "p.dclproj"),
        "ts": ("ts", {"a.ts": TS}, "a.ts"),
        "createai": ("createai", {"a.json": GESTURES}, "a.json"),
        "strokes": ("strokes", {"x_0.json": STROKES}, "x_0.json"),
        "magic-wand": (
            "magic-wand",
            {"output_wing_p.txt": b"-,-,-\n1,2,3\n-,-,-\n4,5,6\n"},
            "output_wing_p.txt",
        ),
        "arduino": ("arduino", {"punch.csv": b"aX,aY,aZ\n1,2,3\n\n4,5,6\n"}, "punch.csv"),
        "nordic": ("nordic", {"a.csv": b"acc_x,acc_y,target\n1,2,0\n3,4,1\n"}, "a.csv"),
        "uci-har": ("uci-har", _har(), "train/Inertial Signals/total_acc_x_train.txt"),
        "uci-har-labels": ("uci-har", _har(), "train/y_train.txt"),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=int, default=10, help="for each target")
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("target", nargs="*", metavar="TARGET", help=", ".join(targets()))
    arguments = parser.parse_args()
    names = arguments.target or list(targets())
    if arguments.inside:
        _fuzz(names[0], arguments.seconds, arguments.inside)
    failed = [name for name in names if not _run(name, arguments.seconds)]
    print(
        f"{len(names) - len(failed)} of {len(names)} targets held",
        *(f"; failed: {name}" for name in failed),
    )
    return 1 if failed else 0


def _run(name: str, seconds: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--inside", folder, name, "--seconds", str(seconds)]
        finished = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = finished.stderr.strip().splitlines()
    summary = next((line for line in reversed(lines) if line.startswith("Done ")), "")
    print(f"{name}: {summary or 'FAILED'}", flush=True)
    if finished.returncode or not summary:
        print("\n".join((*finished.stdout.splitlines()[-30:], *lines[-8:])))
    return finished.returncode == 0 and bool(summary)


def _fuzz(name: str, seconds: int, folder: Path) -> None:
    """Does not come back: the fuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=["tinygest.formats"]):
        import_everything()
    format_name, files, fuzzed = targets()[name]
    root, corpus = folder / "set", folder / "corpus"
    corpus.mkdir()
    (corpus / "valid").write_bytes(files[fuzzed])
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    limits = [f"-max_total_time={seconds}", f"-rss_limit_mb={MEMORY_MB}", f"-timeout={SECONDS_AN_INPUT}"]
    arguments = [sys.argv[0], *limits, f"-max_len={MAX_BYTES}", str(corpus)]
    atheris.Setup(arguments, _target(format_name, root, root / fuzzed, alone=len(files) == 1))
    atheris.Fuzz()


def import_everything() -> None:
    """The modules that are watched for new paths."""
    from importlib import import_module

    from tinygest.formats.registry import IMPORTERS

    for module in IMPORTERS.values():
        import_module(module)


def _target(format_name: str, root: Path, fuzzed: Path, *, alone: bool) -> Callable[[bytes], None]:
    from tinygest.core.errors import TinygestError
    from tinygest.formats.base import CsvLayout, ImportOptions
    from tinygest.formats.registry import open_source, recognise

    layouts = {
        "csv": CsvLayout(time_column="t_s", label_column="label"),
        "ts": CsvLayout(columns={"ax": "1", "ay": "2"}),
    }
    said = ImportOptions(
        rate_hz=50.0,
        accel_unit="g",
        gyro_unit="deg/s",
        label="a",
        accept_faults=True,
        layout=layouts.get(format_name, CsvLayout()),
    )

    def one_input(data: bytes) -> None:
        fuzzed.write_bytes(data)
        path = fuzzed if alone else root
        with contextlib.suppress(TinygestError):
            recognise(path)
        with contextlib.suppress(TinygestError):
            for imported in open_source(format_name, path, said).recordings:
                imported.track.check(imported.recording.info.n_samples)

    return one_input


if __name__ == "__main__":
    sys.exit(main())
