from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import NotFoundError, StoreError, UsageError
from tinygest.store.config import ProjectConfig
from tinygest.store.project import Project
from tinygest.workflow import uploads as module
from tinygest.workflow.uploads import MAX_DEPTH, Uploads, clean_parts


@pytest.fixture
def uploads(tmp_path):
    return Uploads(Project.create(tmp_path / "p", ProjectConfig()))


def test_one_file_is_the_source_and_several_are_a_folder(uploads):
    made = uploads.begin()
    uploads.add(made.id, "walk.csv", b"1,2")
    assert uploads.source(made.id).read_bytes() == b"1,2"
    assert uploads.source(made.id).name == "walk.csv"
    assert uploads.add(made.id, "more/run.csv", b"3").n_bytes == 4
    assert (uploads.source(made.id) / "more" / "run.csv").is_file()


def test_a_folder_keeps_its_name(uploads):
    made = uploads.begin()
    for name in ("gestures/a.csv", "gestures/b.csv"):
        uploads.add(made.id, name, b"")
    assert uploads.source(made.id).name == "gestures"


def test_half_a_file_is_not_in_the_way_of_the_next_attempt(uploads, monkeypatch):
    made = uploads.begin()

    def full(path, mode):
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        with pytest.raises(StoreError, match="No space left"):
            uploads.add(made.id, "a.csv", b"1,2")
    assert uploads.add(made.id, "a.csv", b"1,2").n_files == 1
    with pytest.raises(StoreError):
        uploads.add(made.id, "a.csv/inner/b.csv", b"")


@pytest.mark.parametrize(
    "name", ["", "/", "..", "a/../../b", "....", "a/ /b", "/".join("x" * (MAX_DEPTH + 1))]
)
def test_unusable_names(uploads, name):
    made = uploads.begin()
    with pytest.raises(UsageError, match="not a usable file name"):
        uploads.add(made.id, name, b"")


@given(st.text(max_size=300))
@settings(deadline=None)
def test_no_name_leads_out(name):
    try:
        parts = clean_parts(name)
    except UsageError:
        return
    assert all(part and not part.startswith(".") and "/" not in part and "\\" not in part for part in parts)


def test_two_of_a_name_are_refused(uploads):
    made = uploads.begin()
    uploads.add(made.id, "a?.csv", b"1")
    with pytest.raises(UsageError, match="two files are called a_"):
        uploads.add(made.id, "a*.csv", b"2")


def test_bounds(uploads, monkeypatch):
    made = uploads.begin()
    monkeypatch.setattr(module, "MAX_BYTES", 10)
    monkeypatch.setattr(module, "MAX_FILES", 2)
    with pytest.raises(UsageError, match="MiB at a time"):
        uploads.add(made.id, "a", b"x" * 11)
    uploads.add(made.id, "a", b"x")
    uploads.add(made.id, "b", b"x")
    with pytest.raises(UsageError, match="at most 2 files"):
        uploads.add(made.id, "c", b"")


def test_the_oldest_go_and_unknown_ones_are_told(uploads):
    first = uploads.begin()
    for _ in range(module.MAX_KEPT):
        last = uploads.begin()
    with pytest.raises(NotFoundError):
        uploads.source(first.id)
    with pytest.raises(UsageError, match="choose files"):
        uploads.source(last.id)
    uploads.remove(last.id)
    for missing in (last.id, "../uploads", ""):
        with pytest.raises(NotFoundError):
            uploads.add(missing, "a", b"")
