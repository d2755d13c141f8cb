from __future__ import annotations

import numpy as np
import pytest

from tinygest.core.contract import Activity, HysteresisSegmenter, SlidingSegmenter, TriggerSegmenter
from tinygest.core.errors import ContractError, UsageError
from tinygest.core.labels import LabelTrack
from tinygest.core.recording import Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.store.config import ProjectConfig
from tinygest.store.project import Project
from tinygest.workflow.segmenting import kind_of, resolve, segment_recordings

SENSOR = imu_contract(100)
OWN = SlidingSegmenter(500, 250)


def test_what_is_said_goes_over_the_project_over_what_is_sensible():
    plain, own = ProjectConfig(), ProjectConfig(segmenter=OWN, activity=Activity((1,) * 6))
    assert kind_of(resolve(plain, SENSOR, None, {}).segmenter) == "hysteresis"
    assert resolve(own, SENSOR, None, {}).segmenter == OWN
    assert resolve(own, SENSOR, "sliding", {"hop_ms": 500}).segmenter == SlidingSegmenter(500, 500)
    assert isinstance(resolve(own, SENSOR, "trigger", {}).segmenter, TriggerSegmenter)
    assert resolve(own, SENSOR, None, {"smooth_ms": 80}).activity == Activity((1,) * 6, smooth_ms=80)
    with pytest.raises(UsageError, match="--level does not belong to --kind sliding"):
        resolve(own, SENSOR, None, {"level": 5})


def test_the_stop_level_follows_the_start_level_unless_it_is_said():
    def levels(**settings):
        segmenter = resolve(ProjectConfig(), SENSOR, None, settings).segmenter
        assert isinstance(segmenter, HysteresisSegmenter)
        return segmenter.start_level, segmenter.stop_level

    assert levels(start_level=1000) == (1000, 500)
    assert levels(start_level=1000, stop_level=900) == (1000, 900)
    assert levels(stop_level=900) == (2500, 900)


def add(project, name, rate_hz, **contract):
    sensor = imu_contract(rate_hz, **contract)
    n = 400
    samples = np.zeros((n, len(sensor.channels)), np.int16)
    samples[200:260] = 4000 * (-1) ** np.arange(60)[:, None]
    recording = Recording(name, RecordingInfo(sensor, n), RecordingMeta(), samples)
    project.add(recording, LabelTrack())


def test_each_sensor_gets_its_own_levels(tmp_path):
    project = Project.create(tmp_path / "p")
    add(project, "six", 100)
    add(project, "three", 100, rotation=False)
    add(project, "again", 100)
    result = segment_recordings(project, "", None, {})
    assert [row.n_proposed for row in result.recordings] == [1, 1, 1]
    assert [used.segmenter.start_level for used in result.parameters] == [2500, 1250]
    row = result.recordings[0]
    assert row.median_s == pytest.approx(0.6, abs=0.2)
    assert row.activity_median < 2500 < row.activity_95


def test_a_refusal_for_the_last_recording_comes_before_the_first_label(tmp_path):
    project = Project.create(tmp_path / "p")
    add(project, "a", 100)
    add(project, "b", 2000)
    with pytest.raises(ContractError, match="at most 2048"):
        segment_recordings(project, "", None, {"max_ms": 2000})
    assert project.labels("a") == LabelTrack()


def test_no_recording_is_no_error(tmp_path):
    result = segment_recordings(Project.create(tmp_path / "p"), "", None, {})
    assert (result.recordings, result.parameters) == ([], [])
