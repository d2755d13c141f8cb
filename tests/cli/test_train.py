import pytest

from tinygest.store.project import Project

QUICK = "--family dense --steps 100 --copies 2 --no-validate --no-measure".split()


@pytest.fixture
def project(tmp_path, burst_recordings):
    made = Project.create(tmp_path / "P")
    for recording, track in burst_recordings(2):
        made.add(recording, track)
    return made


def test_train_tells_people_and_machines(cli, project):
    shown = cli("-p", project.root, "train", "--name", "punch", *QUICK)
    assert (shown.status, shown.err) == (0, "")
    assert "punch/1" in shown.out
    assert "parameters" in shown.out
    told = cli("-p", project.root, "train", "--name", "punch", *QUICK, "--labels", "x, y", "--json").json
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
def test_what_cannot_work_is_one_sentence_and_status_1(cli, project, arguments, sentence):
    finished = cli("-p", project.root, "train", *arguments)
    assert finished.status == 1
    assert sentence in finished.err
    assert len(finished.err.splitlines()) == 1
    assert project.models() == {}
