from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinygest.core.errors import FormatError, TinygestError, UsageError
from tinygest.core.labels import Interval, Segment
from tinygest.core.recording import Gap
from tinygest.formats.base import CsvLayout, Imported, ImportOptions
from tinygest.formats.registry import open_source

from .round_trip import items, joined, meaning, there_and_back

COLUMNS = {"az": "accel_z", "ax": "accel_x", "ay": "accel_y"}


def read(path: Path, columns=COLUMNS, **options) -> list[Imported]:
    layout = {
        "time_column",
        "time_unit",
        "label_column",
        "unlabelled",
        "subject_column",
        "separator",
        "decimal",
    }
    csv_layout = CsvLayout(columns, **{name: options.pop(name) for name in layout & set(options)})
    said = {"rate_hz": 100.0, "accel_unit": "g", **options}
    return list(open_source("csv", path, ImportOptions(**said, layout=csv_layout)).recordings)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "my walk (1).csv"
    labels = ["", "none", "jab", "jab", "hook", "jab", "", "none"]
    rows = [f"{i * 10},{i},{-i},0.5,{label},S1" for i, label in enumerate(labels)]
    path.write_text("\n".join(["ms,accel_y,accel_z,accel_x,what,who", *rows]))
    return path


def test_columns_are_mapped_to_channels(file):
    (imported,) = read(file)
    recording = imported.recording
    assert recording.id == "my_walk_1_"
    assert recording.info.contract.channel_names == ("ax", "ay", "az")
    assert recording.samples[2].tolist() == [1024, 4096, -4096]
    assert recording.info.source["columns"] == {"ax": "accel_x", "ay": "accel_y", "az": "accel_z"}
    assert recording.info.contract.frame == "imported:my walk (1)"
    assert (imported.track.segments, imported.track.reviewed) == ((), ())
    assert recording.info.measured_rate_hz is None


def test_labels_and_subject_from_columns(file):
    (imported,) = read(file, label_column="what", unlabelled=("none",), subject_column="who")
    assert imported.track.segments == (
        Segment(2, 4, "jab", "import"),
        Segment(4, 5, "hook", "import"),
        Segment(5, 6, "jab", "import"),
    )
    assert imported.track.reviewed == (Interval(0, 8),)
    assert imported.recording.meta.subject == "S1"
    (imported,) = read(file, label_column="what", reviewed=False)
    assert imported.track.reviewed == ()


def test_separate_captures(file):
    (imported,) = read(file, label_column="what", unlabelled=("none",), continuous=False)
    assert imported.recording.info.gaps == (Gap(2), Gap(4), Gap(5), Gap(6))


def test_times_give_rate_and_gaps(tmp_path):
    path = tmp_path / "a.csv"
    times = [*range(0, 500, 10), *range(600, 1000, 10)]
    path.write_text("t,ax\n" + "\n".join(f"{t},{t % 7}" for t in times))
    (imported,) = read(path, {}, time_column="t", time_unit="ms")
    assert imported.recording.info.gaps == (Gap(50, 10),)
    assert imported.recording.info.measured_rate_hz == pytest.approx(100)
    with pytest.raises(UsageError, match=r"--rate-hz; the times suggest 100\.00"):
        read(path, {}, time_column="t", time_unit="ms", rate_hz=None)


@pytest.mark.parametrize("jump", [1e12, 1e300, 1.7e308])
def test_times_that_jump_beyond_all_counting_are_refused(tmp_path, jump):
    path = tmp_path / "a.csv"
    times = [*range(0, 500, 10), *(jump + t for t in range(600, 1000, 10))]
    path.write_text("t,ax\n" + "\n".join(f"{t},{i % 7}" for i, t in enumerate(times)))
    with pytest.raises(FormatError, match=r"a\.csv, line 52: time jumps here"):
        read(path, {}, time_column="t", time_unit="ms")


def test_european_notation_and_plain_names(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("gx;ax\n-1,5;0,25\n2;-0,25\n")
    (imported,) = read(path, {}, separator=";", decimal=",", gyro_unit="deg/s")
    assert imported.recording.info.contract.channel_names == ("ax", "gx")
    np.testing.assert_array_equal(imported.recording.samples, [[512, -25], [-512, 33]])


def test_a_folder_is_many_recordings(tmp_path):
    for name in ("b.csv", "a.CSV", ".hidden.csv", "notes.txt"):
        (tmp_path / name).write_text("ax\n1\n2\n")
    assert [imported.recording.id for imported in read(tmp_path, {})] == ["a", "b"]
    (tmp_path / "c.csv").write_text("ax,ay\n1,2\n")
    with pytest.raises(FormatError, match=r"c\.csv.*other channels"):
        read(tmp_path, {})


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"rate_hz": None}, "--rate-hz"),
        ({"accel_unit": None}, "--accel-unit"),
        ({"columns": {"gx": "accel_x"}}, "--gyro-unit"),
        ({"columns": {"accel_x": "ax"}}, "'accel_x' is not a channel"),
        ({"columns": {}}, "--map ax=COLUMN"),
        ({"columns": {"ax": "accel_x", "ay": "accel_x"}}, "'accel_x' stands for 2 channels"),
        ({"columns": {}, "separator": ";"}, "has one column, .* say --separator ','"),
        ({"time_column": "ms", "time_unit": "h"}, "--time-unit"),
        ({"separator": ";;"}, "--separator"),
        ({"decimal": ","}, "not that of --decimal"),
    ],
)
def test_what_is_missing_is_asked_for(file, options, reason):
    with pytest.raises(UsageError, match=reason):
        read(file, **options)


@pytest.mark.parametrize(
    ("old", "new", "options", "reason"),
    [
        ("accel_z", "accel_y", {}, "line 1: column names repeat"),
        ("accel_z", "z", {}, "no column 'accel_z'"),
        ("30,3,-3", "30,3,-3e", {}, "line 5: accel_z is '-3e'"),
        ("30,3,-3", "5,3,-3", {"time_column": "ms"}, "line 5: time runs backwards"),
        ("hook", "ho/ok", {"label_column": "what"}, "line 6: label 'ho/ok' is not usable"),
        ("hook,S1", "hook,S2", {"subject_column": "who"}, "line 6: subject 'S2'"),
        ("hook,S1", "hook", {"label_column": "what"}, "line 6: has 5 fields"),
        ("", "", {"rate_hz": 0.0}, "rate 0"),
        ("", "", {"rate_hz": float("nan")}, "rate nan"),
        ("", "", {"accel_unit": "rad/s"}, "no unit of that"),
        ("", "", {"prefix": "../"}, "recording id"),
    ],
)
def test_damage_names_file_and_place(file, old, new, options, reason):
    file.write_text(file.read_text().replace(old, new, 1))
    with pytest.raises(FormatError, match=reason) as caught:
        read(file, **options)
    assert file.name in str(caught.value)


@given(st.integers(0, 300), st.integers(0, 30) | st.just(1000), st.binary(max_size=6))
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mutated_files_are_read_or_refused(file, at, n_removed, inserted):
    original = file.read_bytes()
    file.write_bytes(original[:at] + inserted + original[at + n_removed :])
    refused = "on one line"
    try:
        (imported,) = read(
            file, label_column="what", subject_column="who", time_column="ms", time_unit="ms"
        )
        imported.track.check(imported.recording.info.n_samples)
    except TinygestError as error:
        refused = str(error)
    finally:
        file.write_bytes(original)
    assert len(refused.splitlines()) == 1


@given(items())
@settings(deadline=None, max_examples=50)
def test_out_and_in_again(item):
    contract = item.recording.info.contract
    layout = CsvLayout(time_column="t_s", label_column="label", subject_column="subject")
    scale = {channel.unit: channel.counts_per_unit for channel in contract.channels}
    options = ImportOptions(
        rate_hz=contract.rate_hz,
        accel_unit="g",
        gyro_unit="deg/s",
        gravity=contract.channels[0].quantity != "linear_acceleration",
        counts_per_g=scale.get("g"),
        counts_per_dps=scale.get("deg/s"),
        frame=contract.frame,
        reviewed=False,
        accept_faults=True,
        layout=layout,
    )
    backs, _ = there_and_back("csv", [item], options)
    samples, rows = joined(backs)
    np.testing.assert_array_equal(samples, item.recording.samples)
    assert rows == meaning(item.track, item.recording.info.n_samples)
    assert {back.recording.info.contract for back in backs} == {contract}
    assert {back.recording.meta.subject for back in backs} == {item.recording.meta.subject}
