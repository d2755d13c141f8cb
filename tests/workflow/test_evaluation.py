"""Cross-validation end to end on made-up people, and what it must refuse."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from tinygest.core.canonical import decode_json, pretty_json
from tinygest.core.errors import DatasetError, StoreError, ToolchainError, TrainError
from tinygest.core.labels import Segment
from tinygest.evaluate.evaluation import Evaluation
from tinygest.evaluate.folds import FoldCache
from tinygest.store.project import Project
from tinygest.toolchain import host
from tinygest.workflow import cross_validation, fold
from tinygest.workflow.answers import COMPILED, STAND_IN
from tinygest.workflow.cross_validation import estimate
from tinygest.workflow.evaluation import EvaluateOptions, evaluate, write_report

pytestmark = pytest.mark.usefixtures("needs_host_compiler")


@pytest.fixture(scope="module", autouse=True)
def few_folds():
    """Two folds beside the chosen split are as good as five here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tinygest.workflow.evaluation.FOLDS_BESIDE", 2)
        yield


@pytest.fixture(scope="module")
def evaluated(shaken, quick_training):
    """One evaluation in this process, shared by the tests that only look at it."""
    said = []
    result = evaluate(
        shaken, EvaluateOptions(family="dense", jobs=1, train=quick_training), announce=said.append
    )
    return result, said


def test_continuous_recordings_are_judged_by_events(evaluated):
    evaluation = evaluated[0].evaluation
    assert evaluation.main.unit == "subject"
    assert evaluation.main.runner == COMPILED
    assert evaluation.main.events.n_true == 42
    assert evaluation.main.events.macro_f1 > 0.9
    assert evaluation.main.events.false_alarms.hours == pytest.approx((6 * 60 + 42 * 60) / 50 / 3600)
    assert evaluation.main.segments.n == 42
    assert evaluation.main.segments.accuracy > 0.9
    assert evaluation.main.worst.subject in {"S1", "S2", "S3"}
    assert [summary.unit for summary in evaluation.beside] == ["recording", "random"]
    assert evaluation.beside[0].events.n_true == 42
    assert evaluation.beside[1].events is None
    assert evaluation.beside[1].segments.n == 42


def test_the_estimate_comes_after_the_first_fold(evaluated):
    assert sum("the first fold took" in sentence for sentence in evaluated[1]) == 1
    assert estimate(10.0, 9, 2) == "the first fold took 10 s: at most about 40 s for 9 folds, 2 at a time"
    assert "at most about 3 min" in estimate(30.0, 13, 2)


def test_result_is_json_and_a_page(evaluated, shaken, tmp_path):
    result, _ = evaluated
    assert decode_json(pretty_json(result.evaluation), Evaluation) == result.evaluation
    write_report(shaken, result, tmp_path / "evaluation.html")
    assert "along x" in (tmp_path / "evaluation.html").read_text()
    with pytest.raises(StoreError, match="cannot write"):
        write_report(shaken, result, tmp_path / "absent" / "evaluation.html")


def test_a_second_evaluation_trains_nothing(evaluated, shaken, quick_training, monkeypatch):
    monkeypatch.setattr(cross_validation, "run_fold", print)
    said = []
    again = evaluate(
        shaken, EvaluateOptions(family="dense", jobs=1, train=quick_training), announce=said.append
    )
    assert again.evaluation == evaluated[0].evaluation
    assert said == ["7 of 7 folds are known from before"]


def test_an_interrupted_evaluation_goes_on(evaluated, shaken, quick_training, monkeypatch, tmp_path):
    """One of the folds is lost: only this one is computed again, with the same result."""
    root = tmp_path / "copy"
    shutil.copytree(shaken.root, root)
    project = Project.open(root)
    cache = FoldCache(project.layout.private / "cache" / "evaluate")
    lost = sorted(cache.folder.iterdir())[:1]
    for path in lost:
        path.unlink()
    computed = []

    def run(task, runtime):
        computed.append(task.key)
        return fold.run_fold(task, runtime)

    monkeypatch.setattr(cross_validation, "run_fold", run)
    again = evaluate(project, EvaluateOptions(family="dense", jobs=1, train=quick_training))
    assert sorted(computed) == [path.stem for path in lost]
    assert again.evaluation == evaluated[0].evaluation


def test_training_never_sees_a_row_of_the_test_part(shaken, quick_training, monkeypatch, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(shaken.root, root, ignore=shutil.ignore_patterns("cache"))
    seen = []

    def refuse(name, recordings, options):
        seen.append(recordings)
        raise DatasetError("stopped here")

    monkeypatch.setattr(fold, "train_model", refuse)
    options = EvaluateOptions(family="dense", split="blocks:2", jobs=1, quick=True, train=quick_training)
    with pytest.raises(TrainError, match="fold block 1 of 2: stopped here"):
        evaluate(Project.open(root), options)
    for recording, track in seen[0]:
        whole = shaken.load(recording.id)
        n_rows = recording.info.n_samples
        np.testing.assert_array_equal(recording.samples, whole.samples[-n_rows:])
        assert n_rows < 0.6 * whole.info.n_samples
        assert len(track.segments) == len(shaken.labels(recording.id).segments) // 2


def test_a_label_edited_meanwhile_stops_the_evaluation(
    new_project, make_shakes, quick_training, monkeypatch
):
    for k in range(2):
        new_project.add(*make_shakes(f"r{k}", f"S{k}", ["along x", "along y"] * 3, seed=k))

    def edit_first(task, runtime):
        new_project.save_labels("r0", type(new_project.labels("r0"))())
        return fold.run_fold(task, runtime)

    monkeypatch.setattr(cross_validation, "run_fold", edit_first)
    options = EvaluateOptions(family="dense", jobs=1, quick=True, train=quick_training)
    with pytest.raises(TrainError, match="r0 was changed during the evaluation"):
        evaluate(new_project, options)


@pytest.mark.slow
def test_processes_give_the_same_folds(evaluated, shaken, quick_training, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(shaken.root, root, ignore=shutil.ignore_patterns("cache"))
    options = EvaluateOptions(family="dense", split="grouped:2", jobs=2, quick=True, train=quick_training)
    parallel = evaluate(Project.open(root), options)
    here = evaluate(shaken, replace(options, jobs=1))
    assert parallel.evaluation.main == here.evaluation.main


def test_isolated_captures_are_judged_by_segments(shaken_captures, quick_training):
    options = EvaluateOptions(family="dense", split="grouped:2", jobs=1, quick=True, train=quick_training)
    evaluation = evaluate(shaken_captures, options).evaluation
    assert evaluation.main.events is None
    assert evaluation.main.segments.accuracy > 0.9
    assert not evaluation.dataset.continuous


def test_given_borders_leave_no_streams(shaken, quick_training):
    options = EvaluateOptions(family="dense", jobs=1, quick=True, borders_given=True, train=quick_training)
    evaluation = evaluate(shaken, options).evaluation
    assert evaluation.main.events is None
    assert evaluation.main.segments.n == 42
    assert evaluation.main.segments.accuracy > 0.9
    assert "given borders" in evaluation.main.description


@pytest.mark.usefixtures("needs_tflm")
def test_without_a_compiler_the_stand_in_gives_the_same(
    evaluated, shaken, quick_training, monkeypatch, tmp_path
):
    def absent():
        raise ToolchainError("no compiler")

    root = tmp_path / "copy"
    shutil.copytree(shaken.root, root, ignore=shutil.ignore_patterns("cache"))
    monkeypatch.setattr(host, "find_compiler", absent)
    options = EvaluateOptions(family="dense", jobs=1, quick=True, train=quick_training)
    main = evaluate(Project.open(root), options).evaluation.main
    assert main.runner == STAND_IN
    assert main.events == evaluated[0].evaluation.main.events
    assert main.segments == evaluated[0].evaluation.main.segments


def test_one_subject_is_said_aloud(new_project, make_shakes, quick_training):
    for k in range(2):
        new_project.add(*make_shakes(f"r{k}", "S1", ["along x", "along y"] * 3, seed=k))
    said = []
    options = EvaluateOptions(family="dense", jobs=1, quick=True, train=quick_training)
    evaluation = evaluate(new_project, options, announce=said.append).evaluation
    assert evaluation.main.unit == "recording"
    assert "only one subject (S1)" in said[0]
    assert "only one subject (S1)" in evaluation.main.notes[0]
    assert evaluation.main.worst is None
    with pytest.raises(DatasetError, match="none can be held out"):
        evaluate(new_project, replace(options, split="loso"))


def test_locked_recordings_are_in_no_fold_until_the_end(shaken, quick_training):
    options = EvaluateOptions(family="dense", locked="subject=S3", jobs=1, quick=True, train=quick_training)
    main = evaluate(shaken, options).evaluation.main
    assert {row.subject for row in main.subjects} == {"S1", "S2"}
    assert main.notes == ("2 recordings are locked and were not looked at",)
    final = evaluate(shaken, replace(options, final=True)).evaluation.main
    assert {row.subject for row in final.subjects} == {"S3"}
    assert final.n_folds == 1


def test_nothing_to_judge(new_project, make_shakes):
    with pytest.raises(DatasetError, match="no recording was chosen"):
        evaluate(new_project)
    recording, track = make_shakes("r", "S1", ["along x"], seed=1)
    new_project.add(recording)
    with pytest.raises(DatasetError, match="no labelled segment"):
        evaluate(new_project)
    new_project.save_labels("r", replace_label(track))
    with pytest.raises(DatasetError, match="folds"):
        evaluate(new_project)


def replace_label(track):
    segment = track.segments[0]
    return type(track)((Segment(segment.start, segment.stop, "along y"),), track.reviewed)
