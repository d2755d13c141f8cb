from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygest.core.canonical import canonical_json, decode_json, pretty_json, sha256_hex
from tinygest.core.errors import FormatError
from tinygest.core.labels import LabelTrack, Segment


def test_canonical_json_sorts_keys() -> None:
    assert canonical_json({"b": 1, "a": [1.5, None]}) == b'{"a":[1.5,null],"b":1}'


def test_pretty_json_is_the_same_value() -> None:
    track = LabelTrack((Segment(1, 5, "jab"),))
    assert decode_json(pretty_json(track), LabelTrack) == track


@given(st.binary(max_size=200))
def test_no_bytes_crash_the_decoder(data: bytes) -> None:
    with contextlib.suppress(FormatError):
        decode_json(data, LabelTrack, "labels/x.json")


def test_error_names_the_place_inside_the_document() -> None:
    with pytest.raises(FormatError, match=r"\$\.segments\[0\]\.start"):
        decode_json(b'{"segments": [{"start": "x", "stop": 2}]}', LabelTrack)


def test_deep_nesting_is_an_error_not_a_crash() -> None:
    with pytest.raises(FormatError):
        decode_json(b'{"segments":' + b"[" * 100_000, LabelTrack)


def test_hash_separates_its_parts() -> None:
    assert sha256_hex(b"ab", b"c") != sha256_hex(b"a", b"bc")
