"""Whether the data of a project are sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tinygest.core.labels import LabelTrack, Segment
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.store.project import Project
from tinygest.workflow.checking import Finding, check_data

UP = (0.0, 0.0, 1.0)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "p")


def add(
    project: Project,
    name: str,
    gravity: tuple[float, float, float] = UP,
    *,
    track: LabelTrack | None = None,
    rate_hz: float = 100,
    gaps: tuple[Gap, ...] = (),
) -> None:
    samples = np.random.default_rng(len(name)).normal(0, 10, (300, 6))
    samples[:, :3] += 2048 * np.array(gravity)
    info = RecordingInfo(imu_contract(rate_hz), 300, gaps)
    meta = RecordingMeta(subject="S", side="left", session=name)
    project.add(Recording(name, info, meta, np.rint(samples).astype(np.int16)), track)


def said(project: Project, name: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in check_data(project).findings if one.recording == name]


def test_sound_data(project: Project) -> None:
    for name in ("a", "b", "c"):
        add(project, name)
    result = check_data(project)
    assert (result.n_recordings, result.n_sound, result.findings) == (3, 3, [])
    assert check_data(project, "session=a").n_recordings == 1


def test_a_board_that_is_mounted_the_other_way_round(project: Project) -> None:
    for name in ("a", "b", "c"):
        add(project, name)
    add(project, "turned", (0.0, 0.0, -1.0))
    findings = check_data(project).findings
    assert [one.recording for one in findings] == ["turned"]
    assert "points 180 degrees away" in findings[0].text
    assert "left side" in findings[0].text


def test_labels_and_gaps(project: Project) -> None:
    add(project, "crossing", track=LabelTrack((Segment(90, 110, "jab"),)), gaps=(Gap(100, 5),))
    kinds = said(project, "crossing")
    assert any("1 segments lie across a gap, the first at 90" in text for _, text in kinds)
    segments = [Segment(10 * i, 10 * i + 4, "jab") for i in range(5)] + [Segment(100, 200, "jab")]
    add(project, "forgotten", track=LabelTrack(tuple(segments)))
    assert any("ten times as usual" in text for _, text in said(project, "forgotten"))


def test_files_that_cannot_be_used_are_problems_and_the_rest_is_checked(project: Project) -> None:
    for name in ("broken", "labels", "sound"):
        add(project, name)
    project.layout.signal("broken").write_bytes(b"nonsense")
    project.layout.track("labels").write_text(
        '{"format_version": 1, "segments": [{"start": 5, "stop": 999}], "reviewed": []}'
    )
    result = check_data(project)
    problems = {one.recording: one.text for one in result.findings if one.kind == "problem"}
    assert set(problems) == {"broken", "labels"}
    assert "not inside [0, 300)" in problems["labels"]
    assert result.n_sound == 1


def test_contracts_that_differ(project: Project) -> None:
    for name in ("a", "b"):
        add(project, name)
    add(project, "fast", rate_hz=200)
    expected = "another sensor contract than most recordings: rate 100 Hz against 200 Hz"
    assert check_data(project).findings == [Finding("fast", "remark", expected)]


def test_an_empty_project(project: Project) -> None:
    assert check_data(project).n_recordings == 0
