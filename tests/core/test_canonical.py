from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygest.core.canonical import canonical_json, decode_json, pretty_json, sha256_hex
from tinygest.core.errors import FormatError
from tinygest.core.labels import LabelTrack, Segment
from tinygest.core.sensor import SensorContract, imu_contract


def test_canonical_json_sorts_keys() -> None:
    assert canonical_json({"b": 1, "a": [1.5, None]}) == b'{"a":[1.5,null],"b":1}'


def test_a_struct_keeps_its_text_on_the_way_through_a_file() -> None:
    contract = imu_contract(100)  # a whole number where the struct says float
    again = decode_json(pretty_json(contract), SensorContract)
    assert again == contract
    assert canonical_json(again) == canonical_json(contract)
    assert again.capture_id == contract.capture_id


def test_a_struct_that_breaks_its_types_has_no_text() -> None:
    with pytest.raises(FormatError, match="start"):
        canonical_json(Segment("1", 5))  # type: ignore[arg-type]


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
