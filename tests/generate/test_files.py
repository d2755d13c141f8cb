"""Generated files: whole, only when changed, and the same bytes every time."""

import io
import zipfile

import pytest

from tinygest.core.errors import GenerateError
from tinygest.generate.files import write_if_changed, write_tree, zip_bytes


def test_an_unchanged_file_keeps_its_time(tmp_path):
    path = tmp_path / "a" / "b.c"
    assert write_if_changed(path, b"one")
    time = path.stat().st_mtime_ns
    assert not write_if_changed(path, b"one")
    assert path.stat().st_mtime_ns == time
    assert write_if_changed(path, b"two")
    assert path.read_bytes() == b"two"


def test_nothing_is_left_beside_a_written_file(tmp_path):
    write_if_changed(tmp_path / "b.c", b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["b.c"]


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "b.c"
    path.write_bytes(b"old")

    def fail(*_):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("tinygest.generate.files.os.replace", fail)
    with pytest.raises(GenerateError, match="No space left"):
        write_tree(tmp_path, {"b.c": b"new"})
    assert [entry.name for entry in tmp_path.iterdir()] == ["b.c"]
    assert path.read_bytes() == b"old"


def test_zips_are_the_same_bytes_and_readable():
    files = {"b/two.c": b"2", "a/one.c": b"1"}
    data = zip_bytes(files)
    assert data == zip_bytes(dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["a/one.c", "b/two.c"]
        assert archive.read("b/two.c") == b"2"
