import json
import re
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from tinygest.core.contract import model_id
from tinygest.core.errors import ContractError, DatasetError
from tinygest.core.labels import LabelTrack, Segment
from tinygest.store.project import Project
from tinygest.train.augment import Augmentation
from tinygest.train.fit import FitOptions
from tinygest.train.model import TrainOptions
from tinygest.train.validation import Answers, Validation
from tinygest.workflow.training import best_family, train_bundle

QUICK = TrainOptions(augmentation=Augmentation(n_copies=3), fit=FitOptions(n_steps=150), n_threads=1)


def new_project(root, recordings):
    made = Project.create(root)
    for recording, track in recordings:
        made.add(recording, track)
    return made


@pytest.fixture
def project(tmp_path, burst_recordings):
    return new_project(tmp_path / "P", burst_recordings(3))


@pytest.fixture(scope="module")
def trained(tmp_path_factory, burst_recordings):
    """(what `auto` gave, the steps that were told)."""
    told = []
    project = new_project(tmp_path_factory.mktemp("trained") / "P", burst_recordings(3))
    result = train_bundle(project, "punch", options=QUICK, progress=lambda *step: told.append(step[0]))
    return result, told


def files(project):
    return sorted(path for path in project.root.rglob("*") if ".tinygest" not in path.parts)


def test_auto_tries_both_families_on_held_out_people_and_keeps_the_better(trained):
    result, told = trained
    assert set(result.validations) == {"dense", "cnn"}
    assert result.model.family == best_family(("dense", "cnn"), result.validations)
    assert result.validations["dense"].split.startswith("3 subjects held out whole")
    assert {"fold 2 of 3: training dense", "fold 3 of 3: training cnn", "training dense"} <= {*told}


def test_the_bundle_says_what_it_was_made_from(trained):
    result, _ = trained
    bundle = result.bundle
    assert bundle.model_id == model_id(bundle.contract, bundle.tflite)
    assert bundle.keras.read_bytes() == result.model.keras
    assert bundle.lock.recordings == ("r0", "r1", "r2")
    assert bundle.lock.seed == 1
    assert {"tensorflow", "numpy", "tinygest", "cpu"} <= bundle.lock.versions.keys()
    assert bundle.lock.settings["family"] == result.model.family


def test_metrics_are_plain_json_and_name_their_data(trained, needs_tflm):
    bundle = trained[0].bundle
    metrics = json.loads((bundle.path / "metrics.json").read_text())
    assert metrics["family"] == trained[0].model.family
    assert metrics["on_held_out_segments"]["dense"]["n"] == 36
    answers = metrics["on_held_out_segments"]["dense"]["answers"]
    assert sorted({(recording, subject) for recording, subject, *_ in answers}) == [
        ("r0", "S0"),
        ("r1", "S1"),
        ("r2", "S2"),
    ]
    assert len({tuple(answer[:3]) for answer in answers}) == 36
    assert metrics["on_training_segments"]["same_answer"] == 1
    assert len(metrics["history"]["loss"]) == 20
    assert metrics["tflite_bytes"] == len(bundle.tflite)


def test_the_report_stands_alone_and_says_where_numbers_come_from(trained):
    result, _ = trained
    page = result.bundle.report.read_text()
    assert not re.search(r"<script|<link|src=|href=.(?!#)|url\((?!#)", page)
    assert "3 subjects held out whole" in page
    assert page.count("<svg") >= 6
    assert result.bundle.lock.dataset_hash in page


def test_the_better_family_is_kept_and_of_equals_the_smaller():
    def validation(*answers):
        return Validation("", 1, Answers(("x",) * len(answers), answers, (0,) * len(answers)))

    right, wrong = validation("x", "x"), validation("x", "y")
    assert best_family(("dense", "cnn"), {"dense": wrong, "cnn": right}) == "cnn"
    assert best_family(("dense", "cnn"), {"dense": right, "cnn": right}) == "dense"
    assert best_family(("dense", "cnn"), {}) == "dense"


def test_without_validation_the_report_says_so(project):
    result = train_bundle(project, "punch", family="cnn", options=QUICK, validate=False)
    assert result.validations == {}
    assert "Nothing was held out: not asked for" in result.bundle.report.read_text()


def test_training_again_gives_the_same_model_in_a_new_revision(project):
    first, again = (
        train_bundle(project, "punch", family="dense", options=QUICK, validate=False).bundle
        for _ in range(2)
    )
    assert (first.revision, again.revision) == (1, 2)
    assert first.tflite == again.tflite
    assert first.model_id == again.model_id


def test_where_chooses_and_is_locked(project):
    result = train_bundle(
        project, "punch", family="dense", where="subject!=S1", options=QUICK, validate=False
    )
    assert result.bundle.lock.where == "subject!=S1"
    assert result.bundle.lock.recordings == ("r0", "r2")


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        ({"name": "two words"}, ContractError, "cannot be used in C"),
        ({"name": "../up"}, ContractError, "cannot be used in C"),
        ({"where": "subject=S9"}, DatasetError, "no recording matches 'subject=S9'"),
        (
            {"options": replace(QUICK, labels=("hook",))},
            DatasetError,
            "no chosen segment is labelled 'hook'",
        ),
        ({"options": replace(QUICK, labels=("x",))}, DatasetError, "two labels or more"),
    ],
)
def test_a_refusal_leaves_the_project_as_it_was(project, change, error, sentence):
    before = files(project)
    with pytest.raises(error, match=sentence):
        train_bundle(project, **{"name": "punch", "options": QUICK, **change})
    assert files(project) == before


def test_an_empty_project_is_refused(tmp_path):
    with pytest.raises(DatasetError, match="no recordings"):
        train_bundle(Project.create(tmp_path / "P"), "punch")


def test_one_person_is_validated_on_blocks_of_time(tmp_path, burst_recordings):
    project = new_project(tmp_path / "P", burst_recordings(1))
    result = train_bundle(project, "punch", family="dense", options=QUICK)
    assert "cut into 3 blocks in time" in result.validations["dense"].split


def test_a_label_of_one_person_is_missed_when_that_person_is_held_out(tmp_path, burst_recordings):
    (first, _), *others = burst_recordings(3, "xyz")
    only = burst_recordings(1, "zxy")[0][1]
    without_z = [
        (recording, LabelTrack(tuple(s for s in track.segments if s.label != "z")))
        for recording, track in others
    ]
    project = new_project(tmp_path / "P", [(first, only), *without_z])
    result = train_bundle(project, "punch", family="dense", options=QUICK)
    assert result.validations["dense"].untrained == ("z",)
    assert "trained without z" in result.bundle.report.read_text()


def test_segments_too_long_for_the_device_are_learnt_by_windows_alone(tmp_path, burst_recordings):
    halves = (Segment(0, 2900, "x"), Segment(2900, 6000, "y"))
    long = []
    for recording, _ in burst_recordings(4, "xy", 2):
        samples = np.tile(recording.samples, (20, 1))[:6000]
        info = msgspec.structs.replace(recording.info, n_samples=6000)
        long.append((replace(recording, info=info, samples=samples), LabelTrack(halves)))
    project = new_project(tmp_path / "P", long)
    result = train_bundle(project, "walk", family="dense", options=QUICK)
    assert result.scores.n == 0
    assert "longer than the device can hold" in result.why_not_validated
    # The windows of a centre detector that lie between the two are neither.
    assert set(result.model.n_examples) == {"x", "y", "unknown"}
    assert result.bundle.report.stat().st_size > 0


def test_too_little_to_hold_out_is_told_not_hidden(tmp_path, burst_recordings):
    recording, track = burst_recordings(1, "xy", 2)[0]
    project = Project.create(tmp_path / "P")
    project.add(recording, LabelTrack(track.segments))
    result = train_bundle(project, "punch", family="dense", options=QUICK)
    assert result.validations == {}
    assert "label" in result.why_not_validated
    assert result.why_not_validated in result.bundle.metrics["why_not_validated"]
