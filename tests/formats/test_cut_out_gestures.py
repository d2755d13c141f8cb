"""Formats of gestures that were cut out: each capture stands alone, time is broken between them."""

from __future__ import annotations

import contextlib
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import FormatError, TinygestError, UsageError
from tinygest.core.labels import Segment
from tinygest.core.recording import Gap
from tinygest.formats import pieces
from tinygest.formats.base import CsvLayout, ImportOptions
from tinygest.formats.registry import open_source, recognise

from .round_trip import items, there_and_back

SAID = {"rate_hz": 100.0, "accept_faults": True}


def read(name, path, **options):
    assert recognise(path) == name
    return list(open_source(name, path, ImportOptions(**{**SAID, **options})).recordings)


@pytest.fixture
def put(tmp_path):
    def write(name, content):
        path = tmp_path / "set" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


# --- micro:bit CreateAI ---


def take(*rows):
    return {"id": 1, "data": {axis: [row[i] for row in rows] for i, axis in enumerate("xyz")}}


GESTURES = [
    {
        "name": "wave",
        "id": 7,
        "icon": "Heart",
        "recordings": [take((0, 0, 1), (0.5, 0, 1)), take((1, 0, 0))],
    },
    {"name": "unknown", "ID": 8, "recordings": [take((0, 0, -1))]},
    {"name": "empty", "ID": 9, "recordings": []},
]


@pytest.mark.parametrize("document", [GESTURES, {"data": GESTURES}])
def test_createai(put, document):
    wave, other = read("createai", put("data.json", json.dumps(document)))
    assert wave.recording.samples.tolist() == [[0, 0, 2048], [1024, 0, 2048], [2048, 0, 0]]
    assert wave.recording.info.gaps == (Gap(2),)
    assert wave.track.segments == (Segment(0, 2, "wave", "import"), Segment(2, 3, "wave", "import"))
    assert not wave.recording.info.continuous
    assert (other.track.segments, other.track.reviewed) == ((), ())


def test_createai_asks_for_the_rate_and_refuses_uneven_axes(put):
    path = put("data.json", json.dumps(GESTURES))
    with pytest.raises(UsageError, match="--rate-hz"):
        read("createai", path, rate_hz=None)
    GESTURE = {"name": "a", "recordings": [{"data": {"x": [1, 2], "y": [1], "z": [1]}}]}
    with pytest.raises(FormatError, match=r"a, recordings\[0\]: has axes of different length"):
        read("createai", put("data.json", json.dumps([GESTURE])))


def named_segments(items):
    """(label, samples) of each, sorted, however they are spread over recordings."""
    return sorted(
        (s.label, item.recording.samples[s.start : s.stop, :3].tolist())
        for item in items
        for s in item.track.segments
        if s.label
    )


@given(items())
@settings(deadline=None, max_examples=40)
def test_createai_out_and_in_again(item):
    names = item.recording.info.contract.channel_names
    contract = item.recording.info.contract
    said = ImportOptions(
        rate_hz=contract.rate_hz, counts_per_g=contract.channels[0].counts_per_unit, accept_faults=True
    )
    if names[0] != "ax" or not any(segment.label for segment in item.track.segments):
        with pytest.raises(TinygestError):
            there_and_back("createai", [item], said)
        return
    backs, _ = there_and_back("createai", [item], said)
    assert named_segments(backs) == named_segments([item])


# --- UEA/UCR .ts ---

TS = """\
# Racket sports
@problemName Racket
@timestamps false
@missing false
@univariate false
@dimensions 3
@equalLength true
@seriesLength 2
@classLabel true a_b c
@data
1,2:3,4:5,6:a_b
-1,-2:0,0:0.5,1e1:c
"""
MAP = CsvLayout(columns={"ax": "3", "ay": "1", "az": "2"})


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_ts(put, ending):
    path = put("Racket_TRAIN.ts", "\N{ZERO WIDTH NO-BREAK SPACE}" + TS.replace("\n", ending))
    (one,) = read("ts", path, accel_unit="g", layout=MAP)
    assert (one.recording.samples[:, 1] / 2048).tolist() == [1, 2, -1, -2]
    assert (one.recording.samples[:, 0] / 2048).tolist() == [5, 6, 0.5, 10]
    assert one.recording.info.gaps == (Gap(2),)
    assert [segment.label for segment in one.track.segments] == ["a_b", "c"]
    for lacking, option in (({"rate_hz": None}, "--rate-hz"), ({"accel_unit": None}, "--accel-unit")):
        with pytest.raises(UsageError, match=option):
            read("ts", path, **{"accel_unit": "g", "layout": MAP, **lacking})
    with pytest.raises(UsageError, match="which of the 3 dimensions"):
        read("ts", path, accel_unit="g")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("5,6:a_b", "5,?:a_b", r"line 11: '\?' is not a finite number"),
        ("5,6:a_b", "5,NaN:a_b", "line 11: 'NaN'"),
        ("5,6:a_b", "5,1e999:a_b", "line 11: holds a number beyond"),
        ("5,6:a_b", "5:a_b", "line 11: has dimensions of different length"),
        ("1,2:3,4:5,6:a_b", "a_b", "line 11: has a class and no values"),
        ("0.5,1e1:c", "c", "line 12: has 2 dimensions"),
        ("0.5,1e1:c", "0.5,1e1:d", "line 12: ends in 'd', which is no class of @classLabel"),
        ("c\n@data", "/c\n@data", "line 12: ends in 'c'"),
        (":a_b", ":a_", "line 11: ends in 'a_'"),
        ("@data", "@date", "line 11: .* stands before @data"),
        ("@timestamps false", "@timestamps true", "a time for each value"),
    ],
)
def test_damaged_ts(put, old, new, reason):
    path = put("x.ts", TS.replace(old, new))
    with pytest.raises(FormatError, match=reason):
        read("ts", path, accel_unit="g", layout=MAP)


def test_no_case_and_no_data(put):
    for text in (TS[: TS.index("1,2:")], "@problemName x\n"):
        with pytest.raises(FormatError, match=r"no case|no line @data"):
            read("ts", put("x.ts", text))


def test_a_long_set_becomes_several_recordings(put, monkeypatch):
    monkeypatch.setattr(pieces, "MAX_ROWS", 5)
    cases = "".join(f"{i},2:3,4:5,6:c\n" for i in range(5))
    backs = read("ts", put("x.ts", TS[: TS.index("1,2:")] + cases), accel_unit="g", layout=MAP)
    assert [back.recording.id for back in backs] == ["x", "x_2", "x_3"]
    assert [back.recording.info.n_samples for back in backs] == [4, 4, 2]
    assert (backs[1].recording.samples[:, 1] / 2048).tolist() == [2, 2, 3, 2]


@given(st.lists(items(), min_size=1, max_size=3))
@settings(deadline=None, max_examples=40)
def test_ts_out_and_in_again(sent):
    labelled = [segment for item in sent for segment in item.track.segments if segment.label]
    if not labelled:
        with pytest.raises(FormatError, match="named segment"):
            there_and_back("ts", sent)
        return
    backs, _ = there_and_back("ts", sent)
    assert named_segments(backs) == named_segments(sent)
    with_labels = [item.recording for item in sent if any(s.label for s in item.track.segments)]
    assert {(back.recording.meta.subject, back.recording.info.contract) for back in backs} == {
        (recording.meta.subject, recording.info.contract) for recording in with_labels
    }


# --- Arduino's tutorial ---


def test_arduino(put, tmp_path):
    header = "aX,aY,aZ,gX,gY,gZ"
    put("punch.csv", f"{header}\r\n\r\n1,0,0,100,0,0\r\n1,0,0.5,0,0,0\r\n\r\n0,1,0,0,0,0\r\n")
    put("flex.csv", f"{header}\n0,0,1,0,0,-100\n")
    flex, punch = read("arduino", tmp_path / "set")
    assert punch.recording.samples.tolist()[:2] == [[2048, 0, 0, 1638, 0, 0], [2048, 0, 1024, 0, 0, 0]]
    assert punch.recording.info.gaps == (Gap(2),)
    assert [s.label for s in (*flex.track.segments, *punch.track.segments)] == ["flex", "punch", "punch"]
    with pytest.raises(FormatError, match=r"punch\.csv, line 2: has 3 fields instead of 6"):
        read("arduino", put("punch.csv", f"{header}\n1,2,3\n"))
    with pytest.raises(UsageError, match="--rate-hz"):
        read("arduino", tmp_path / "set", rate_hz=None)


# --- TensorFlow's magic wand ---


def test_magic_wand(put, tmp_path):
    put("wing/output_wing_hyw.txt", "-,-,-\n1000,0,-500\n0,0,1000\n-,-,-\n1,2,3\n")
    put("negative/output_negative_1.txt", "-,-,-\n5,6,7\n")
    negative, wing = read("magic-wand", tmp_path / "set", accel_unit="mg")
    assert wing.recording.samples.tolist()[0] == [2048, 0, -1024]
    assert (wing.recording.meta.subject, wing.recording.info.gaps) == ("hyw", (Gap(2),))
    assert [s.label for s in negative.track.segments] == ["negative"]
    with pytest.raises(UsageError, match="--accel-unit"):
        read("magic-wand", tmp_path / "set")
    other = put("other/data.txt", "-,-,-\n5,6,7\n")
    with pytest.raises(UsageError, match="--label"):
        read("magic-wand", other, accel_unit="mg")
    assert read("magic-wand", other, accel_unit="mg", label="ring")[0].track.segments[0].label == "ring"


def test_the_real_wand_in_its_first_form(put, shared_dir, tmp_path):
    """The converted set, written as the original has it, comes in as the converted set does."""
    whole = shared_dir / "data" / "magic_wand"
    expected = {
        one.recording.id: one
        for one in open_source("imu-csv", whole, ImportOptions()).recordings
        if one.recording.id in ("wing_hyw", "ring_lsj")
    }
    for name, one in expected.items():
        rows = (whole / "rec" / f"{name}.csv").read_text().splitlines()[1:]
        lines = []
        for segment in one.track.segments:
            lines += ["-,-,-", *(row.split(",", 1)[1] for row in rows[segment.start : segment.stop])]
        put(f"output_{name}.txt", "\n".join(lines))
    for back in read("magic-wand", tmp_path / "set", rate_hz=25.0, accel_unit="mg"):
        one = expected[back.recording.id]
        np.testing.assert_array_equal(back.recording.samples, one.recording.samples)
        assert back.track == one.track
        assert back.recording.info.gaps == one.recording.info.gaps
        assert back.recording.meta.subject == one.recording.meta.subject


def test_strokes(put):
    points = [{"x": 0.5, "y": -1.0}, {"x": 127 / 128, "y": 0}]
    document = {"strokes": [{"index": 0, "strokePoints": points, "label": "3"}, {"strokePoints": points}]}
    (one,) = read("strokes", put("petewarden_0.json", json.dumps(document)))
    contract = one.recording.info.contract
    assert [(c.name, c.quantity, c.unit) for c in contract.channels] == [
        ("sx", "position", "1"),
        ("sy", "position", "1"),
    ]
    assert one.recording.samples[:2].tolist() == [[8192, -16384], [16256, 0]]
    assert one.recording.info.gaps == (Gap(2),)
    assert (one.recording.meta.subject, one.track.segments) == (
        "petewarden",
        (Segment(0, 2, "3", "import"),),
    )


# --- UCI HAR ---


@pytest.fixture
def har(tmp_path):
    """Subject 1: two windows that overlap, then one of another activity; subject 2: one window."""
    rng = np.random.default_rng(0)
    folder = tmp_path / "har" / "train"
    (folder / "Inertial Signals").mkdir(parents=True)
    stream = rng.normal(0, 1, (6, 1000)).round(4)
    starts = [0, 64, 500, 700]
    for i, name in enumerate(f"{kind}_{axis}" for kind in ("total_acc", "body_gyro") for axis in "xyz"):
        lines = [" ".join(f"{v:.4f}" for v in stream[i, at : at + 128]) for at in starts]
        (folder / "Inertial Signals" / f"{name}_train.txt").write_text("\n".join(lines) + "\n")
    (folder / "y_train.txt").write_text("1\n1\n4\n6\n")
    (folder / "subject_train.txt").write_text("1\n1\n1\n2\n")
    return tmp_path / "har", stream


def test_overlapping_windows_are_joined(har):
    root, stream = har
    one, two = read("uci-har", root, rate_hz=None)
    assert one.recording.info.contract.rate_hz == 50
    expected = np.rint(np.concatenate([stream[:3, :192], stream[:3, 500:628]], axis=1).T * 2048)
    np.testing.assert_array_equal(one.recording.samples[:, :3], expected)
    assert one.recording.info.gaps == (Gap(192),)
    assert [(s.start, s.stop, s.label) for s in one.track.segments] == [
        (0, 192, "walking"),
        (192, 320, "sitting"),
    ]
    assert (two.recording.id, two.recording.meta.subject, len(two.recording.samples)) == (
        "train_s2",
        "S2",
        128,
    )


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("y_train.txt", "1\n1\n4\n", r"y_train\.txt: has fewer lines"),
        ("y_train.txt", "1\n7\n4\n6\n", r"y_train\.txt, line 2: '7' is not an activity"),
        ("subject_train.txt", "1\n1\nx\n2\n", "line 3: 'x' is not a subject"),
        ("Inertial Signals/total_acc_x_train.txt", "1 2 3\n", "line 1: has 3 values instead of 128"),
        ("Inertial Signals/body_gyro_z_train.txt", "nan\n", "line 1: 'nan'"),
        ("Inertial Signals/body_gyro_z_train.txt", b"\xff\n", "line 1: is not UTF-8"),
    ],
)
def test_damaged_har(har, name, text, reason):
    root, _ = har
    (root / "train" / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(FormatError, match=reason):
        read("uci-har", root)


# --- Nordic ---


def test_nordic(put):
    text = "acc_x,acc_y,acc_z,gyro_x,gyro_y,gyro_z,target\n1,2,3,4,5,6,0\n1,2,4,4,5,6,1\n7,2,4,4,5,6,1\n"
    path = put("n.csv", text)
    scales = {"counts_per_g": 8192.0, "counts_per_dps": 16.4}
    (one,) = read("nordic", path, **scales, layout=CsvLayout(unlabelled=("0",)))
    assert one.recording.samples.tolist() == [[1, 2, 3, 4, 5, 6], [1, 2, 4, 4, 5, 6], [7, 2, 4, 4, 5, 6]]
    assert one.track.segments == (Segment(1, 3, "1", "import"),)
    with pytest.raises(UsageError, match="--counts-per-dps"):
        read("nordic", path, counts_per_g=1.0)
    with pytest.raises(FormatError, match="no counts"):
        read("nordic", put("n.csv", text.replace("7,", "7.5,")), **scales)


# --- all of them ---

DOCUMENTS = {
    "createai": json.dumps(GESTURES).encode(),
    "ts": TS.encode(),
    "arduino": b"aX,aY,aZ\n1,2,3\n\n1,2,3\n",
    "magic-wand": b"-,-,-\n1,2,3\n1,2,4\n-,-,-\n1,2,3\n",
    "strokes": b'{"strokes":[{"strokePoints":[{"x":0.1,"y":0.2}],"label":"1"}]}',
    "nordic": b"acc_x,acc_y,acc_z,target\n1,2,3,0\n1,2,4,1\n",
}
EVERYTHING = ImportOptions(
    rate_hz=50.0, accel_unit="g", gyro_unit="deg/s", label="a", accept_faults=True, layout=MAP
)


@pytest.mark.parametrize("name", DOCUMENTS)
@given(at=st.integers(0, 300), length=st.integers(0, 40), damage=st.binary(max_size=40))
@settings(deadline=None, max_examples=60)
def test_damaged_bytes_are_recordings_or_one_error(tmp_path_factory, name, at, length, damage):
    data = DOCUMENTS[name]
    at %= len(data)
    path = tmp_path_factory.mktemp("x") / "output_a_b.csv"
    path.write_bytes(data[:at] + damage + data[at + length :])
    with contextlib.suppress(TinygestError):
        layout = MAP if name == "ts" else CsvLayout()
        options = ImportOptions(**{**vars(EVERYTHING), "layout": layout})
        list(open_source(name, path, options).recordings)


@pytest.mark.parametrize(
    "data",
    [b"[" * 100_000, b'[{"a":' * 50_000, b"\xff\xfe[\0", b"PK\x03\x04zip", b"\0" * 100],
    ids=["brackets", "maps", "utf-16", "zip", "zeros"],
)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_hostile_bytes(put, name, data):
    path = put("output_a_b.csv", data)
    with pytest.raises(TinygestError) as caught:
        list(
            open_source(
                name, path, EVERYTHING if name == "ts" else ImportOptions(**SAID, accel_unit="g")
            ).recordings
        )
    assert len(str(caught.value)) < 500


def test_what_is_packed_or_nothing_is_told(put, tmp_path):
    for data, reason in (
        (b"PK\x03\x04zip", "unpack it"),
        (b"\x1f\x8b\x08", "unpack it"),
        (b"hello", "no format"),
    ):
        with pytest.raises(FormatError, match=reason):
            recognise(put("x.json", data))
    (tmp_path / "none").mkdir()
    with pytest.raises(FormatError, match="no file of a format"):
        recognise(tmp_path / "none")
