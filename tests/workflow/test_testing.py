"""A bundle's compiled library over recordings, one row each and the sum."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from msgspec import structs

from tinygest.core.contract import WindowInput, model_id
from tinygest.core.errors import ContractError, DatasetError, StoreError
from tinygest.core.sensor import imu_contract
from tinygest.store.bundles import Lock
from tinygest.store.project import Project
from tinygest.train.model import train_model
from tinygest.workflow.evaluation import family_of_newest
from tinygest.workflow.testing import run_test

pytestmark = pytest.mark.usefixtures("needs_host_compiler")


@pytest.fixture(scope="module")
def project(shaken, quick_training, tmp_path_factory):
    """The shaken project with a model of S1 and S2."""
    root = tmp_path_factory.mktemp("testing") / "p"
    shutil.copytree(shaken.root, root)
    project = Project.open(root)
    names = [entry.id for entry in project.recordings("subject!=S3")]
    training = [(project.load(name), project.labels(name)) for name in names]
    model = train_model("shakes", training, quick_training)
    lock = Lock(
        model_id(model.contract, model.tflite), project.dataset_hash(names), "subject!=S3", tuple(names), 1
    )
    project.save_bundle(model.contract, lock, {"model.tflite": model.tflite})
    return project


def test_new_person(project):
    test = run_test(project, "shakes", "subject=S3")
    assert [row.recording for row in test.recordings] == ["S3_a", "S3_b"]
    assert test.events.n_true == 14
    assert test.events.n_true == sum(row.events.n_true for row in test.recordings)
    assert test.events.macro_f1 > 0.9
    assert test.events_loose.iou == 0.3
    assert test.segments.accuracy > 0.9
    assert test.events.delay.n > 0
    assert test.notes == ()
    assert not any(row.was_trained_on for row in test.recordings)


def test_recordings_that_trained_the_model_are_pointed_out(project):
    test = run_test(project)
    assert test.model == "shakes/1"
    assert "4 of 6 recordings trained this model" in test.notes[0]
    assert [row.was_trained_on for row in test.recordings] == [True] * 4 + [False] * 2


def test_labels_that_the_model_does_not_know(project, make_shakes, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(project.root, root)
    other = Project.open(root)
    recording, track = make_shakes("x", "S9", ["along x", "along y"], seed=5)
    other.add(recording, type(track)((type(track.segments[0])(60, 100, "uppercut"),), track.reviewed))
    test = run_test(other, where="subject=S9")
    assert test.notes == ("the model has not learnt uppercut, so these cannot be recognised",)
    assert test.events.labels["uppercut"].recall == 0.0


def test_evaluation_takes_the_family_of_the_newest_model(project, new_project):
    assert family_of_newest(project) == "dense"
    assert family_of_newest(new_project) == "dense"
    bundle = project.bundle()
    window = WindowInput(64, ("ax",), ("absolute",))
    contract = structs.replace(bundle.contract, name="other", input=window)
    lock = structs.replace(bundle.lock, model_id=model_id(contract, bundle.tflite))
    new_project.save_bundle(contract, lock, {"model.tflite": bundle.tflite})
    assert family_of_newest(new_project) == "cnn"


def test_what_cannot_be_tested(project, new_project, make_shakes):
    with pytest.raises(DatasetError, match="no recording was chosen"):
        run_test(project, where="subject=nobody")
    with pytest.raises(StoreError, match="no model"):
        run_test(new_project)
    with pytest.raises(StoreError, match="no model 'absent'"):
        run_test(project, "absent")


def test_another_sensor_is_refused(project, captures_of_another_rate):
    root = captures_of_another_rate.root
    shutil.copytree(project.root / "models", root / "models", dirs_exist_ok=True)
    with pytest.raises(ContractError, match="does not fit recording"):
        run_test(captures_of_another_rate, "shakes")


@pytest.fixture
def captures_of_another_rate(new_project, make_shakes):
    recording, track = make_shakes("r", "S1", ["along x"], seed=1)
    info = structs.replace(recording.info, contract=imu_contract(100.0, rotation=False))
    new_project.add(replace(recording, info=info), track)
    return new_project
