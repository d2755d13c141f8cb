from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tinygest.core.errors import FormatError
from tinygest.formats.csv_table import open_csv, read_numbers, read_runs


@pytest.fixture
def read(tmp_path):
    def numbers(data: bytes, columns=("a", "b"), **options):
        path = tmp_path / "x.csv"
        path.write_bytes(data)
        return read_numbers(open_csv(path, **options), columns)

    return numbers


GOOD = [[1.0, 2.0], [-3.5, 4e-3]]


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\n1,2\n-3.5,4e-3\n",
        b"a,b\n1,2\n-3.5,4e-3",
        b"a,b\r\n1,2\r\n-3.5,4e-3\r\n",
        b"a,b\r1,2\r-3.5,4e-3\r",
        b"a,b\n1,2\r\n-3.5,4e-3\r",
        b"\xef\xbb\xbfa,b\n1,2\n-3.5,4e-3\n",
        b"\n\na,b\n\n1,2\n\n-3.5,4e-3\n\n\n",
        b"a,b\n 1 , 2\n-3.5 ,+.004\n",
        b'a,b\n"1","2"\n"-3.5",4e-3\n',
        b"x,b,note,a\n9,2,hi,1\n9,4e-3,you,-3.5\n",
    ],
)
def test_good_files(read, data):
    np.testing.assert_array_equal(read(data), GOOD)


def test_other_separator_and_decimal(read):
    data = b"a;b\n1;2\n-3,5;0,004\n"
    np.testing.assert_array_equal(read(data, separator=";", decimal=","), GOOD)


@pytest.mark.parametrize(
    ("data", "line", "reason"),
    [
        (b"a,b\n1,2\n3\n", 3, "1 fields where the header has 2"),
        (b"a,b\n1,2\n3,4,5\n", 3, "3 fields"),
        (b"a,b\n\n1,2\n\n3,x\n", 5, "b is 'x'"),
        (b"a,b\n1,2\r\n3,nan\n", 3, "b is 'nan'"),
        (b"a,b\r1,2\r3,inf\r", 3, "b is 'inf'"),
        (b"a,b\n1,\n", 2, "b is ''"),
        (b"a,b\n1,1e999\n", 2, "not a finite"),
        (b"a,b\n1,NA\n", 2, "b is 'NA'"),
        (b"a,b\n1,0x10\n", 2, "0x10"),
        (b"a,b\n1,1_0\n", 2, "1_0"),
        (b"a,b\n1,true\n", 2, "true"),
        (b"a,b\n1,\x1e3\n", 2, "x1e3"),
        (b"a,b\n1,2,5\n", 2, "3 fields"),
        (b"a,b\n1,2\n3,\x004\n", 3, "NUL"),
        (b"a,b\n1,2\n3,\xff\n", 3, "UTF-8"),
        (b"\xff\xfea\0,\0b\0", 1, "NUL"),
        ("a,b\n1,１\n".encode(), 2, "not a finite"),
        (b'a,b\n1,2\n"3,4\n', 3, "CSV|fields"),
        (b"a,a\n1,2\n", 1, "repeat"),
        (b"a,b\n1," + b"9" * 3_000_000 + b"\n", 2, "CSV"),
    ],
)
def test_bad_files_name_the_line(read, data, line, reason):
    with pytest.raises(FormatError, match=reason) as caught:
        read(data)
    assert f"x.csv, line {line}:" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "reason"), [(b"", "empty"), (b"\n\n", "empty"), (b"a,c\n1,2\n", "no column 'b'; it has a, c")]
)
def test_files_without_what_is_needed(read, data, reason):
    with pytest.raises(FormatError, match=reason):
        read(data)


def test_a_header_alone_is_no_rows(read):
    assert read(b"a,b\n").shape == (0, 2)


def test_texts_come_stripped_and_ragged_rows_are_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a,l\n1, jab \n1,jab\n\n2,\n2,1\n")
    assert read_runs(open_csv(path), "l") == [(0, 2, "jab"), (2, 3, ""), (3, 4, "1")]
    path.write_text("a,l\n")
    assert read_runs(open_csv(path), "l") == []
    path.write_text("a,l\n1\n")
    with pytest.raises(FormatError, match=r"line 2.*1 fields"):
        read_runs(open_csv(path), "l")


def test_an_unreadable_file_is_one_sentence(tmp_path):
    with pytest.raises(FormatError, match="No such file"):
        open_csv(tmp_path / "x.csv")


FINITE = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(st.lists(st.tuples(FINITE, FINITE), max_size=20), st.sampled_from(["\n", "\r\n", "\r"]))
@settings(deadline=None, max_examples=50)
def test_what_is_written_is_read(tmp_path_factory, rows, newline):
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    path.write_bytes(newline.join(["a,b", *(f"{a!r},{b!r}" for a, b in rows)]).encode())
    expected = np.array(rows, np.float64).reshape(-1, 2)
    np.testing.assert_array_equal(read_numbers(open_csv(path), ["a", "b"]), expected)


CSV_BYTES = st.lists(
    st.sampled_from(
        [b"a,b", b"1", b",", b"\n", b"\r", b'"', b"nan", b"-", b".", b"e", b"\0", b"\xff", b" "]
    )
).map(b"".join)


@given(st.binary(max_size=100) | CSV_BYTES | CSV_BYTES.map(lambda tail: b"a,b\n" + tail))
@example(b'a,b\n"\n')
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_numbers_or_one_error(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("csv") / "x.csv"
    path.write_bytes(data)
    values = np.zeros((0, 2))
    with contextlib.suppress(FormatError):
        values = read_numbers(open_csv(path), ["a", "b"])
    assert values.shape[1] == 2
    assert np.isfinite(values).all()
