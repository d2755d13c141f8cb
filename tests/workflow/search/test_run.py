"""Trials that really train, and the command line around them."""

from __future__ import annotations

from contextlib import closing

import pytest

from tinygest.core.contract import CentreSegmenter, HysteresisSegmenter, PeakSegmenter
from tinygest.core.errors import DatasetError, UsageError
from tinygest.evaluate.data import facts_of
from tinygest.evaluate.splits import grouped
from tinygest.store.config import Budgets
from tinygest.store.project import Project
from tinygest.train.augment import Augmentation
from tinygest.train.fit import FitOptions
from tinygest.train.model import TrainOptions
from tinygest.train.segmenter_choice import CENTRE
from tinygest.workflow.costs import Cost
from tinygest.workflow.search import attempt, run
from tinygest.workflow.search.run import SearchOptions, join_search, keep_trial, run_search, storage_of
from tinygest.workflow.search.space import FITTED
from tinygest.workflow.search.study import join

QUICK = TrainOptions(augmentation=Augmentation(n_copies=2), fit=FitOptions(n_steps=20))
COST = Cost(9000, 900, 90_000, 200)


@pytest.fixture
def project(tmp_path, burst_recordings):
    made = Project.create(tmp_path / "P")
    for recording, track in burst_recordings(2, n_each=3):
        made.add(recording, track)
    return made


@pytest.fixture
def told_cost(monkeypatch):
    """Trials are told this cost instead of measuring it."""
    monkeypatch.setattr(attempt, "measure", lambda contract, tflite, recordings: COST)
    monkeypatch.setattr(run, "why_not_measurable", lambda: "")


@pytest.mark.usefixtures("told_cost", "needs_host_compiler")
def test_a_search_goes_on_where_it_was_stopped_and_remembers(project):
    options = SearchOptions(n_trials=1, train=QUICK)
    told = []
    first = run_search(project, options, lambda *step: told.append(step))
    assert (first.n_finished, first.n_trials, first.measure) == (1, 1, "event macro-F1")
    assert told[-1][1:] == (1, 1)
    (row,) = first.front
    assert row.model == "dense, 40 units"
    assert (row.flash_bytes, row.instructions) == (COST.flash_bytes, COST.instructions)
    with closing(join(storage_of(project, options), "search", 60)) as search:
        search.study.enqueue_trial(row.parameters)
    again = join_search(project, options)
    assert again.rows[0] == row, "a finished trial is not touched"
    assert (again.rows[1].reason, again.rows[1].score) == ("the same as trial 0", row.score)
    with pytest.raises(UsageError, match="no finished trial 7"):
        keep_trial(project, options, 7, "punch")


@pytest.mark.usefixtures("told_cost", "needs_host_compiler")
def test_what_breaks_a_limit_is_stopped_after_one_fold(project):
    options = SearchOptions(n_trials=1, budgets=Budgets(flash_bytes=8000), train=QUICK)
    result = run_search(project, options)
    assert [(row.state, row.reason) for row in result.rows] == [
        ("stopped", "over budget: flash_bytes 9000 of 8000")
    ]
    assert result.front == []


@pytest.mark.usefixtures("told_cost", "needs_host_compiler")
def test_a_changed_label_ends_the_helping(project):
    options = SearchOptions(n_trials=0, train=QUICK)
    run_search(project, options)
    project.edit_labels("r0", "drop one", lambda track, n: type(track)(track.segments[1:], track.reviewed))
    with pytest.raises(DatasetError, match="not those that the search was started with"):
        join_search(project, options)


def test_each_kind_of_segmenter_comes_from_one_fit(burst_recordings, monkeypatch):
    recordings = burst_recordings(2, n_each=3)
    split = grouped([facts_of(*one) for one in recordings], 2)
    material = attempt.Material(
        {one[0].id: one for one in recordings}, split, QUICK, Budgets(), runtime=None
    )
    searched = []
    choose = attempt.choose
    monkeypatch.setattr(
        attempt, "choose", lambda data, options: searched.append(options.kinds) or choose(data, options)
    )
    kinds = {
        kind: attempt.fitted_segmenter(material, split.folds[0], kind, recordings, QUICK)
        for kind in (FITTED, "hysteresis", "peak", CENTRE)
    }
    assert isinstance(kinds["hysteresis"].segmenter, HysteresisSegmenter)
    assert isinstance(kinds["peak"].segmenter, PeakSegmenter)
    assert isinstance(kinds[CENTRE].segmenter, CentreSegmenter)
    assert kinds[FITTED].f1 == max(fitted.f1 for fitted in kinds[FITTED].kinds.values())
    assert searched == [(), (CENTRE,)]
