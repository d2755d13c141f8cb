from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from tinygest.core.errors import FormatError
from tinygest.formats import files, lines, plain_csv
from tinygest.formats.base import ImportOptions
from tinygest.formats.files import files_below, load, named_file, names_of
from tinygest.formats.lines import numbers, read_lines
from tinygest.formats.registry import open_source, recognise


def test_a_file_over_the_limit_is_refused_without_being_read(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a hole: no disk, and no memory unless somebody reads it
    with pytest.raises(FormatError, match="larger than 1 MiB; split it"):
        load(path, 1 << 20)
    path.write_bytes(b"x" * 10)
    assert load(path, 10) == b"x" * 10


@pytest.mark.parametrize("name", ["a.csv", "data/a.csv", "data\\a.csv", "./a.csv", "a..b.csv", "ä.csv"])
def test_names_inside(tmp_path, name):
    assert named_file(tmp_path, name, Path("x")).is_relative_to(tmp_path)


@pytest.mark.parametrize(
    "name",
    ["..", "../a", "a/../../b", "/a", "\\a", "C:a", "C:\\a", "\\\\host\\share\\a", "", ".", "a\nb", "a\0"],
)
def test_names_that_lead_out(tmp_path, name):
    with pytest.raises(FormatError, match="leads out"):
        named_file(tmp_path, name, Path("x"))


def test_links_that_lead_out(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "secret.csv").write_text("1")
    (tmp_path / "set" / "a.csv").symlink_to(tmp_path / "secret.csv")
    (tmp_path / "set" / "ring.csv").symlink_to(tmp_path / "set" / "ring.csv")
    with pytest.raises(FormatError, match="leads out"):
        named_file(tmp_path / "set", "a.csv", Path("x"))
    assert files_below(tmp_path / "set", {".csv"}) == [tmp_path / "set" / "a.csv"]


def test_folders(tmp_path, monkeypatch):
    with pytest.raises(FormatError, match=r"holds no file that ends in \.csv or \.txt"):
        files_below(tmp_path, {".csv", ".txt"})
    for name in ("b.CSV", "a/b.csv", ".git/c.csv", ".hidden.csv", "a/d.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    found = files_below(tmp_path, {".csv"})
    assert [path.name for path in found] == ["b.csv", "d.csv", "b.CSV"]
    assert list(names_of(found, tmp_path).values()) == ["a_b", "d", "b"]
    monkeypatch.setattr(files, "MAX_FILES", 2)
    with pytest.raises(FormatError, match="more than 2 files"):
        files_below(tmp_path, {".csv"})


@pytest.mark.parametrize(
    "data", [b"a\nb\n\nc", b"a\r\nb\r\n\r\nc\r\n", b"a\rb\r\rc", b"\xef\xbb\xbfa\nb \r\n\nc"]
)
def test_lines_of_all_kinds(tmp_path, data):
    path = tmp_path / "x"
    path.write_bytes(data)
    assert list(read_lines(path)) == [(1, "a"), (2, "b"), (3, ""), (4, "c")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"a\n\0\n", "line 2: holds a NUL"),
        (b"a\nb\n\xff", "line 3: is not UTF-8"),
        (b"a\n" + b"b" * 50, "line 2: is longer"),
    ],
)
def test_bad_lines(tmp_path, monkeypatch, data, reason):
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 20)
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(FormatError, match=reason):
        list(read_lines(path))


def test_numbers():
    np.testing.assert_array_equal(numbers(["1", " -.5e1", "+3."], Path("x"), "here"), [1, -5, 3])
    for text in ("nan", "inf", "1_0", "0x1", "", "1e999", "١", "\x1e3", "\xa03"):
        with pytest.raises(FormatError, match="x, here"):
            numbers([text], Path("x"), "here")


def test_a_folder_that_cannot_be_read_is_told(tmp_path, monkeypatch):
    (tmp_path / "more").mkdir()
    (tmp_path / "a.csv").write_text("1")
    real = os.scandir

    def scandir(path):
        if str(path).endswith("more"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(FormatError, match="more: cannot be read: Permission denied"):
        files_below(tmp_path, {".csv"})
    with pytest.raises(FormatError, match="more: cannot be read: Permission denied"):
        recognise(tmp_path)


def test_what_is_no_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for ask in (recognise, lambda path: open_source("csv", path, ImportOptions(rate_hz=100.0))):
        with pytest.raises(FormatError, match=r"pipe\.csv: is not a file or folder"):
            ask(tmp_path / "pipe.csv")


def test_an_empty_file_is_called_empty(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    with pytest.raises(FormatError, match=r"a\.csv: is empty"):
        recognise(tmp_path / "a.csv")


def test_trouble_while_recordings_are_read_names_the_file(tmp_path, monkeypatch):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("ax,ay,az\n0,0,1\n")
    source = open_source("csv", tmp_path, ImportOptions(rate_hz=100.0, accel_unit="g"))
    next(source.recordings)

    def broken(*_args, **_options):
        raise OSError(5, "Input/output error", str(tmp_path / "b.csv"))

    monkeypatch.setattr(plain_csv, "open_csv", broken)
    with pytest.raises(FormatError, match=r"b\.csv: cannot be read: Input/output error"):
        next(source.recordings)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / os.fsdecode(b"\xff.csv")
    path.write_text("ax,ay,az\n0,0,1\n")
    source = open_source("csv", path, ImportOptions(rate_hz=100.0, accel_unit="g"))
    with pytest.raises(FormatError, match="name that is not UTF-8"):
        next(source.recordings)
