"""The configuration of other gateways: loose, and never trusted."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import ProtocolError
from tinygest.protocol.ssi_gateway import decode_gateway_config

COLUMNS = {"AccelerometerX": 0, "AccelerometerY": 1, "AccelerometerZ": 2}
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
JSON = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner)
)


@pytest.mark.parametrize("rate", [100, "100", 100.0, "100.0"])
def test_a_rate_in_any_clothes(rate: object) -> None:
    config = decode_gateway_config(msgspec.json.encode({"sample_rate": rate, "column_location": COLUMNS}))
    assert (config.sample_rate, config.samples_per_packet) == (100, 1)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["sample_rate", "column_location", "samples_per_packet", "data_type", "mode"]),
        JSON | st.just(COLUMNS) | st.just(100),
    )
)
def test_any_json_is_taken_or_refused(said: dict[str, object]) -> None:
    try:
        config = decode_gateway_config(msgspec.json.encode(said))
    except (ProtocolError, msgspec.MsgspecError, UnicodeEncodeError):
        return
    assert 1 <= len(config.columns) <= 64
    assert config.sample_rate >= 1


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused(text: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_gateway_config(text)


def test_too_much_is_refused() -> None:
    with pytest.raises(ProtocolError, match="at most"):
        decode_gateway_config(b" " * 100_000)
