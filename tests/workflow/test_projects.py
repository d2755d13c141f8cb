from __future__ import annotations

import numpy as np
import pytest

from tinygest.core.errors import LabelError, UsageError
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.store.project import Project
from tinygest.workflow.projects import check_known, choose, edit_metadata, list_recordings


@pytest.fixture
def project(tmp_path):
    project = Project.create(tmp_path / "p")
    info = RecordingInfo(imu_contract(50), 100, (Gap(40),), n_clipped={"ax": 2, "gz": 1})
    track = LabelTrack((Segment(0, 5, "jab"), Segment(5, 9), Segment(9, 20, "jab")), (Interval(0, 25),))
    samples = np.zeros((100, 6), np.int16)
    with project.intake() as intake:
        intake.add(Recording("a", info, RecordingMeta("S1"), samples), track)
        intake.add(Recording("b", info, RecordingMeta("S2", deleted=True), samples), LabelTrack())
    return project


def test_a_row_sums_up_a_recording(project):
    (row,) = list_recordings(project)
    assert (row.n_segments, row.labels) == (3, {"jab": 2})
    assert (row.duration_s, row.reviewed_s) == (2.0, 0.5)
    assert (row.n_gaps, row.n_clipped) == (1, 3)


def test_choose_takes_ids_or_a_choice_not_both(project):
    assert [entry.id for entry in choose(project, ["b"], None)] == ["b"]
    assert [entry.id for entry in choose(project, [], "")] == ["a"]
    assert [entry.id for entry in choose(project, [], "", deleted=True)] == ["b"]
    for ids, where in (([], None), (["a"], "")):
        with pytest.raises(UsageError, match="--where"):
            choose(project, ids, where)


def test_edit_counts_real_changes_only(project):
    entries = choose(project, ["a", "b"], None)
    assert edit_metadata(project, entries, {"subject": "S1"}, {"glove": "10"}) == 2
    assert edit_metadata(project, choose(project, ["a", "b"], None), {"subject": "S1"}, {}) == 0
    assert project.entry("b").meta == RecordingMeta("S1", fields={"glove": "10"}, deleted=True)


def test_a_refused_edit_changes_no_recording(project):
    entries = choose(project, ["a"], None)
    with pytest.raises(LabelError, match="--new"):
        edit_metadata(project, entries, {"subject": "S7", "default_label": "hook"}, {})
    with pytest.raises(UsageError, match="'a b'"):
        edit_metadata(project, entries, {"subject": "S7"}, {"a b": "1"})
    assert project.entry("a").meta.subject == "S1"
    edit_metadata(project, entries, {"default_label": "hook"}, {}, new=True)
    check_known(project, "hook")
