from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import FormatError
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.store.labels import decode_track, encode_track, read_track

LABELS = st.none() | st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 _+-]{0,39}", fullmatch=True).filter(
    lambda text: text.lower() != "unknown"
)


@st.composite
def tracks(draw, n_samples=1000):
    def spans():
        edges = sorted(draw(st.sets(st.integers(0, n_samples), max_size=12)))
        return list(zip(edges[::2], edges[1::2], strict=False))

    source = st.sampled_from(["person", "segmenter", "import"])
    segments = tuple(Segment(a, b, draw(LABELS), draw(source)) for a, b in spans())
    return LabelTrack(segments, tuple(Interval(a, b) for a, b in spans()))


@given(tracks())
@settings(deadline=None)
def test_round_trip(track):
    text = encode_track(track)
    assert decode_track(text, 1000) == track
    # One segment or interval a line, plus the lines that open and close.
    n_spans = len(track.segments) + len(track.reviewed)
    n_blocks = bool(track.segments) + bool(track.reviewed)
    assert text.count(b"\n") == 3 + n_spans + n_blocks


@given(st.binary(max_size=200) | tracks().map(encode_track), st.data())
@settings(deadline=None)
def test_hostile_bytes_give_one_error(data, draw):
    at = draw.draw(st.integers(0, len(data)))
    mutated = data[:at] + draw.draw(st.binary(max_size=3)) + data[draw.draw(st.integers(at, len(data))) :]
    with contextlib.suppress(FormatError):
        decode_track(mutated, 1000).check(1000)


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ({"format_version": 1, "segments": []}, "reviewed"),
        ({"format_version": 2, "segments": [], "reviewed": []}, "format 2"),
        ({"format_version": 1, "segments": [{"start": 5, "stop": 5}], "reviewed": []}, "inside"),
        ({"format_version": 1, "segments": [{"start": 5, "stop": 101}], "reviewed": []}, "inside"),
        (
            {
                "format_version": 1,
                "segments": [{"start": 5, "stop": 9}, {"start": 8, "stop": 12}],
                "reviewed": [],
            },
            "overlaps",
        ),
        (
            {"format_version": 1, "segments": [{"start": 5, "stop": 9, "lable": "x"}], "reviewed": []},
            "lable",
        ),
        ({"format_version": 1, "segments": [{"start": 1.5, "stop": 9}], "reviewed": []}, "int"),
        (
            {
                "format_version": 1,
                "segments": [{"start": 5, "stop": 9, "label": "unknown"}],
                "reviewed": [],
            },
            "unknown",
        ),
    ],
)
def test_refusals_name_the_file(tmp_path, file, reason):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(file))
    with pytest.raises(FormatError, match=reason) as caught:
        read_track(path, 100)
    assert str(path) in str(caught.value)


def test_no_file_is_no_labels(tmp_path):
    assert read_track(tmp_path / "a.json", 10) == LabelTrack()
