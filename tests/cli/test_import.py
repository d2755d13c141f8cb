from __future__ import annotations

import json

import numpy as np
import pytest

from tinygest.store.project import Project


@pytest.fixture
def data(tmp_path):
    """An imu-csv set of two recordings, 80 samples each."""
    root = tmp_path / "gestures"
    (root / "rec").mkdir(parents=True)
    for name in ("a", "b"):
        values = np.random.default_rng(ord(name)).normal(0, 1, (80, 6)).round(3)
        rows = [f"{i / 50:.2f},{','.join(map(str, row))}" for i, row in enumerate(values)]
        (root / "rec" / f"{name}.csv").write_text("\n".join(["t_s,ax,ay,az,gx,gy,gz", *rows]))
    (root / "labels.csv").write_text(
        "file,start_sample,end_sample,label,subject\na.csv,0,20,wave,S1\nb.csv,5,25,tap,S2\nb.csv,30,40,tap,S2\n"
    )
    (root / "dataset.json").write_text(
        json.dumps(
            {"rate_hz": 50, "acc_unit": "g", "gyro_unit": "deg/s", "gravity": True, "continuous": True}
        )
    )
    return root


@pytest.fixture
def project(cli, tmp_path):
    cli("init", tmp_path / "p")
    return tmp_path / "p"


def content(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and path.name != "lock"}


def test_a_set_comes_in_and_again_does_nothing(cli, project, data):
    finished = cli("-p", project, "import", data, "--format", "imu-csv")
    assert finished.status == 0, finished.err
    assert "2 recordings" in finished.out
    assert "tap: 2" in finished.out
    before = content(project)
    again = cli("-p", project, "import", data, "--format", "imu-csv", "--json").json
    assert (again["added"], again["already_there"]) == ([], ["a", "b"])
    assert content(project) == before


def test_options_reach_the_importer(cli, project, data):
    options = [
        "--prefix",
        "m_",
        "--side",
        "left",
        "--not-reviewed",
        "--separate",
        "--no-gravity",
        "--frame",
        "wrist",
    ]
    cli("-p", project, "import", data, "--format", "imu-csv", *options)
    entry = Project.open(project).entry("m_b")
    assert entry.meta.side == "left"
    assert entry.info.contract.frame == "wrist"
    assert entry.info.contract.channels[0].quantity == "linear_acceleration"
    assert [gap.at for gap in entry.info.gaps] == [5, 25, 30, 40]
    assert Project.open(project).labels("m_b").reviewed == ()


def test_any_csv(cli, project, tmp_path):
    file = tmp_path / "walk.csv"
    file.write_text("when;x;y;what\n0;1,5;2;rest\n20;1;2,5;go\n40;1;2;go\n")
    options = (
        "--map ax=x,gy=y --rate-hz 50 --accel-unit g --gyro-unit rad/s --time-column when --time-unit ms"
    )
    more = "--label-column what --unlabelled rest --separator ; --decimal , --subject S1"
    finished = cli(
        "-p", project, "import", file, "--format", "csv", *options.split(), *more.split(), "--json"
    )
    assert finished.json["labels"] == {"go": 1}
    assert finished.json["subjects"] == ["S1"]
    assert Project.open(project).load("walk").samples[:, 0].tolist() == [3072, 2048, 2048]


@pytest.mark.parametrize(
    "damage",
    [
        ("rec/b.csv", "t_s,ax,ay,az,gx,gy,gz\n0,1,2,3,4,5,nan\n", "rec/b.csv, line 2"),
        ("rec/b.csv", "", "rec/b.csv: is empty"),
        (
            "labels.csv",
            "file,start_sample,end_sample,label,subject\nb.csv,0,81,x,S1\n",
            "labels.csv, line 2",
        ),
        ("dataset.json", "{", "dataset.json"),
    ],
)
def test_bad_data_is_one_sentence_and_leaves_the_project(cli, project, data, damage):
    name, text, reason = damage
    before = content(project)
    (data / name).write_text(text)
    finished = cli("-p", project, "import", data, "--format", "imu-csv")
    assert finished.status == 1
    assert reason in finished.err
    assert finished.err.count("\n") == 1
    assert content(project) == before


@pytest.mark.parametrize(
    "call",
    [
        (["--format", "xls"], 2, "imu-csv"),
        (["--format", "csv", "--map", "ax"], 2, "CHANNEL=COLUMN"),
        (["--format", "csv", "--map", "ax=a,ax=b"], 2, "each channel once"),
        (["--format", "imu-csv", "--map", "ax=a"], 2, "--format csv"),
        (["--format", "imu-csv", "--rate-hz", "0"], 2, "--rate-hz 0 is not possible"),
        (["--format", "imu-csv", "--rate-hz", "nan"], 2, "--rate-hz nan is not possible"),
        (["--format", "imu-csv", "--accel-unit", "ft/s"], 2, "use one of g, mg, m/s^2, counts"),
        (["--format", "imu-csv", "--gyro-unit", "g"], 2, "use one of deg/s, mdps, rad/s, counts"),
        (["--format", "imu-csv", "--accel-unit", "counts"], 2, "--counts-per-g"),
        (["--format", "imu-csv", "--gyro-unit", "counts"], 2, "--counts-per-dps"),
        (["--format", "csv", "--map", "ax=x,ay=x"], 2, "stands for 2 channels"),
    ],
)
def test_wrong_calls(cli, project, data, call):
    options, status, reason = call
    finished = cli("-p", project, "import", data, *options)
    assert finished.status == status
    assert reason in finished.err


def test_another_rate(cli, project, data):
    options = ["--format", "imu-csv", "--resample-hz"]
    finished = cli("-p", project, "import", data, *options, "0")
    assert (finished.status, finished.err.startswith("tinygest: --resample-hz: rate 0")) == (2, True)
    assert cli("-p", project, "import", data, *options, "25").status == 0
    entry = Project.open(project).entry("b")
    assert (entry.info.contract.rate_hz, entry.info.n_samples) == (25, 40)
    assert [s.start for s in Project.open(project).labels("b").segments] == [3, 15]


def test_remarks_are_told_once_for_many_recordings(cli, project, data):
    finished = cli("-p", project, "import", data, "--format", "imu-csv", "--rate-hz", "40")
    assert finished.status == 0
    assert finished.err == (
        "note: times do not fit the rate of 40 Hz: a.csv: 50.0 Hz by its times (and 1 more)\n"
    )


def test_outside_a_project(cli, tmp_path, data):
    finished = cli("-p", tmp_path, "import", data, "--format", "imu-csv")
    assert finished.status == 1
    assert "no tinygest project" in finished.err
    assert finished.err.count("\n") == 1
