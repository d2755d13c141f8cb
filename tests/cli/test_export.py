from __future__ import annotations

import json

import pytest

from tinygest.store.project import Project


@pytest.fixture
def project(cli, tmp_path):
    """One recording of 40 rows, half of it labelled."""
    rows = "\n".join(f"{i % 5},{i % 7},{-i % 3},{'wave' if i < 20 else ''}" for i in range(40))
    (tmp_path / "r.csv").write_text(f"ax,ay,az,label\n{rows}\n")
    cli("init", tmp_path / "p")
    options = "--format csv --rate-hz 50 --accel-unit g --label-column label --subject S1"
    assert cli("-p", tmp_path / "p", "import", tmp_path / "r.csv", *options.split()).status == 0
    return tmp_path / "p"


def test_out_and_in_again(cli, project, tmp_path):
    finished = cli("-p", project, "export", tmp_path / "out", "--format", "edge-impulse")
    assert finished.status == 0, finished.err
    assert f"to bring them back: tinygest import {tmp_path / 'out'}" in finished.out
    cli("init", tmp_path / "q")
    assert cli("-p", tmp_path / "q", "import", tmp_path / "out").status == 0
    before, after = Project.open(project), Project.open(tmp_path / "q")
    assert (before.load("r").samples == after.load("r").samples).all()
    assert before.labels("r") == after.labels("r")
    assert after.entry("r").meta.subject == "S1"


def test_a_preview_stores_nothing_and_names_all_that_is_missing(cli, project, tmp_path):
    finished = cli("-p", tmp_path, "import", tmp_path / "r.csv", "--dry-run")
    assert finished.status == 0, finished.err
    assert "csv: 1 recordings, 40 samples" in finished.out
    assert "missing: the sample rate; say it with --rate-hz" in finished.out
    assert "missing: the unit of acceleration; say it with --accel-unit" in finished.out
    options = ["--rate-hz", "50", "--accel-unit", "g", "--label-column", "label", "--format", "csv"]
    preview = cli("import", tmp_path / "r.csv", "--dry-run", "--json", *options).json
    assert preview["missing"] == []
    assert preview["labels"] == {"wave": 1}
    assert preview["units"] == {"ax": ["g"], "ay": ["g"], "az": ["g"]}
    assert (preview["rates_hz"], preview["duration_s"]) == ([50], 0.8)


@pytest.mark.parametrize(
    "call",
    [
        (["--format", "xls"], 2, "'xls' is not one of"),
        (["--format", "edge-impulse", "--where", "subject=S9"], 1, "no recording is chosen"),
        (["--format", "edge-impulse", "--where", "x"], 2, "x"),
        ([], 2, "--format"),
    ],
)
def test_wrong_calls_leave_nothing(cli, project, tmp_path, call):
    options, status, reason = call
    finished = cli("-p", project, "export", tmp_path / "new", *options)
    assert finished.status == status
    assert reason in finished.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p", "r.csv"]


def test_nothing_is_overwritten(cli, project, tmp_path):
    finished = cli("-p", project, "export", tmp_path / "p", "--format", "edge-impulse")
    assert (finished.status, finished.err.count("\n")) == (1, 1)
    assert "exists already" in finished.err


def test_the_key_signs(cli, project, tmp_path):
    cli("-p", project, "export", tmp_path / "out", "--format", "edge-impulse", "--key", "k")
    document = json.loads((tmp_path / "out" / "training" / "r.json").read_bytes())
    assert document["protected"]["alg"] == "HS256"
    cli("init", tmp_path / "q")
    wrong = cli("-p", tmp_path / "q", "import", tmp_path / "out", "--key", "x")
    assert (wrong.status, wrong.err.count("\n")) == (1, 1)
    assert cli("-p", tmp_path / "q", "import", tmp_path / "out", "--key", "k").status == 0
