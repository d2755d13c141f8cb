"""Lists of times: what a file may hold, and which rows it means."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from tinygest.core.errors import ContractError, FormatError, LabelError
from tinygest.core.labels import LabelTrack, Segment
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.store.config import ProjectConfig
from tinygest.store.project import Project
from tinygest.workflow.timed_labels import Time, label_times, read_times, rows_of

N = 1000
UNIX_S = 1.8e9
FIT = {"offset_s": UNIX_S, "rate": 1.0, "first_row_s": 5.0, "device_rate_hz": 100.0}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project.create(tmp_path / "p", ProjectConfig(labels=("jab", "cross")))
    for side, device in (("left", "00000000000000a1"), ("right", "00000000000000b2")):
        info = RecordingInfo(imu_contract(100), N, device=device, gaps=(Gap(500, 100),), clock_fit=FIT)
        samples = np.zeros((N, 6), np.int16)
        project.add(Recording(side, info, RecordingMeta(side=side), samples), LabelTrack())
    return project


def test_seconds_of_the_recording_and_of_the_clock(project: Project) -> None:
    entry = project.entry("left")
    at_s = UNIX_S + 5.0  # row 0
    times = [
        Time("jab", 1.0, 1.5),
        Time("jab", at_s + 2.0, at_s + 2.5),
        Time("cross", at_s + 7.0, at_s + 7.5),  # behind the gap of a second
        Time("jab", at_s - 0.2, at_s + 0.2),  # began before
        Time("jab", at_s + 10.9, at_s + 11.4),
        Time("jab", 9.9, 10.1),
        Time("cross", at_s + 3.0, at_s + 3.4, "B2"),
    ]
    assert rows_of(entry, times) == [((100, 150), "jab"), ((200, 250), "jab"), ((600, 650), "cross")]
    assert ((300, 340), "cross") in rows_of(project.entry("right"), times)


def test_an_edit_that_can_be_undone(project: Project) -> None:
    both = project.recordings()
    done = label_times(project, both, [Time("jab", 1.0, 1.5)])
    assert [(one.n_named, one.n_added) for one in done] == [(0, 1), (0, 1)]
    assert project.labels("left").segments == (Segment(100, 150, "jab", "import"),)
    project.undo_labels("left")
    assert project.labels("left").segments == ()


def test_nothing_is_changed_where_something_is_wrong(project: Project) -> None:
    with pytest.raises(LabelError, match="uppercut"):
        label_times(project, project.recordings(), [Time("jab", 1, 2), Time("uppercut", 3, 4)])
    info = structs.replace(project.entry("left").info, clock_fit=None, device="c3")
    project.add(Recording("old", info, RecordingMeta(), np.zeros((N, 6), np.int16)), LabelTrack())
    with pytest.raises(ContractError, match="old does not know when"):
        label_times(project, project.recordings(), [Time("jab", UNIX_S + 8, UNIX_S + 9)])
    assert all(not project.labels(entry.id).segments for entry in project.recordings())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("label,start\njab,1\n", "line 2: nothing in column stop"),
        ("label,start,stop\njab,1,2\n,3,4\n", "line 3: nothing in column label"),
        ("label,start,stop\njab,one,2\n", "line 2: start and stop are numbers"),
        ("label,start,stop\njab,2,1\n", "2 to 1 is no time"),
        ("label,start,stop\njab,nan,1\n", "is no time"),
    ],
)
def test_a_file_that_is_none_is_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "times.csv").write_text(text)
    with pytest.raises(FormatError, match=said):
        read_times(tmp_path / "times.csv")
    with pytest.raises(FormatError, match="cannot read"):
        read_times(tmp_path / "none.csv")


def test_columns_in_any_order_with_others_between(tmp_path: Path) -> None:
    path = tmp_path / "times.csv"
    path.write_bytes("\ufeffstop,device,stream,label,start\n2.5,A1,1,jab,2\n".encode())
    assert read_times(path) == [Time("jab", 2.0, 2.5, "A1")]
