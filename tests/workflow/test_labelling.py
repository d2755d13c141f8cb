"""What workflow adds to label.edits; the rest is tested in tests/cli/test_label.py."""

from __future__ import annotations

import numpy as np
import pytest

from tinygest.core.errors import LabelError
from tinygest.core.labels import Interval
from tinygest.core.recording import Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.store.project import Project
from tinygest.workflow import labelling


@pytest.fixture
def project(tmp_path):
    project = Project.create(tmp_path / "p")
    for name, rate_hz in (("slow", 50), ("fast", 200)):
        info = RecordingInfo(imu_contract(rate_hz), 400)
        project.add(Recording(name, info, RecordingMeta(), np.zeros((400, 6), np.int16)))
    return project


def test_seconds_follow_each_recordings_rate(project):
    tracks = labelling.review(project, project.recordings(), "0.5s", "1s")
    assert {track.id: track.reviewed for track in tracks} == {
        "slow": [Interval(25, 50)],
        "fast": [Interval(100, 200)],
    }


def test_review_without_positions_is_the_whole_recording(project):
    labelling.review(project, project.recordings(), None, None)
    labelling.review(project, project.recordings(), "1s", None, undone=True)
    assert project.labels("slow").reviewed == (Interval(0, 50),)
    assert project.labels("fast").reviewed == (Interval(0, 200),)


def test_undo_of_many_tells_who_had_nothing(project):
    labelling.add(project, "slow", "0", "10", None)
    assert labelling.undo(project, ["slow", "fast"]) == [
        labelling.Step("slow", "add segment"),
        labelling.Step("fast", None),
    ]
    with pytest.raises(LabelError, match="nothing to undo"):
        labelling.undo(project, ["slow", "fast"])
    assert labelling.redo(project, ["slow"]) == [labelling.Step("slow", "add segment")]


def test_rows_are_numbered_from_one_with_seconds(project):
    track = labelling.add(project, "fast", "100", "0.75s", "jab", new=True)
    row = track.segments[0]
    assert (row.number, row.start, row.stop, row.start_s, row.stop_s) == (1, 100, 150, 0.5, 0.75)
