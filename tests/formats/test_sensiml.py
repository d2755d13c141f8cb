from __future__ import annotations

import contextlib
import json
import sqlite3

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import FormatError, TinygestError, UsageError
from tinygest.core.labels import Interval, Segment
from tinygest.core.recording import Gap
from tinygest.formats import sensiml_project
from tinygest.formats.base import CsvLayout, ImportOptions
from tinygest.formats.registry import open_source, recognise

from .round_trip import items, joined, meaning, there_and_back

SAID = {"rate_hz": 100.0, "counts_per_g": 8192.0, "accept_faults": True}


def capture(sequence=range(10)):
    rows = [f"{n},{n},{-n},8192" for n in sequence]
    return "\n".join(["sequence,AccelerometerX,AccelerometerY,AccelerometerZ", *rows]) + "\n"


def labels(**changes):
    segments = [{"name": "Label", "value": "jab", "start": 2, "end": 4}]
    return {
        "file_name": "a.csv",
        "metadata": [{"name": "Subject", "value": "S1"}, {"name": "Age group", "value": 30}],
        "sessions": [{"session_name": "auto", "segments": segments}],
        **changes,
    }


def segment(start, end, value):
    return {"value": value, "start": start, "end": end}


def one_session(*segments):
    return {"sessions": [{"session_name": "s", "segments": segments}]}


@pytest.fixture
def put(tmp_path):
    def write(*files, **captures):
        folder = tmp_path / "set"
        folder.mkdir(exist_ok=True)
        for name, text in (captures or {"a": capture()}).items():
            (folder / f"{name}.csv").write_text(text)
        (folder / "all.dcli").write_text(json.dumps(list(files)))
        return folder

    return write


def read(path, **options):
    return list(open_source("sensiml", path, ImportOptions(**{**SAID, **options})).recordings)


def test_labels_end_with_their_end_row(put):
    folder = put(labels())
    assert recognise(folder) == recognise(folder / "all.dcli") == recognise(folder / "a.csv") == "sensiml"
    (one,) = read(folder)
    assert one.track.segments == (Segment(2, 5, "jab", "import"),)
    assert one.track.reviewed == (Interval(0, 10),)
    assert one.recording.samples[3].tolist() == [3, -3, 8192]
    assert one.recording.info.contract.channels[0].counts_per_unit == 8192
    assert one.recording.meta.subject == "S1"
    assert one.recording.info.source["metadata"] == {"Age group": "30"}
    assert read(folder, exclusive_ends=True)[0].track.segments == (Segment(2, 4, "jab", "import"),)
    assert read(folder / "a.csv")[0].track.segments == ()


def test_holes_in_the_sequence_are_gaps(put):
    (one,) = read(put(labels(), a=capture([0, 1, 2, 5, 6, 60])))
    assert one.recording.info.gaps == (Gap(3, 2), Gap(5, 53))
    with pytest.raises(FormatError, match=r"a\.csv, line 5: the sequence does not go on"):
        read(put(labels(), a=capture([0, 1, 2, 2, 6])))


@pytest.mark.parametrize(("before", "after"), [("0", "5e9"), ("0", "1e300"), ("-1e308", "1e308")])
def test_a_hole_that_no_index_can_count_is_refused(put, before, after):
    rows = [f"{n},1,{i},8192" for i, n in enumerate((before, after, "1.1e308", "1.2e308", "1.3e308"))]
    text = "\n".join(["sequence,AccelerometerX,AccelerometerY,AccelerometerZ", *rows])
    with pytest.raises(FormatError, match=r"a\.csv, line [34]: time jumps here, and more than 2147483647"):
        read(put(labels(), a=text))


def test_what_a_count_is_must_be_said(put):
    folder = put(labels())
    for said, option in (({"counts_per_g": None}, "--counts-per-g"), ({"rate_hz": None}, "--rate-hz")):
        with pytest.raises(UsageError, match=option):
            read(folder, **said)
    (one,) = read(folder, counts_per_g=None, accel_unit="mg")
    assert one.recording.samples[9].tolist() == [18, -18, 16777]  # 9, -9 and 8192 mg at 2048 a g
    with pytest.raises(FormatError, match="no counts"):
        read(put(labels(), a=capture([0, 0.5])))


def test_several_sessions_are_a_question(put):
    sessions = [
        {"session_name": name, "segments": [{"value": name, "start": 0, "end": 1}]}
        for name in ("mine", "auto")
    ]
    folder = put(labels(sessions=sessions))
    with pytest.raises(UsageError, match="sessions mine, auto; choose one with --label-session"):
        read(folder)
    assert read(folder, label_session="auto")[0].track.segments == (Segment(0, 2, "auto", "import"),)


def test_files_without_labels_are_remarked(put):
    source = open_source("sensiml", put(labels(), a=capture(), b=capture()), ImportOptions(**SAID))
    assert [remark.detail for remark in source.remarks] == ["b.csv"]
    assert [one.track.segments for one in source.recordings][1] == ()


def test_unusual_columns_are_mapped(put):
    folder = put(labels(), a="sequence,p,q\n0,1,2\n1,3,4\n2,3,4\n3,3,4\n4,5,6\n")
    (one,) = read(folder, layout=CsvLayout(columns={"az": "q"}))
    assert one.recording.samples[:2].tolist() == [[2], [4]]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"file_name": "../a.csv"}, "leads out"),
        ({"file_name": "/etc/passwd"}, "leads out"),
        ({"file_name": "none.csv"}, "which is not there"),
        ({"metadata": [{"name": "rate_hz", "value": "nan"}]}, "not a positive number"),
        ({"metadata": [{"name": "Subject", "value": "x" * 100}]}, "subject"),
        (
            {"sessions": [{"session_name": "s", "segments": [{"value": "a", "start": 5, "end": 10}]}]},
            "rows 0 to 9",
        ),
        (
            {"sessions": [{"session_name": "s", "segments": [{"value": "a", "start": 5, "end": 4}]}]},
            "not inside",
        ),
        (one_session({"value": "a", "start": 5}), "end"),
        (
            {"sessions": [{"session_name": "s", "segments": [{"value": "/", "start": 5, "end": 6}]}]},
            "usable",
        ),
        ({"sessions": 3}, "sessions"),
    ],
)
def test_bad_labels_are_one_sentence(put, change, reason):
    folder = put(labels(**change))
    with pytest.raises(FormatError, match=reason):
        read(folder)


@pytest.fixture
def project(tmp_path):
    """A project file as the reference describes it, one capture and a deleted one."""
    folder = tmp_path / "proj"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "a.csv").write_text(capture())
    path = folder / "my.dclproj"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            """
            CREATE TABLE Capture(
              id INTEGER, uuid BLOB, name TEXT, set_sample_rate REAL, local_status INTEGER);
            CREATE TABLE CaptureMetadataValue(
              uuid BLOB, capture INTEGER, label INTEGER, label_value INTEGER);
            CREATE TABLE CaptureLabelValue(
              uuid BLOB, capture INTEGER, segmenter INTEGER, label INTEGER, label_value INTEGER,
              capture_sample_sequence_start INTEGER, capture_sample_sequence_end INTEGER,
              local_status INTEGER);
            CREATE TABLE Label(id INTEGER, name TEXT, metadata INTEGER);
            CREATE TABLE LabelValue(id INTEGER, label INTEGER, value TEXT);
            CREATE TABLE Segmenter(id INTEGER, name TEXT);
            INSERT INTO Capture VALUES(1, x'00', 'a.csv', 119, NULL), (2, x'01', 'gone.csv', 50, 2);
            INSERT INTO Label VALUES(1, 'Label', 0), (2, 'Subject', 1);
            INSERT INTO LabelValue VALUES(1, 1, 'jab'), (2, 2, 'S7');
            INSERT INTO Segmenter VALUES(1, 'Manual');
            INSERT INTO CaptureMetadataValue VALUES(x'00', 1, 2, 2);
            INSERT INTO CaptureLabelValue VALUES(x'00', 1, 1, 1, 1, 2, 4, 1), (x'01', 1, 1, 1, 1, 6, 7, 2);
            """
        )
    return path


def test_project_files(project):
    assert recognise(project) == recognise(project.parent) == "sensiml"
    before = project.read_bytes()
    for path in (project, project.parent):
        (one,) = read(path, rate_hz=None)
        assert one.recording.info.contract.rate_hz == 119
        assert one.track.segments == (Segment(2, 5, "jab", "import"),)
        assert one.recording.meta.subject == "S7"
    assert project.read_bytes() == before
    assert [path.name for path in project.parent.iterdir() if path.is_file()] == ["my.dclproj"]


def test_captures_that_the_project_does_not_name_stay_out(project):
    (project.parent / "data" / "gone.csv").write_text(capture())
    for path in (project, project.parent):
        assert [one.recording.id for one in read(path)] == ["a"]


def test_a_project_that_is_open_elsewhere_is_refused(project):
    project.with_name("my.dclproj-wal").write_bytes(b"changes")
    with pytest.raises(FormatError, match="close the program"):
        read(project)


def test_label_files_without_captures(put):
    with pytest.raises(FormatError, match="names no capture"):
        read(put() / "all.dcli")


ENDLESS = """
DROP TABLE Capture;
CREATE VIEW Capture AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n)
  SELECT id, 'a.csv' AS name, 1.0 AS set_sample_rate FROM n WHERE id < 0;
"""


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (ENDLESS, "interrupted"),
        ("UPDATE Capture SET name = '../a.csv'", "leads out"),
        ("UPDATE Capture SET name = x'ff'", "wrong kind"),
        ("UPDATE Capture SET name = zeroblob(5000000)", "too big"),
        ("UPDATE Capture SET id = 'x'", "wrong kind"),
        ("UPDATE CaptureLabelValue SET capture_sample_sequence_end = 99", "not inside"),
        ("DROP TABLE CaptureLabelValue", "no such table"),
    ],
)
def test_hostile_project_files(project, monkeypatch, script, reason):
    monkeypatch.setattr(sensiml_project, "MAX_STEPS", 2_000_000)
    with contextlib.closing(sqlite3.connect(project)) as connection:
        connection.executescript(script)
    with pytest.raises(FormatError, match=reason):
        read(project)


@given(st.integers(0, 30_000), st.binary(min_size=1, max_size=30))
@settings(deadline=None, max_examples=40)
def test_a_damaged_project_file_is_read_or_one_error(tmp_path_factory, at, damage):
    path = tmp_path_factory.mktemp("proj") / "p.dclproj"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE Capture(id, name, set_sample_rate); INSERT INTO Capture VALUES(1,'a.csv',9)"
        )
    data = bytearray(path.read_bytes())
    at %= len(data)
    data[at : at + len(damage)] = damage
    path.write_bytes(data)
    with contextlib.suppress(TinygestError):
        read(path)


@given(items())
@settings(deadline=None, max_examples=60)
def test_out_and_in_again(item):
    backs, remarks = there_and_back("sensiml", [item])
    samples, rows = joined(backs)
    np.testing.assert_array_equal(samples, item.recording.samples)
    assert rows == meaning(item.track, item.recording.info.n_samples)
    n_segments = sum(len(back.track.segments) for back in backs)
    assert n_segments == len(item.track.segments)
    assert sum(len(back.recording.info.gaps) for back in backs) == sum(
        gap.n_missing > 0 for gap in item.recording.info.gaps
    )
    assert {back.recording.info.contract for back in backs} == {item.recording.info.contract}
    assert {back.recording.meta.subject for back in backs} == {item.recording.meta.subject}
    assert "columns hold counts; their scale stands in labels.dcli alone" in {r.kind for r in remarks}
