"""C literals that read back as what went in, whatever the text."""

import ast
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from tinygest.generate.render import c_comment, c_float, c_rows, c_string, render


@given(st.lists(st.integers(-(1 << 31), (1 << 31) - 1), max_size=60))
def test_rows_hold_all_values_in_order(values):
    rows = c_rows(np.array(values, np.int64))
    assert all(len(row) <= 92 for row in rows)
    words = "".join(rows).replace("INT32_MIN", str(-(1 << 31))).replace(" ", "").split(",")
    assert [int(word) for word in words[:-1]] == values


@given(st.floats(width=32, min_value=2.0**-100, max_value=2.0**100))
def test_floats_read_back_as_the_same_float(value):
    text = c_float(value)
    assert text.endswith("f")
    assert "." in text or "e" in text
    assert struct.pack("<f", float(text[:-1])) == struct.pack("<f", value)


@given(st.text(max_size=40))
def test_strings_are_ascii_literals_that_read_back(text):
    literal = c_string(text)
    assert literal.isascii()
    assert "?" not in literal  # no trigraphs
    assert ast.literal_eval("b" + literal).decode() == text


@given(st.text(max_size=40), st.text(max_size=40))
def test_comments_cannot_be_left(before, after):
    comment = c_comment(f"{before}*/{after}/*")
    assert "*/" not in comment
    assert "/*" not in comment
    assert comment.isascii()
    assert comment.isprintable()
    assert "\\" not in comment


def test_a_misspelt_name_fails_the_render():
    with pytest.raises(UndefinedError):
        render("tg_NAME_bare.h", {"macro": "TG_X"})
