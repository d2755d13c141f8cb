"""Slots, claims and retries: on SQLite in this process, on PostgreSQL with workers that are killed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import msgspec
import optuna
import postgres
import pytest

from tinygest.core.errors import StoreError, UsageError
from tinygest.store.config import Budgets
from tinygest.store.project import Project
from tinygest.train.model import TrainOptions
from tinygest.workflow.locking import settings_of
from tinygest.workflow.search.result import result_of
from tinygest.workflow.search.study import (
    Search,
    Settings,
    add_slots,
    beating,
    claim,
    counts,
    create,
    join,
    retry_stale,
    shown,
    sqlite_url,
    told_in_a_sentence,
)

PATIENCE_S = 4
WORKER = Path(__file__).with_name("fake_worker.py")


@pytest.fixture
def project(tmp_path, burst_recordings):
    made = Project.create(tmp_path / "P")
    for recording, track in burst_recordings(3, n_each=2):
        made.add(recording, track)
    return made


def settings(project, **changes):
    ids = [entry.id for entry in project.recordings()]
    made = Settings(
        dataset_hash=project.dataset_hash(ids),
        where="",
        split="",
        locked="",
        recordings=tuple(ids),
        budgets=Budgets(flash_bytes=1300),
        segmenters=("fitted",),
        seed=1,
        training=settings_of(TrainOptions()),
        patience_s=PATIENCE_S,
        versions={"code": ""},
    )
    return msgspec.structs.replace(made, **changes)


@pytest.fixture
def opened():
    """opened(search) closes it in the end."""
    with ExitStack() as stack:
        yield lambda search: stack.enter_context(closing(search))


@pytest.fixture
def search(project, tmp_path, opened):
    return opened(create(sqlite_url(tmp_path / "s.db"), "search", settings(project)))


def test_slots_are_what_was_asked_for_and_grow(search):
    add_slots(search, 3)
    add_slots(search, 3)
    assert len(search.trials("WAITING")) == 3
    add_slots(search, 5)
    assert len(search.trials()) == 5
    trial = claim(search)
    assert trial.number == 0
    assert trial.suggest_categorical("family", ["dense", "cnn"]) == "dense", "the recipe comes first"
    assert [claim(search).number for _ in range(4)] == [1, 2, 3, 4]
    assert claim(search) is None


def test_a_lost_trial_waits_again_once_and_keeps_its_parameters(search):
    add_slots(search, 1)
    lost = claim(search)
    lost.suggest_categorical("family", ["dense", "cnn"])
    retry_stale(search)
    assert search.trials("WAITING") == [], "it has only just begun"
    time.sleep(PATIENCE_S + 1.1)
    for _ in range(3):
        retry_stale(search)
    (waiting,) = search.trials("WAITING")
    assert waiting.params == {"family": "dense"}
    assert [counts(trial) for trial in search.trials()] == [False, True]
    add_slots(search, 1)
    assert len(search.trials()) == 2, "the retry has the slot"
    rows = result_of(search, "", "").rows
    assert [(row.state, row.retry_of) for row in rows] == [("lost", None), ("waiting", 0)]


def test_another_search_under_the_same_name_is_refused(project, search, tmp_path, opened):
    url = sqlite_url(tmp_path / "s.db")
    opened(create(url, "search", settings(project, versions={"code": "newer"})))
    with pytest.raises(UsageError, match="another dataset_hash and budgets; start a new one"):
        create(url, "search", settings(project, dataset_hash="0", budgets=Budgets()))
    assert opened(join(url, "search", 77)).settings.patience_s == PATIENCE_S, "the storage decides"
    with pytest.raises(StoreError, match="no study 'other'"):
        join(url, "other", 60)


@pytest.mark.parametrize("url", ["nonsense", "postgresql://me:secret@localhost:1/none", "strange://x"])
def test_a_storage_that_cannot_be_used_is_one_sentence_without_the_password(url):
    with pytest.raises(StoreError) as caught:
        join(url, "search", 60)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "secret" not in shown(url)


def test_a_storage_that_goes_away_is_one_sentence_and_no_end_of_the_heartbeat():
    gone = optuna.exceptions.StorageInternalError("commit")
    with pytest.raises(StoreError, match="went away"), told_in_a_sentence():
        raise gone
    beats = []

    class Away:
        def get_trial_id_from_study_id_trial_number(self, study, number):
            return number

        get_study_id_from_name = get_heartbeat_interval = lambda self, *name: 0.01

        def record_heartbeat(self, trial):
            beats.append(trial)
            raise gone

    search = Search(SimpleNamespace(study_name="search"), Away(), None)
    with beating(search, SimpleNamespace(number=3)):
        wait_until(lambda: len(beats) > 2)


@pytest.fixture(scope="module")
def database():
    reason = postgres.why_not()
    if reason:
        pytest.skip(reason)
    with postgres.server() as url:
        yield url


@contextmanager
def worker(project, url, seconds):
    process = subprocess.Popen(
        [sys.executable, WORKER, project.root, url, str(seconds)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def wait_until(holds, seconds=120):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_fifty_trials_two_workers_one_killed(project, database, opened):
    search = opened(create(database, "search", settings(project)))
    add_slots(search, 50)
    with worker(project, database, 60) as doomed:
        wait_until(lambda: any("cost" in trial.user_attrs for trial in search.trials("RUNNING")))
        doomed.kill()
    (lost,) = search.trials("RUNNING")
    with worker(project, database, 0.05) as first, worker(project, database, 0.05) as second:
        wait_until(lambda: len(search.trials("COMPLETE")) > 10)
        before = {
            trial.number: (trial.values, trial.datetime_complete) for trial in search.trials("COMPLETE")
        }
        assert first.wait(timeout=120) == 0
        assert second.wait(timeout=120) == 0
    trials = search.trials()
    assert Counter(trial.state.name for trial in trials) == {"COMPLETE": 50, "FAIL": 1}
    retries = [trial for trial in trials if trial.system_attrs.get("failed_trial") == lost.number]
    assert [(trial.state.name, trial.params) for trial in retries] == [("COMPLETE", lost.params)]
    after = {trial.number: (trial.values, trial.datetime_complete) for trial in trials}
    assert before.items() <= after.items(), "what was finished stays as it was"
    assert len({trial.user_attrs["worker"] for trial in trials}) == 3
    result = result_of(search, "", "")
    assert (result.n_finished, result.n_trials) == (50, 50)
    assert all(row.flash_bytes <= 1300 for row in result.front)
    assert result.front


def test_a_worker_with_other_data_is_refused(project, database, opened):
    opened(create(database, "search", settings(project)))
    project.save_meta("r0", msgspec.structs.replace(project.entry("r0").meta, subject="S9"))
    finished = subprocess.run(
        [sys.executable, WORKER, project.root, database, "0"], capture_output=True, text=True, check=False
    )
    assert finished.returncode != 0
    assert "not those that the search was started with" in finished.stderr
