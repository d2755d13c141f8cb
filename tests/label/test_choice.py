from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import LabelError, UsageError
from tinygest.core.labels import LabelTrack, Segment
from tinygest.label.choice import parse_position, parse_segments

TRACK = LabelTrack(tuple(Segment(10 * i, 10 * i + 5, "jab" if i % 2 else None) for i in range(6)))


@pytest.mark.parametrize(
    ("text", "indices"),
    [
        ("1", (0,)),
        ("6", (5,)),
        ("2-4", (1, 2, 3)),
        ("1-2,5", (0, 1, 4)),
        ("5, 1-2,2", (0, 1, 4)),
        ("all", (0, 1, 2, 3, 4, 5)),
        ("unlabelled", (0, 2, 4)),
    ],
)
def test_segments(text, indices):
    assert parse_segments(text, TRACK) == indices


@pytest.mark.parametrize("text", ["", "x", "1,,2", "1-", "-1", "1.5", "1--2", "٣"])
def test_another_form_is_a_usage_error(text):
    with pytest.raises(UsageError, match="label list"):
        parse_segments(text, TRACK)


@pytest.mark.parametrize("text", ["0", "7", "4-2", "5-9"])
def test_numbers_that_are_not_there(text):
    with pytest.raises(LabelError, match="has 6"):
        parse_segments(text, TRACK)


@pytest.mark.parametrize(
    ("text", "row"), [("0", 0), ("250", 250), ("2.5s", 250), ("3s", 300), ("0.004s", 0)]
)
def test_positions(text, row):
    assert parse_position(text, 100) == row


@pytest.mark.parametrize("text", ["", "s", "-1", "2.5", "1e3", "nan", "1s2", "1,5s", "9" * 13])
def test_positions_that_are_none(text):
    with pytest.raises(UsageError, match=r"2\.5s"):
        parse_position(text, 100)


@given(st.text("0123456789-,. salunbed", max_size=12))
@settings(deadline=None)
def test_any_text_is_indices_or_an_error(text):
    with contextlib.suppress(UsageError, LabelError):
        indices = parse_segments(text, TRACK)
        assert list(indices) == sorted(set(indices))
        assert all(0 <= index < 6 for index in indices)
