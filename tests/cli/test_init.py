from __future__ import annotations

from tinygest.simulate.movements import PUNCH_LABELS
from tinygest.store.project import Project


def test_starts_a_project(cli, tmp_path):
    finished = cli("init", tmp_path / "p", "--labels", "jab, left hook", "--rate-hz", "50")
    assert finished.status == 0
    assert "tinygest -p" in finished.out
    config = Project.open(tmp_path / "p").config
    assert config.labels == ("jab", "left hook")
    assert config.sensor.rate_hz == 50


def test_json(cli, tmp_path):
    assert cli("init", tmp_path / "p", "--json").json == {
        "project": str(tmp_path / "p"),
        "labels": [],
        "n_recordings": 0,
    }


def test_refusals_leave_nothing(cli, tmp_path):
    for options in (["--labels", "unknown"], ["--labels", "a/b"], ["--rate-hz", "0"], ["--rate-hz", "nan"]):
        finished = cli("init", tmp_path / "p", *options)
        assert finished.status == 1
        assert finished.err.startswith("tinygest: ")
        assert finished.err.count("\n") == 1
        assert not (tmp_path / "p").exists()
    cli("init", tmp_path / "p")
    assert "a project already" in cli("init", tmp_path / "p").err


def test_example_is_a_simulated_project(cli, tmp_path):
    finished = cli("init", tmp_path / "p", "--example", "boxing")
    assert finished.status == 0
    assert "24 simulated recordings" in finished.out
    rows = cli("-p", tmp_path / "p", "recordings", "--where", "board=rev1 side=left", "--json").json
    assert {row["subject"] for row in rows} == {f"P{i}" for i in range(1, 7)}
    assert all(row["labels"].keys() == set(PUNCH_LABELS) for row in rows)


def test_example_refusals_leave_nothing(cli, tmp_path):
    assert "boxing" in cli("init", tmp_path / "p", "--example", "ballet").err
    finished = cli("init", tmp_path / "p", "--example", "boxing", "--labels", "jab")
    assert finished.status == 2
    assert not (tmp_path / "p").exists()
