from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import math

import cbor2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import FormatError, TinygestError, UsageError
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.formats.base import CsvLayout, ImportOptions
from tinygest.formats.edge_impulse_export import encode_acquisition
from tinygest.formats.export_base import Item
from tinygest.formats.registry import open_source, recognise

from .round_trip import items, joined, meaning, there_and_back

KEY = "0123456789abcdef"


def document(n=10, **payload):
    values = [[0.1 * i, 9.81, -0.5 * i] for i in range(n)]
    sensors = [{"name": f"acc{axis}", "units": "m/s2"} for axis in "XYZ"]
    return {
        "protected": {"ver": "v1", "alg": "none"},
        "signature": "0" * 64,
        "payload": {"device_type": "X", "interval_ms": 10, "sensors": sensors, "values": values, **payload},
    }


def read(path, **options):
    return list(
        open_source("edge-impulse", path, ImportOptions(**{"accept_faults": True, **options})).recordings
    )


@pytest.fixture
def put(tmp_path):
    def write(content, name="wave.1.json"):
        path = tmp_path / "set" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        path.write_bytes(content)
        return path

    return write


def test_json(put):
    path = put(document())
    assert recognise(path) == "edge-impulse"
    (one,) = read(path)
    info = one.recording.info
    assert (one.recording.id, info.contract.rate_hz) == ("wave.1", 100)
    assert one.recording.samples[2].tolist() == [
        round(0.2 / 9.80665 * 2048),
        2049,
        round(-1 / 9.80665 * 2048),
    ]
    assert one.track.segments == (Segment(0, 10, "wave", "import"),)
    assert [remark.kind for remark in one.remarks][-1] == "labels taken from file names"


def cbor_with_indefinite_rows(tree):
    """As Edge Impulse's firmware writes it: the rows in an array that says its end last."""
    values = tree["payload"].pop("values")
    head = cbor2.dumps(tree)
    # The payload is the last map of the tree: one more pair, and the rows behind everything else.
    n_pairs = len(tree["payload"])
    mark = cbor2.dumps("payload") + bytes([0xA0 + n_pairs])
    assert head.count(mark) == 1
    head = head.replace(mark, cbor2.dumps("payload") + bytes([0xA0 + n_pairs + 1]))
    return head + cbor2.dumps("values") + b"\x9f" + b"".join(map(cbor2.dumps, values)) + b"\xff"


def test_cbor_is_the_same_tree(put):
    expected = read(put(document()))[0].recording.samples
    for number, data in enumerate((cbor2.dumps(document()), cbor_with_indefinite_rows(document()))):
        path = put(data, f"wave.{number}.cbor")
        assert recognise(path) == "edge-impulse"
        np.testing.assert_array_equal(read(path)[0].recording.samples, expected)


def signed(tree, dumps):
    tree["protected"]["alg"] = "HS256"
    digest = hmac.new(KEY.encode(), dumps(tree), hashlib.sha256).hexdigest()
    return dumps(tree).replace(b"0" * 64, digest.encode())


@pytest.mark.parametrize("dumps", [lambda tree: json.dumps(tree).encode(), cbor2.dumps])
def test_signatures(put, dumps):
    data = signed(document(), dumps)
    path = put(data)
    assert len(read(path, key=KEY)) == 1
    assert "signatures not checked (no --key)" in {remark.kind for remark in read(path)[0].remarks}
    with pytest.raises(FormatError, match="does not fit its signature"):
        read(path, key=KEY + "0")
    with pytest.raises(FormatError, match="not signed"):
        read(put(document()), key=KEY)


@given(st.data())
@settings(deadline=None, max_examples=60)
def test_no_changed_byte_passes(tmp_path_factory, data):
    original = signed(document(3), lambda tree: json.dumps(tree).encode())
    at = data.draw(st.integers(0, len(original) - 1))
    changed = bytearray(original)
    changed[at] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("ei") / "a.json"
    path.write_bytes(changed)
    if changed.lower() == original:  # hexadecimal digits mean the same in capitals
        return
    with pytest.raises(FormatError):
        read(path, key=KEY)


def test_our_signature_is_theirs(put):
    (one,) = read(put(document()))
    data = encode_acquisition(one.recording, KEY)
    signature = json.loads(data)["signature"]
    unsigned = data.replace(signature.encode(), b"0" * 64)
    assert hmac.new(KEY.encode(), unsigned, hashlib.sha256).hexdigest() == signature
    assert read(put(data), key=KEY)[0].recording.info.n_samples == 10


def test_one_axis_is_flat_numbers(put):
    tree = document(values=[1, 2.5, 3], sensors=[{"name": "ax", "units": "g"}])
    assert read(put(tree))[0].recording.samples.tolist() == [[2048], [5120], [6144]]


def test_unknown_names_and_units_are_asked_for(put):
    sensors = [{"name": name, "units": "N/A"} for name in ("p", "q", "r")]
    path = put(document(sensors=sensors))
    with pytest.raises(UsageError, match="--map"):
        read(path)
    layout = CsvLayout(columns={"ax": "p", "ay": "q"})
    with pytest.raises(UsageError, match="--accel-unit"):
        read(path, layout=layout)
    (one,) = read(path, layout=layout, accel_unit="g")
    assert one.recording.info.contract.channel_names == ("ax", "ay")
    assert "channels left out" in {remark.kind for remark in one.remarks}


def test_info_labels(put, tmp_path):
    for name in ("training/a.json", "testing/b.json", "testing/c.json"):
        put(document(), name)
    spans = [
        {"startIndex": 0, "endIndex": 3, "label": "wave"},
        {"startIndex": 4, "endIndex": 6, "label": "unknown"},
        {"startIndex": 7, "endIndex": 9, "label": "_unlabelled"},
    ]
    info = {
        "version": 1,
        "files": [
            {
                "path": "training/a.json",
                "category": "training",
                "label": {"type": "multi-label", "labels": spans},
                "metadata": {"Subject": "S1", "glove": "8 oz"},
                "attachments": [{"path": "../../video.mp4"}],
            },
            {"path": "testing/b.json", "category": "testing", "label": {"type": "label", "label": "tap"}},
            {"path": "testing/c.json", "label": {"type": "unlabeled"}},
            {"path": "testing/lost.json"},
        ],
    }
    put(info, "info.labels")
    source = open_source("edge-impulse", tmp_path / "set", ImportOptions(accept_faults=True))
    b, c, a = source.recordings
    assert source.remarks[0].detail == "testing/lost.json"
    assert a.track.segments == (Segment(0, 4, "wave", "import"),)
    assert a.track.reviewed == (Interval(0, 7),)
    assert a.recording.meta.subject == "S1"
    assert a.recording.meta.fields == {"glove": "8 oz", "category": "training"}
    assert "attachments skipped" in {remark.kind for remark in a.remarks}
    assert b.track.segments == (Segment(0, 10, "tap", "import"),)
    assert c.track.segments == ()
    lines = [b'{"__ndjson":true,"version":1}', *(json.dumps(entry).encode() for entry in info["files"])]
    put(b"\n".join(lines), "info.labels")
    again = read(tmp_path / "set")
    assert [one.track for one in again] == [b.track, c.track, a.track]


def test_structured_labels(put, tmp_path):
    tree = document(structured_labels=[{"startIndex": 0, "endIndex": 9, "label": "inside"}])
    put(tree, "a.json")
    put(document(), "b.json")
    spans = [{"startIndex": 2, "endIndex": 4, "label": "beside"}]
    document_ = {"version": 1, "type": "structured-labels", "structuredLabels": {"b.json": spans}}
    put(document_, "structured_labels.labels")
    a, b = read(tmp_path / "set")
    assert a.track.segments == (Segment(0, 10, "inside", "import"),)
    assert b.track.segments == (Segment(2, 5, "beside", "import"),)


@pytest.mark.parametrize("name", ["../b.json", "/etc/passwd", "..\\b.json", "C:\\b.json", "a\0b", ""])
def test_names_that_lead_out_are_refused(put, tmp_path, name):
    put(document(), "a.json")
    put({"version": 1, "files": [{"path": name}]}, "info.labels")
    with pytest.raises(FormatError, match="leads out"):
        read(tmp_path / "set")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"interval_ms": 0}, "interval_ms is 0"),
        ({"interval_ms": -1}, "interval_ms is -1"),
        ({"interval_ms": 1e-300}, "rate"),
        ({"values": []}, "no samples"),
        ({"values": [[1, 2, 3], [1, 2]]}, r"values\[1\]: has 2 values for 3 sensors"),
        ({"values": [[1, 2, 3], 4]}, r"values\[1\]"),
        ({"values": [[1, None, 3]]}, r"payload\.values\[0\]"),
        ({"values": [[1, math.nan, 3]]}, "acquisition"),
        ({"values": [[1, 1e999, 3]]}, "acquisition"),
        ({"sensors": []}, "names no sensors"),
        (
            {"structured_labels": [{"startIndex": 0, "endIndex": 10, "label": "a"}]},
            "not inside rows 0",
        ),
        ({"structured_labels": [{"startIndex": -1, "endIndex": 1, "label": "a"}]}, "not inside"),
        ({"structured_labels": [{"startIndex": 5, "endIndex": 1, "label": "a"}]}, "not inside"),
        (
            {
                "structured_labels": [
                    {"startIndex": 0, "endIndex": 3, "label": "a"},
                    {"startIndex": 3, "endIndex": 4, "label": "b"},
                ]
            },
            "overlaps",
        ),
        ({"structured_labels": [{"startIndex": 0, "endIndex": 1, "label": "../x"}]}, "not usable"),
    ],
)
def test_damage_is_told_with_its_place(put, change, reason):
    path = put(document(**change))
    with pytest.raises(FormatError, match=reason):
        read(path)


@pytest.mark.parametrize(
    "data",
    [
        b"\x9f" * 100_000,
        b"\xa3\x69protected\x9b\x10\0\0\0\0\0\0\0",
        b"\x5b\x7f" + b"\0" * 7,
        b"[" * 100_000,
        b'{"protected":' + b"[" * 100_000,
        cbor2.dumps(document(values=[[math.nan, 0.0, 0.0]])),
        cbor2.dumps(document(values=[[math.inf, 0.0, 0.0]])),
        cbor2.dumps(document())[:-3],
        b"",
        b"\xff\xfe{\0}\0",
    ],
    ids=range(10),
)
def test_hostile_files_are_one_error(put, data):
    with pytest.raises(FormatError) as caught:
        read(put(data))
    assert len(str(caught.value)) < 400


@given(
    st.binary(max_size=200),
    st.integers(0, 500),
    st.sampled_from([cbor2.dumps, lambda t: json.dumps(t).encode()]),
)
@settings(deadline=None, max_examples=100)
def test_any_bytes_are_a_recording_or_one_error(tmp_path_factory, data, at, dumps):
    path = tmp_path_factory.mktemp("ei") / "a.json"
    whole = dumps(document(3))
    path.write_bytes(whole[:at] + data + whole[at + len(data) :])
    with contextlib.suppress(TinygestError):
        read(path, key="")


@given(items())
@settings(deadline=None, max_examples=60)
def test_out_and_in_again(item):
    backs, _ = there_and_back("edge-impulse", [item], key=KEY)
    samples, rows = joined(backs)
    np.testing.assert_array_equal(samples, item.recording.samples)
    assert rows == meaning(item.track, item.recording.info.n_samples)
    assert len(backs) == 1 + len(item.recording.info.gaps)
    for back in backs:
        assert back.recording.info.contract == item.recording.info.contract
        assert back.recording.meta.subject == item.recording.meta.subject
        assert back.recording.meta.fields == {"glove": "8 oz", "category": "training"}


def test_what_is_lost_is_said():
    info = RecordingInfo(imu_contract(100), 20, (Gap(10, 3),), measured_rate_hz=99.0)
    track = LabelTrack((Segment(0, 4, "a"), Segment(4, 8, "a")))
    recording = Recording("r", info, RecordingMeta(), np.zeros((20, 6), np.int16))
    _, remarks = there_and_back("edge-impulse", [Item(recording, track)])
    assert [remark.kind for remark in remarks] == [
        "recordings cut at gaps",
        "neighbouring segments with one label become one",
        "measured rate, clock and clipped samples are left out",
    ]
