from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinygest.core.errors import FormatError, TinygestError, UsageError
from tinygest.core.labels import Interval, Segment
from tinygest.core.recording import Gap
from tinygest.formats.base import CsvLayout, ImportOptions, ImportSource
from tinygest.formats.registry import open_source


def read(dataset, **options) -> ImportSource:
    return open_source("imu-csv", dataset.root, ImportOptions(**options))


def read_all(dataset, **options):
    return list(read(dataset, **options).recordings)


def test_samples_labels_and_origin(dataset):
    one, two = read_all(dataset)
    assert (one.recording.id, two.recording.id) == ("one", "two")
    values = dataset.values["one.csv"]
    expected = np.rint(values * ([2048] * 3 + [16.384] * 3)).astype(np.int16)
    np.testing.assert_array_equal(one.recording.samples, expected)
    assert one.track.segments == (Segment(5, 10, "wave", "import"), Segment(10, 20, "tap", "import"))
    assert one.track.reviewed == (Interval(0, 40),)
    assert (one.recording.meta.subject, one.recording.meta.default_label) == ("S1", "")
    assert (two.recording.meta.subject, two.recording.meta.default_label) == ("S2", "wave")
    info = one.recording.info
    assert (info.contract.rate_hz, info.contract.frame) == (100, "imported:gestures")
    assert info.measured_rate_hz == pytest.approx(100)
    assert info.source["file"] == "rec/one.csv"
    assert info.source["channels"]["gx"] == {"unit": "deg/s", "factor": 1.0, "to": "deg/s"}
    assert info.continuous
    assert one.remarks == ()


def test_separate_captures_have_a_gap_at_every_border(dataset):
    dataset.describe(continuous=False)
    one, two = read_all(dataset)
    assert one.recording.info.gaps == (Gap(5), Gap(10), Gap(20))
    assert two.recording.info.gaps == ()
    assert not one.recording.info.continuous
    assert one.track.reviewed == ()


def test_without_gravity_it_is_linear_acceleration(dataset):
    dataset.describe(gravity=False)
    contract = read_all(dataset)[0].recording.info.contract
    assert [channel.quantity for channel in contract.channels] == ["linear_acceleration"] * 3 + [
        "rotation"
    ] * 3


def test_accelerometer_only(dataset):
    for name in dataset.values:
        lines = dataset.text(f"rec/{name}").splitlines()
        dataset.write(f"rec/{name}", "\n".join(",".join(line.split(",")[:4]) for line in lines))
    dataset.describe(gyro_unit=None)
    assert read_all(dataset)[0].recording.info.contract.channel_names == ("ax", "ay", "az")


def test_options_say_what_the_data_do_not(dataset):
    dataset.describe(rate_hz=None, acc_unit=None, gyro_unit=None, gravity=None, continuous=None)
    said = {
        "rate_hz": 50.0,
        "accel_unit": "mg",
        "gyro_unit": "rad/s",
        "gravity": True,
        "continuous": True,
        "reviewed": False,
        "counts_per_g": 8192.0,
        "frame": "wrist",
        "prefix": "p_",
        "side": "left",
        "session": "a",
        "subject": "ignored where the data know better",
    }
    one = read_all(dataset, **said)[0]
    assert one.recording.id == "p_one"
    contract = one.recording.info.contract
    assert (contract.rate_hz, contract.frame, contract.channels[0].counts_per_unit) == (50, "wrist", 8192)
    meta = one.recording.meta
    assert (meta.subject, meta.side, meta.session) == ("S1", "left", "a")
    assert one.track.reviewed == ()
    assert [remark.kind for remark in one.remarks] == ["times do not fit the rate of 50 Hz"]


@pytest.mark.parametrize(
    ("key", "option"),
    [
        ("rate_hz", "--rate-hz"),
        ("acc_unit", "--accel-unit"),
        ("gyro_unit", "--gyro-unit"),
        ("gravity", "--gravity or --no-gravity"),
        ("continuous", "--continuous or --separate"),
    ],
)
def test_what_is_missing_is_asked_for(dataset, key, option):
    dataset.describe(**{key: None})
    with pytest.raises(UsageError, match=option):
        read_all(dataset)


def test_ordinary_words_are_ordinary_labels(dataset):
    dataset.replace("labels.csv", "tap", "negative")
    dataset.replace("labels.csv", "wave", "seated")
    labels = {segment.label for segment in read_all(dataset)[0].track.segments}
    assert labels == {"negative", "seated"}


def test_a_recording_without_labels_is_not_reviewed(dataset):
    dataset.replace("labels.csv", "two.csv,0,40,wave,S2\n", "")
    two = read_all(dataset)[1]
    assert (two.track.segments, two.track.reviewed) == ((), ())
    assert two.remarks[0].kind == "recordings that labels.csv does not mention"


def test_a_set_that_lost_files_is_remarked(dataset):
    dataset.describe(n_recordings=3)
    assert "announces 3" in read(dataset).remarks[0].detail


def test_missing_samples_become_gaps(dataset):
    lines = dataset.text("rec/one.csv").splitlines()
    dataset.write("rec/one.csv", "\n".join(lines[:21] + lines[25:]))
    one = read_all(dataset)[0]
    assert one.recording.info.gaps == (Gap(20, 4),)
    assert one.remarks[0].kind == "missing samples by their times"


@pytest.mark.parametrize(
    ("name", "old", "new", "reason"),
    [
        ("rec/one.csv", "t_s,ax", "t,ax", r"one\.csv, line 1: has columns t,ax"),
        ("rec/one.csv", "0.03,", "0.3,", r"one\.csv, line 6: time runs backwards"),
        ("rec/one.csv", "0.03,", "0.03,nan,", r"one\.csv, line 5: has 8 fields"),
        ("rec/two.csv", "\n0.03,", "\n0.03a,", r"two\.csv, line 5: t_s is '0\.03a'"),
        (
            "labels.csv",
            "one.csv",
            "../one.csv",
            r"labels\.csv, line 2: '\.\./one\.csv' is not a file in rec/",
        ),
        ("labels.csv", "one.csv", "/etc/passwd", "line 2.*not a file"),
        ("labels.csv", "one.csv", "none.csv", "line 2.*not a file"),
        ("labels.csv", "5,10", "5,41", r"line 2: segment \[5, 41\) is not inside \[0, 40\)"),
        ("labels.csv", "5,10", "-5,10", "line 2: '-5' is not a row number"),
        ("labels.csv", "5,10", "5.0,10", "line 2.*row number"),
        ("labels.csv", "5,10", "10,10", "line 2.*not inside"),
        ("labels.csv", "5,10", f"5,{'9' * 30}", "line 2.*row number"),
        ("labels.csv", "5,10", "5,11", "line 3.*overlaps"),
        ("labels.csv", "wave", "unknown", "line 2.*no label is sure"),
        ("labels.csv", "wave", "../wave", "line 2.*not usable"),
        ("labels.csv", "wave", "", "line 2.*not usable"),
        ("labels.csv", "tap,S1", "tap,S2", "line 3: subject 'S2' in a recording of 'S1'"),
        ("labels.csv", ",S1", "", r"line 2: has 4 fields"),
        ("labels.csv", "label", "lable", "has columns"),
        ("dataset.json", "100", "0", "rate 0 Hz"),
        ("dataset.json", "100", "-1", "rate"),
        ("dataset.json", "100", "1e999", "dataset"),
        ("dataset.json", "100", '"100"', r"rate_hz"),
        ("dataset.json", "100", "NaN", "dataset"),
        ("dataset.json", '"g"', '"stone"', "stone.*is not known"),
        ("dataset.json", '"g"', '"deg/s"', "not a unit of what is measured in g"),
        ("dataset.json", '"g"', '"g", "acc_to_ms2": 1.0', "contradict"),
        ("dataset.json", "}", "", "dataset"),
    ],
)
def test_damage_names_file_and_place(dataset, name, old, new, reason):
    dataset.replace(name, old, new)
    with pytest.raises(FormatError, match=reason):
        read_all(dataset)


def test_endless_texts_are_refused_briefly(dataset):
    for word in ("one.csv", "wave", "5", "S2", "S1"):
        original = dataset.text("labels.csv")
        dataset.replace("labels.csv", word, "9" * 100_000)
        with pytest.raises(FormatError) as caught:
            read_all(dataset)
        assert len(str(caught.value).replace(str(dataset.root), "")) < 300
        dataset.write("labels.csv", original)


def test_channels_must_not_change_within_a_set(dataset):
    lines = dataset.text("rec/two.csv").splitlines()
    dataset.write("rec/two.csv", "\n".join(",".join(line.split(",")[:4]) for line in lines))
    with pytest.raises(FormatError, match=r"two\.csv.*other columns"):
        read_all(dataset)


@pytest.mark.parametrize("name", ["dataset.json", "labels.csv", "rec/one.csv"])
def test_empty_and_missing_files(dataset, name):
    dataset.write(name, b"")
    with pytest.raises(FormatError, match=name.rpartition("/")[2]):
        read_all(dataset)
    (dataset.root / name).unlink()
    with pytest.raises(FormatError):
        read_all(dataset)


def test_a_header_without_samples(dataset):
    dataset.write("rec/two.csv", "t_s,ax,ay,az,gx,gy,gz\n")
    dataset.replace("labels.csv", "two.csv,0,40,wave,S2\n", "")
    with pytest.raises(FormatError, match=r"two\.csv.*no samples"):
        read_all(dataset)


def test_clipping_is_counted_and_remarked(dataset):
    dataset.replace("rec/one.csv", "\n0.05,", "\n0.05,17.0,0,0,0,0,0\n0.05,")
    lines = dataset.text("rec/one.csv").splitlines()
    line = next(i for i, text in enumerate(lines) if text.startswith("0.05,17.0"))
    dataset.write("rec/one.csv", "\n".join(lines[: line + 1] + lines[line + 2 :]))
    one = read_all(dataset)[0]
    assert one.recording.info.n_clipped == {"ax": 1}
    assert one.recording.samples[5, 0] == 32767
    assert one.remarks[0].kind == "clipped samples"


def test_a_wrong_unit_shows_as_clipping(dataset):
    with pytest.raises(
        FormatError, match=r"one\.csv.*outside the range.*is the unit right.*--accept-faults"
    ):
        read_all(dataset, counts_per_g=2e6)
    remarks = read_all(dataset, counts_per_g=2e6, accept_faults=True)[0].remarks
    assert {remark.kind for remark in remarks} == {"mostly clipped", "clipped samples"}


def test_a_constant_channel_is_refused(dataset):
    header, *lines = dataset.text("rec/one.csv").splitlines()
    still = [",".join((*line.split(",")[:6], "0.25")) for line in lines]
    dataset.write("rec/one.csv", "\n".join((header, *still)))
    dataset.describe(rate_hz=30)
    with pytest.raises(FormatError, match=r"one\.csv: gz never changes"):
        read_all(dataset)
    assert read_all(dataset, accept_faults=True)[0].remarks[0].kind == "constant channel"


def test_column_options_belong_to_the_other_format(dataset):
    with pytest.raises(UsageError, match="--format csv"):
        read(dataset, layout=CsvLayout(time_column="t"))
    with pytest.raises(UsageError, match="'xls' is not one of imu-csv"):
        open_source("xls", dataset.root, ImportOptions())


@given(
    st.sampled_from(["rec/one.csv", "labels.csv", "dataset.json"]),
    st.integers(0, 2500),
    st.integers(0, 40) | st.just(10_000),  # 10_000: the rest is cut off
    st.binary(max_size=6) | st.sampled_from([b",", b"\n", b"\r", b'"', b"1e9", b"nan", b"\0", b"..", b"/"]),
)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mutated_files_are_read_or_refused(dataset, name, at, n_removed, inserted):
    original = dataset.text(name).encode()
    at = min(at, len(original))
    dataset.write(name, original[:at] + inserted + original[at + n_removed :])
    refused = "on one line"
    try:
        for imported in read_all(dataset):
            imported.track.check(imported.recording.info.n_samples)
    except TinygestError as error:
        refused = str(error)
    finally:
        dataset.write(name, original)
    assert len(refused.splitlines()) == 1


@pytest.mark.parametrize("name", ["magic_wand", "nano33_spells", "tug_watch", "uhh_gestures", "utd_mhad"])
def test_real_recordings(shared_dir, name):
    """The first recordings of a real set, against its own description."""
    source = open_source("imu-csv", shared_dir / "data" / name, ImportOptions())
    for imported in itertools.islice(source.recordings, 4):
        info = imported.recording.info
        assert info.continuous == (name in ("tug_watch", "uhh_gestures"))
        assert info.n_clipped == {}
        assert imported.recording.meta.subject
        assert imported.track.segments
        gravity = np.linalg.norm(imported.recording.samples[:, :3].astype(float), axis=1).mean() / 2048
        if name == "uhh_gestures":
            assert info.contract.channels[0].quantity == "linear_acceleration"
            assert gravity < 1.0
        else:
            assert 0.7 < gravity < 3.0  # captures of fast movements are above 1 g on average
