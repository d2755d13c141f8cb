import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from tinygest.cli.app import app
from tinygest.store.project import Project

QUICK = ["--family", "dense", "--steps", "100", "--copies", "2", "--no-validate", "--threads", "1"]


@pytest.fixture
def project(tmp_path, burst_recordings):
    made = Project.create(tmp_path / "P")
    for recording, track in burst_recordings(2):
        made.add(recording, track)
    return made


def test_train_tells_people_and_machines(project):
    shown = CliRunner().invoke(app, ["-p", str(project.root), "train", "--name", "punch", *QUICK])
    assert shown.exit_code == 0, shown.output
    assert "punch/1" in shown.output
    assert "parameters" in shown.output
    as_json = ["-p", str(project.root), "train", "--name", "punch", *QUICK, "--labels", "x, y", "--json"]
    told = json.loads(CliRunner().invoke(app, as_json).stdout)
    assert told["model"] == "punch/2"
    assert told["model_id"] == project.bundle("punch").model_id
    assert project.bundle("punch").contract.classes == ("x", "y")
    assert list(told["examples"]) == ["x", "y"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--name", "int"], "model name 'int' is a reserved word"),
        (["--name", "a/b"], "cannot be used in C"),
        (
            ["--name", "punch", "--labels", "hook"],
            "no chosen segment is labelled 'hook'; there are x, y, z",
        ),
        (["--name", "punch", "--where", "subject=S9"], "no recording matches 'subject=S9'"),
    ],
)
def test_what_cannot_work_is_one_sentence_and_status_1(project, arguments, sentence):
    command = [sys.executable, "-m", "tinygest", "-p", str(project.root), "train", *arguments]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 1
    assert sentence in finished.stderr
    assert len(finished.stderr.splitlines()) == 1
    assert project.models() == {}
