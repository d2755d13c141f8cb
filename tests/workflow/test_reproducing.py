"""Training again from a lock: the same bytes, or a sentence that says what is not as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from msgspec import structs

from tinygest.core.canonical import pretty_json
from tinygest.core.errors import ContractError
from tinygest.store.bundles import Lock
from tinygest.store.project import Project
from tinygest.train.augment import Augmentation
from tinygest.train.fit import FitOptions
from tinygest.train.model import TrainOptions
from tinygest.workflow import reproducing
from tinygest.workflow.locking import options_of, settings_of
from tinygest.workflow.reproducing import Rebuilding, data_changes, rebuild, reproduce
from tinygest.workflow.training import train_bundle

QUICK = TrainOptions(augmentation=Augmentation(n_copies=2), fit=FitOptions(n_steps=20), seed=7)


@pytest.fixture(scope="module")
def trained(tmp_path_factory, burst_recordings):
    """A project with punch/1, its family chosen by training."""
    project = Project.create(tmp_path_factory.mktemp("trained") / "P")
    for recording, track in burst_recordings(2, n_each=3):
        project.add(recording, track)
    train_bundle(project, "punch", options=QUICK)
    return project


@pytest.fixture
def relock(trained):
    """relock(seed=2) writes another lock for punch/1, which is put back afterwards."""
    path = trained.bundle("punch").path / "lock.json"
    before = path.read_bytes()

    def write(**fields):
        path.write_bytes(pretty_json(structs.replace(trained.bundle("punch").lock, **fields)))

    yield write
    path.write_bytes(before)


def test_the_same_bytes_in_a_fresh_process_with_the_family_chosen_anew(trained):
    assert trained.bundle("punch").lock.asked["family"] == "auto"
    result = reproduce(trained, "punch")
    assert result.reproduced
    assert (result.same_tflite, result.same_contract, result.conditions) == (True, True, ())
    assert result.same_c == {"model": True, "runtime": True}


def test_another_seed_gives_other_bytes_and_that_is_told(trained, relock, monkeypatch):
    monkeypatch.setattr(reproducing, "run_fresh", lambda function, task: function(task))
    relock(seed=8, versions={"tensorflow": "1.0"})
    result = reproduce(trained, quick=True)
    assert (result.trained, result.reproduced, result.same_tflite) == (True, False, False)
    assert ("tensorflow", "1.0") in {(change.what, change.a) for change in result.conditions}


def test_edited_or_missing_recordings_are_named_and_nothing_is_trained(trained):
    lock = trained.bundle("punch").lock
    assert data_changes(trained, lock) == ((), (), False)
    meta = trained.entry("r0").meta
    trained.save_meta("r0", structs.replace(meta, subject="S9"))
    result = reproduce(trained)
    trained.save_meta("r0", meta)
    assert (result.trained, result.changed, result.missing) == (False, ("r0",), ())
    gone = structs.replace(lock, recordings=(*lock.recordings, "r7"))
    assert data_changes(trained, gone) == (("r7",), (), True)
    unhashed = structs.replace(lock, dataset_hash="0", recording_hashes={})
    assert data_changes(trained, unhashed) == ((), (), True)


def test_what_this_version_does_not_know_is_refused(trained, relock):
    relock(settings={"family": "transformer"})
    with pytest.raises(ContractError, match="other settings"):
        reproduce(trained)


def test_rebuild_takes_everything_from_the_lock(trained):
    bundle = trained.bundle("punch")
    contract, tflite = rebuild(Rebuilding(trained.root, "punch", bundle.lock, choose=False))
    assert tflite == bundle.tflite
    assert b'"name":"punch"' in contract


def test_options_survive_the_lock():
    options = replace(QUICK, labels=("x", "y"), n_threads=2, family="cnn")
    lock = Lock("", "", "", (), options.seed, settings_of(options))
    assert options_of(lock) == replace(options, fit=replace(options.fit, seed=1, n_threads=1))
    assert settings_of(options_of(lock)) == lock.settings, "and once more: a search keeps a trial so"
