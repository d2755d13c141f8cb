from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from tinygest.core.errors import FormatError, LabelError, StoreError, UsageError
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import RecordingMeta
from tinygest.store.config import ProjectConfig
from tinygest.store.project import Project

JAB = LabelTrack((Segment(1, 5, "jab"),), (Interval(0, 50),))
CROSS = LabelTrack((Segment(2, 6, "cross"),))


def test_a_project_is_opened_or_refused_with_one_sentence(tmp_path, project):
    assert Project.open(project.root) == project
    with pytest.raises(StoreError, match="no tinygest project"):
        Project.open(tmp_path)
    with pytest.raises(StoreError, match="a project already"):
        Project.create(project.root)
    (project.root / "tinygest.toml").write_text("x = 1")
    with pytest.raises(FormatError, match=r"tinygest\.toml.*x"):
        Project.open(project.root)


def test_create_takes_no_folder_that_is_used(tmp_path):
    (tmp_path / "README").write_text("mine")
    (tmp_path / "models").mkdir()
    with pytest.raises(StoreError, match="in the way"):
        Project.create(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README", "models"]
    (tmp_path / "models").rmdir()
    Project.create(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot make"):
        Project.create(tmp_path / "file" / "below")


def test_recordings_come_back_as_they_went_in(project, make_recording):
    recording = make_recording("a", subject="S1", fields={"glove": "10"})
    project.add(recording, JAB)
    loaded = project.load("a")
    assert (loaded.info, loaded.meta) == (recording.info, recording.meta)
    np.testing.assert_array_equal(loaded.samples, recording.samples)
    assert project.labels("a") == JAB
    with pytest.raises(StoreError, match="another recording"):
        project.add(make_recording("a", 7))


def test_listing_reads_no_samples(project, make_recording, monkeypatch):
    import pyarrow.parquet as pq

    project.add(make_recording("a"))
    monkeypatch.delattr(pq, "read_table")
    monkeypatch.delattr(pq.ParquetFile, "read")
    assert [entry.id for entry in project.recordings()] == ["a"]


@pytest.fixture
def chosen(project, make_recording):
    project.add(make_recording("a", subject="S1", side="left"), JAB)
    project.add(make_recording("b", subject="S2", side="right", fields={"glove": "10 oz"}), CROSS)
    project.add(make_recording("c", rate_hz=50, subject="S3", side="left"))
    project.add(make_recording("d", deleted=True))
    return lambda where: "".join(entry.id for entry in project.recordings(where))


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("", "abc"),
        ("side=left subject!=S3", "a"),
        ("subject=S1,S3", "ac"),
        ("label=jab", "a"),
        ("label!=jab", "bc"),
        ("label=jab,cross", "ab"),
        ("label=", "c"),
        ("glove='10 oz'", "b"),
        ("glove=", "ac"),
        ("id=b", "b"),
        ("rate_hz=50", "c"),
        ("frame=board continuous=yes device=", "abc"),
        ("side=LEFT", ""),
    ],
)
def test_choosing(chosen, where, ids):
    assert chosen(where) == ids


def test_choosing_by_a_field_that_is_not_there(chosen):
    with pytest.raises(UsageError, match=r"'hand' is not one of .*glove"):
        chosen("hand=left")


def test_deleted_recordings_are_listed_apart(chosen, project):
    assert [entry.id for entry in project.recordings(deleted=True)] == ["d"]


def test_fields_of_the_project_are_known_before_they_are_used(tmp_path):
    project = Project.create(tmp_path / "p", ProjectConfig(fields={"glove": "ounces"}))
    assert project.recordings("glove=10") == []


def test_metadata_can_be_corrected(project, make_recording):
    project.add(make_recording("a"))
    project.save_meta("a", RecordingMeta(subject="S9", deleted=True))
    assert project.entry("a").meta == RecordingMeta(subject="S9", deleted=True)
    for meta in (RecordingMeta(subject="a\nb"), RecordingMeta(fields={"glove": "x" * 81})):
        with pytest.raises(StoreError, match="printable"):
            project.save_meta("a", meta)
    assert project.entry("a").meta.subject == "S9"


def test_edits_can_be_undone_and_redone(project, make_recording):
    project.add(make_recording("a"))
    project.save_labels("a", JAB, "add jab")
    project.edit_labels("a", "rename", lambda track, n_samples: CROSS)
    project.edit_labels("a", "nothing", lambda track, n_samples: track)
    assert project.undo_labels("a") == "rename"
    assert project.labels("a") == JAB
    assert project.undo_labels("a") == "add jab"
    assert project.labels("a") == LabelTrack()
    with pytest.raises(LabelError, match="nothing to undo"):
        project.undo_labels("a")
    assert project.redo_labels("a") == "add jab"
    assert Project.open(project.root).redo_labels("a") == "rename"
    assert project.labels("a") == CROSS


def test_a_refused_edit_changes_nothing(project, make_recording, tree):
    project.add(make_recording("a", 4))
    before = tree(project.root)
    with pytest.raises(LabelError, match="inside"):
        project.save_labels("a", JAB)
    assert tree(project.root) == before


def test_known_labels(tmp_path, make_recording):
    project = Project.create(tmp_path / "p", ProjectConfig(labels=("hook", "cross")))
    project.add(make_recording("a"), JAB)
    project.add(make_recording("b"), CROSS)
    assert project.known_labels() == ("hook", "cross", "jab")


@pytest.mark.parametrize("name", ["../a", "a/b", "", ".hidden", "a\0b", "a" * 81, "recordings/../../a"])
def test_ids_that_are_no_file_names(project, name):
    for use in (project.load, project.entry, project.labels, project.undo_labels):
        with pytest.raises(StoreError, match="not usable"):
            use(name)


def test_an_unknown_recording(project):
    for use in (project.load, project.labels):
        with pytest.raises(StoreError, match="no recording 'x'"):
            use("x")
    with pytest.raises(StoreError, match="no recording 'x'"):
        project.save_meta("x", RecordingMeta())


def test_symbolic_links_do_not_lead_out(project, make_recording, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    project.add(make_recording("a"))
    project.layout.track("a").unlink()
    project.layout.track("a").symlink_to(outside / "x.json")
    with pytest.raises(StoreError, match="leads out"):
        project.save_labels("a", JAB)
    project.layout.models.rmdir()
    (project.root / "models").symlink_to(outside)
    with pytest.raises(StoreError, match="leads out"):
        project.models()
    assert not list(outside.iterdir())


def test_dataset_hash_follows_what_a_model_learns(project, make_recording):
    project.add(make_recording("a"), JAB)
    project.add(make_recording("b"))
    first = project.dataset_hash(["a", "b"])
    assert project.dataset_hash(["b", "a"]) == first
    assert project.dataset_hash(["a"]) != first
    project.save_meta("a", RecordingMeta(notes="sweaty"))
    assert project.dataset_hash(["a", "b"]) == first
    project.save_meta("a", RecordingMeta(subject="S1"))
    second = project.dataset_hash(["a", "b"])
    project.save_labels("a", CROSS)
    assert len({first, second, project.dataset_hash(["a", "b"])}) == 3


def test_a_clone_without_empty_folders_works(project, make_recording):
    for folder in (project.layout.labels, project.layout.models, project.layout.recordings):
        folder.rmdir()
    assert project.recordings() == []
    assert project.models() == {}
    project.add(make_recording("a"), JAB)
    assert project.labels("a") == JAB


ADD_SEGMENTS = """
import sys
from pathlib import Path
from tinygest.core.labels import LabelTrack, Segment
from tinygest.store.project import Project

project = Project.open(Path(sys.argv[1]))
for start in range(int(sys.argv[2]), 100, 4):
    new = Segment(start, start + 1)
    project.edit_labels("a", "add", lambda track, n: LabelTrack(tuple(sorted((*track.segments, new)))))
"""


def test_two_writers_lose_nothing(project, make_recording):
    project.add(make_recording("a"))
    command = [sys.executable, "-c", ADD_SEGMENTS, str(project.root)]
    processes = [subprocess.Popen([*command, str(offset)]) for offset in (0, 2)]
    assert [process.wait() for process in processes] == [0, 0]
    assert len(project.labels("a").segments) == 50
    for _ in range(50):
        project.undo_labels("a")
    assert project.labels("a") == LabelTrack()
