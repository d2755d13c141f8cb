from __future__ import annotations

import errno
import zipfile

import pytest

from tinygest.core.errors import NotFoundError, StoreError
from tinygest.store.config import ProjectConfig
from tinygest.store.project import Project
from tinygest.workflow.downloads import MAX_KEPT, archive, new_export_folder


@pytest.fixture
def project(tmp_path):
    return Project.create(tmp_path / "p", ProjectConfig())


def test_an_export_as_one_file(project):
    folder = new_export_folder(project, "csv")
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "a.csv").write_text("1,2\n")
    packed = archive(project, str(folder))
    with zipfile.ZipFile(packed) as file:
        assert file.namelist() == ["inner/a.csv"]
    assert archive(project, str(folder)) == packed


def test_two_who_ask_at_once_both_get_it(project, monkeypatch):
    folder = new_export_folder(project, "csv")
    folder.mkdir()
    (folder / "a.csv").write_text("1,2\n")
    real, others = zipfile.ZipFile.write, []

    def write(file, *arguments):
        if not others:
            others.append("asks")
            others.append(archive(project, str(folder)))
        real(file, *arguments)

    monkeypatch.setattr(zipfile.ZipFile, "write", write)
    packed = archive(project, str(folder))
    with zipfile.ZipFile(packed) as file:
        assert file.testzip() is None
        assert file.namelist() == ["a.csv"]
    assert others[1] == packed


def test_a_full_disk_leaves_no_half_of_a_file(project, monkeypatch):
    folder = new_export_folder(project, "csv")
    folder.mkdir()
    (folder / "a.csv").write_text("1,2\n")

    def write(file, *arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "write", write)
    for _ in range(2):
        with pytest.raises(StoreError, match="No space left"):
            archive(project, str(folder))
    assert list(folder.parent.iterdir()) == [folder]


def test_only_exports_are_packed(project, tmp_path):
    (tmp_path / "secret").mkdir()
    for folder in (tmp_path / "secret", project.root, project.root / ".tinygest" / "exports" / ".." / ".."):
        with pytest.raises(NotFoundError):
            archive(project, str(folder))


def test_few_are_kept(project):
    folders = []
    for _ in range(2 * MAX_KEPT):
        folders.append(new_export_folder(project, "csv"))
        folders[-1].mkdir()
    assert sum(folder.is_dir() for folder in folders) == MAX_KEPT
    with pytest.raises(NotFoundError, match="no longer kept"):
        archive(project, str(folders[0]))
