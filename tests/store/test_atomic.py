from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tinygest.core.errors import StoreError
from tinygest.store.atomic import append_line, publish_file, write_atomic


def names(folder):
    return [path.name for path in folder.iterdir()]


def test_replaces_whole_and_leaves_nothing_else(tmp_path):
    target = tmp_path / "a.json"
    write_atomic(target, b"old and long")
    write_atomic(target, b"new")
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["a.json"]


def test_a_failure_keeps_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "a.json"
    write_atomic(target, b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        write_atomic(target, b"new")
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["a.json"]


def test_missing_folder_is_one_sentence(tmp_path):
    with pytest.raises(StoreError, match="cannot write"):
        write_atomic(tmp_path / "no" / "a", b"")


def test_publishing_never_replaces(tmp_path):
    for name in ("finished", "other", "taken"):
        (tmp_path / name).write_text(name)
    publish_file(tmp_path / "finished", tmp_path / "free")
    with pytest.raises(StoreError, match="only once"):
        publish_file(tmp_path / "other", tmp_path / "taken")
    assert sorted(names(tmp_path)) == ["free", "other", "taken"]
    assert (tmp_path / "taken").read_text() == "taken"


def test_publishing_works_without_hard_links(tmp_path, monkeypatch):
    def refuse(self, target):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    test_publishing_never_replaces(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_files_follow_the_umask(tmp_path):
    before = os.umask(0o022)
    try:
        write_atomic(tmp_path / "a", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644


def test_append_repairs_a_torn_line(tmp_path):
    log = tmp_path / "log"
    append_line(log, b"one")
    with log.open("ab") as file:
        file.write(b"tw")  # the process died here
    append_line(log, b"three")
    assert log.read_bytes() == b"one\nthree\n"


def test_append_repairs_a_torn_line_longer_than_a_block(tmp_path):
    log = tmp_path / "log"
    append_line(log, b"one")
    with log.open("ab") as file:
        file.write(b"x" * 200_000)
    append_line(log, b"two")
    assert log.read_bytes() == b"one\ntwo\n"
