"""A bundle's compiled library over recordings, one row each and the sum."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest
from msgspec import structs

from tinygest.core.contract import WindowInput, model_id
from tinygest.core.errors import ContractError, DatasetError, StoreError, UsageError
from tinygest.core.sensor import imu_contract
from tinygest.store.bundles import Lock
from tinygest.store.project import Project
from tinygest.train.model import train_model
from tinygest.workflow.doubting import doubtful_segments
from tinygest.workflow.evaluation import family_of_newest
from tinygest.workflow.testing import run_test
from tinygest.workflow.thresholds import set_thresholds

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
    project.save_bundle(model.contract, lock, {"model.tflite": model.tflite, "metrics.json": b"{}"})
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


def test_what_other_thresholds_would_give(project, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(project.root, root)
    copy = Project.open(root)
    trade_off = run_test(copy, "shakes").trade_off
    assert trade_off.thresholds == {}
    assert sum(trade_off.n_true.values()) == 42
    assert trade_off.hours > 0
    right = [(label, score) for label, score, is_alarm in trade_off.events if not is_alarm]
    assert len(right) > 30
    assert trade_off.curve[0].thresholds == {}
    assert trade_off.curve[0].rate.n == sum(is_alarm for _, _, is_alarm in trade_off.events)

    stored = set_thresholds(copy, "shakes", {right[0][0]: 255})
    assert (stored.revision, stored.contract.decision.thresholds) == (2, {right[0][0]: 255})
    again = run_test(copy, "shakes")
    assert again.events.recall < 0.7  # the compiled library keeps to it
    assert again.trade_off.thresholds == {right[0][0]: 255}
    assert again.trade_off.events == trade_off.events  # without thresholds nothing has changed
    assert set_thresholds(copy, "shakes", {right[0][0]: 0}).contract.decision.thresholds == {}


@pytest.mark.parametrize(
    ("thresholds", "says"),
    [({"jab": 1}, "does not know 'jab'"), ({"along x": 256}, "0 to 255"), ({}, "already")],
)
def test_thresholds_that_make_no_sense(project, thresholds, says):
    with pytest.raises(UsageError, match=says):
        set_thresholds(project, "shakes", thresholds)


def test_wrong_labels_are_doubted(project, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(project.root, root)
    copy = Project.open(root)
    before = doubtful_segments(copy, "shakes")
    track = copy.labels("S1_a")
    wrong = structs.replace(
        track.segments[2], label="along y" if track.segments[2].label == "along x" else "along x"
    )
    segments = (*track.segments[:2], wrong, *track.segments[3:])
    copy.save_labels("S1_a", structs.replace(track, segments=segments))
    found = doubtful_segments(copy, "shakes")
    assert found.n_segments == before.n_segments == 42
    assert len(found.doubts) == len(before.doubts) + 1
    places = {(doubt.recording, doubt.number) for doubt in found.doubts}
    assert places - {(doubt.recording, doubt.number) for doubt in before.doubts} == {("S1_a", 3)}
    with pytest.raises(DatasetError, match="no segment is labelled"):
        doubtful_segments(copy, "shakes", "subject=nobody")
