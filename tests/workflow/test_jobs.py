from __future__ import annotations

import time
from pathlib import Path

import pytest

from tinygest.core.errors import StoreError, UsageError
from tinygest.store.config import ProjectConfig
from tinygest.store.project import Project
from tinygest.workflow import jobs as jobs_module
from tinygest.workflow.jobs import Jobs


@pytest.fixture
def project(tmp_path):
    return Project.create(tmp_path / "p", ProjectConfig(labels=("jab",)))


def until(jobs, job_id, wanted, timeout_s=60):
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        job = jobs.get(job_id)
        if wanted(job):
            return job
        time.sleep(0.05)
    raise AssertionError(f"still {jobs.get(job_id)}")


def finished(job):
    return job.state != "running"


def test_a_job_is_a_verb_with_its_result(project):
    jobs = Jobs(project)
    started = jobs.start("recordings", ["--where", ""])
    assert (started.state, started.verb) == ("running", "recordings")
    job = until(jobs, started.id, finished)
    assert (job.state, job.result) == ("done", [])
    assert job.seconds is not None


def test_a_project_that_is_named_from_the_current_folder(project, monkeypatch):
    monkeypatch.chdir(project.root.parent)
    jobs = Jobs(Project.open(Path(project.root.name)))
    assert until(jobs, jobs.start("recordings", []).id, finished).state == "done"


def test_the_reason_of_a_failure_is_its_message(project):
    jobs = Jobs(project)
    job = until(jobs, jobs.start("train", ["--name", "punch"]).id, finished)
    assert job.state == "failed"
    assert "no recording" in job.message
    assert "Traceback" not in job.message


def test_a_job_that_is_only_just_starting_can_be_cancelled(project):
    jobs = Jobs(project)
    started = jobs.start("recordings", [])
    jobs.cancel(started.id)
    until(jobs, started.id, finished)  # on a busy machine later than `cancel` waits
    assert jobs.get(started.id).state == "cancelled"
    assert jobs.get(started.id).result is None


def test_a_job_that_is_being_removed_hides_no_other(project, monkeypatch):
    jobs = Jobs(project)
    ids = [jobs.start("recordings", []).id for _ in range(2)]
    real = jobs_module.decode_json

    def decode(data, kind, path):
        if ids[0] in str(path):
            raise FileNotFoundError(path)
        return real(data, kind, path)

    with monkeypatch.context() as patch:
        patch.setattr(jobs_module, "decode_json", decode)
        assert [job.id for job in jobs.all()] == ids[1:]
    for job_id in ids:
        until(jobs, job_id, finished)


def test_another_process_finds_a_running_job_and_can_cancel_it(project, burst_recordings):
    for recording, track in burst_recordings():
        project.add(recording, track)
    first = Jobs(project)
    job_id = first.start("train", ["--name", "m", "--steps", "100000000"]).id
    second = Jobs(project)  # knows nothing but the folder
    until(second, job_id, lambda job: (second.folder / job_id / "pid").exists())
    assert [job.id for job in second.all()] == [job_id]
    assert second.get(job_id).state == "running"
    assert second.cancel(job_id).state == "cancelled"
    assert first.get(job_id).state == "cancelled"
    assert second.cancel(job_id).state == "cancelled"  # twice does no harm


def test_a_killed_process_is_lost_not_running(project):
    jobs = Jobs(project)
    job_id = jobs.start("recordings", []).id
    until(jobs, job_id, finished)
    (jobs.folder / job_id / "finished.json").unlink()
    assert jobs.get(job_id).state == "lost"
    assert Jobs(project).get(job_id).state == "lost"


def test_no_more_than_the_machine_can_take(project, monkeypatch):
    monkeypatch.setattr(jobs_module, "MAX_RUNNING", 0)
    with pytest.raises(UsageError, match="running"):
        Jobs(project).start("recordings", [])


def test_old_jobs_are_forgotten(project, monkeypatch):
    monkeypatch.setattr(jobs_module, "MAX_KEPT", 1)
    jobs = Jobs(project)
    ids = []
    for _ in range(2):
        ids.append(jobs.start("recordings", []).id)
        until(jobs, ids[-1], finished)
        time.sleep(1.1)  # ids sort by second
    until(jobs, jobs.start("recordings", []).id, finished)
    assert ids[0] not in {job.id for job in jobs.all()}


@pytest.mark.parametrize("job_id", ["no", "../../recordings", ""])
def test_unknown_jobs(project, job_id):
    with pytest.raises(StoreError, match="no job"):
        Jobs(project).get(job_id)


def test_damaged_jobs_are_passed_over(project):
    jobs = Jobs(project)
    (jobs.folder / "x").mkdir(parents=True)
    (jobs.folder / "x" / "job.json").write_text("{")
    assert jobs.all() == []
