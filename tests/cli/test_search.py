import pytest

from tinygest.store.project import Project


@pytest.fixture
def project(tmp_path, burst_recordings):
    made = Project.create(tmp_path / "P")
    for recording, track in burst_recordings(2, n_each=3):
        made.add(recording, track)
    return made


def test_what_cannot_work_is_one_sentence(cli, project):
    finished = cli("-p", project.root, "search", "--keep", "3")
    assert (finished.status, finished.err.count("\n")) == (2, 1)
    finished = cli("-p", project.root, "search", "--worker", "--storage", "sqlite:////nowhere/x.db")
    assert (finished.status, finished.err.count("\n")) == (1, 1)
    finished = cli("-p", project.root, "search", "--worker")
    assert "no study 'search'" in finished.err


@pytest.mark.slow
@pytest.mark.usefixtures("needs_host_compiler", "needs_qemu")
def test_search_and_keep_by_the_command_line(project, cli):
    words = ["-p", project.root, "search", "--steps", "40", "--copies", "2"]
    found = cli(*words, "--trials", "3", "--jobs", "2", "--flash", "40000", "--json")
    assert found.status == 0, found.err
    assert {row["state"] for row in found.json["rows"]} <= {"complete", "stopped"}
    best = max((row for row in found.json["rows"] if row["on_front"]), key=lambda row: row["score"])
    assert 1000 < best["flash_bytes"] < 40000
    assert "Not beaten by any other" in (project.root / "search.html").read_text()
    kept = cli(*words, "--keep", str(best["number"]), "--name", "punch")
    assert kept.status == 0, kept.err
    cost = project.bundle("punch").metrics["cost"]
    assert abs(cost["flash_bytes"] - best["flash_bytes"]) < 0.2 * best["flash_bytes"]
    assert cli(*words, "--keep", "0").status == 2, "without a name"
    assert cli(*words, "--flash", "1", "--trials", "3").status == 2, "another budget"
    assert cli(*words, "--worker").status == 0, "nothing is left to do"
