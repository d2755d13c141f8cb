"""A model trained on two people, calibrated on held-out streams."""

from __future__ import annotations

import shutil

import pytest

from tinygest.core.errors import DatasetError
from tinygest.core.labels import LabelTrack
from tinygest.store.project import Project
from tinygest.workflow.calibration import CalibrateOptions, calibrate
from tinygest.workflow.reproducing import reproduce
from tinygest.workflow.training import train_bundle

pytestmark = pytest.mark.usefixtures("needs_host_compiler")


@pytest.fixture(scope="module")
def trained(shaken, quick_training, tmp_path_factory):
    """Trained on S1 and S2; nobody but S3 is new to it."""
    root = tmp_path_factory.mktemp("calibrated") / "p"
    shutil.copytree(shaken.root, root)
    project = Project.open(root)
    train_bundle(
        project,
        "shake",
        family="dense",
        where="subject=S1,S2",
        options=quick_training,
        validate=False,
    )
    return project


@pytest.fixture(scope="module")
def calibrated(trained):
    return calibrate(trained, CalibrateOptions(per_hour=100.0, jobs=1))


def test_a_new_revision_with_the_same_network(trained, calibrated):
    assert (calibrated.parent.revision, calibrated.bundle.revision) == (1, 2)
    assert calibrated.bundle.tflite == calibrated.parent.tflite
    assert calibrated.bundle.contract.decision.thresholds == calibrated.thresholds
    assert "one at a time, 2 folds; 2 recordings that the model has not seen" in calibrated.held_out
    page = calibrated.bundle.report.read_text()
    assert "../1/report.html" in page
    assert calibrated.bundle.metrics["calibration"]["of"] == "shake/1"


def test_a_share_of_right_answers_is_kept(trained, calibrated):
    result = calibrate(trained, CalibrateOptions(model="shake/1", keep=0.75, jobs=1))
    assert set(result.thresholds) == {"along x", "along y"}
    assert 0.75 <= result.share_kept < 0.9
    assert result.calibration is None
    assert result.bundle.model_id != result.parent.model_id
    assert result.bundle.contract.decision.thresholds == result.thresholds


def test_too_few_hours_are_said(calibrated):
    calibration = calibrated.calibration
    assert not calibration.is_shown
    assert calibration.chosen.rate.hours == pytest.approx((6 * 60 + 42 * 60) / 50 / 3600)
    assert calibration.checked.n_groups == 3
    assert "h of reviewed background" in calibration.verdict() or "are not shown" in calibration.verdict()


@pytest.mark.slow
def test_shares_are_kept_without_streams(shaken_captures, quick_training, tmp_path):
    shutil.copytree(shaken_captures.root, tmp_path / "p")
    project = Project.open(tmp_path / "p")
    train_bundle(project, "shake", family="dense", options=quick_training, validate=False)
    with pytest.raises(DatasetError, match="use --keep"):
        calibrate(project, CalibrateOptions(jobs=1))
    assert calibrate(project, CalibrateOptions(keep=0.75, jobs=1)).thresholds


@pytest.mark.slow
def test_a_calibrated_revision_is_reproduced(trained, calibrated):
    assert reproduce(
        trained, str(calibrate(trained, CalibrateOptions("shake/1", keep=0.75, jobs=1)).bundle)
    ).same_contract


def test_without_reviewed_time_there_is_nothing_to_count(trained, tmp_path):
    shutil.copytree(trained.root, tmp_path / "p")
    project = Project.open(tmp_path / "p")
    for entry in project.recordings():
        project.save_labels(entry.id, LabelTrack(project.labels(entry.id).segments))
    with pytest.raises(DatasetError, match="mark time as reviewed"):
        calibrate(project, CalibrateOptions(model="shake/1", jobs=1))
