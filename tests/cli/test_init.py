from __future__ import annotations

from tinygest.store.project import Project


def test_starts_a_project(cli, tmp_path):
    finished = cli("init", tmp_path / "p", "--labels", "jab, left hook", "--rate-hz", "50")
    assert finished.status == 0
    assert "tinygest -p" in finished.out
    config = Project.open(tmp_path / "p").config
    assert config.labels == ("jab", "left hook")
    assert config.sensor.rate_hz == 50


def test_json(cli, tmp_path):
    assert cli("init", tmp_path / "p", "--json").json == {"project": str(tmp_path / "p"), "labels": []}


def test_refusals_leave_nothing(cli, tmp_path):
    for options in (["--labels", "unknown"], ["--labels", "a/b"], ["--rate-hz", "0"], ["--rate-hz", "nan"]):
        finished = cli("init", tmp_path / "p", *options)
        assert finished.status == 1
        assert finished.err.startswith("tinygest: ")
        assert finished.err.count("\n") == 1
        assert not (tmp_path / "p").exists()
    cli("init", tmp_path / "p")
    assert "a project already" in cli("init", tmp_path / "p").err
