"""Simple Streaming Interface: configuration, v1 rows and lines, v2 frames found in noise."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import ProtocolError
from tinygest.protocol.ssi_config import COLUMN_NAMES, SsiConfig, decode_config, encode_config
from tinygest.protocol.ssi_v1 import LineReader, RowReader
from tinygest.protocol.ssi_v2 import V2Frame, V2Reader, decode_v2, encode_v2

from .conftest import Vector, vectors

FRAMES = st.builds(V2Frame, st.integers(0, 255), st.integers(0, (1 << 32) - 1), st.binary(max_size=40))


def rows_of(payload: bytes, n_columns: int) -> list[list[int]]:
    return RowReader(n_columns).feed(payload).tolist()


@pytest.mark.parametrize("vector", vectors("ssi_v2"), ids=str)
def test_v2_examples(vector: Vector) -> None:
    value = vector.value
    frame = decode_v2(vector.data)
    assert (frame.channel, frame.sequence) == (value["channel"], value["sequence"])
    assert rows_of(frame.payload, len(value["rows"][0])) == value["rows"]
    assert encode_v2(frame) == vector.data


@pytest.mark.parametrize("vector", vectors("ssi_config"), ids=str)
def test_config_examples(vector: Vector) -> None:
    columns = {name: place for place, name in enumerate(COLUMN_NAMES.values())}
    config = SsiConfig(column_location=columns, **vector.value)
    assert decode_config(vector.data) == config
    assert encode_config(config) == vector.data
    assert config.row_bytes == 12


@given(FRAMES)
@settings(deadline=None, max_examples=100)
def test_v2_there_and_back(frame: V2Frame) -> None:
    assert decode_v2(encode_v2(frame)) == frame


@given(st.lists(FRAMES, max_size=6), st.lists(st.integers(1, 7), min_size=1))
@settings(deadline=None, max_examples=100)
def test_v2_pieces_do_not_matter(frames: list[V2Frame], sizes: list[int]) -> None:
    data = b"".join(map(encode_v2, frames))
    reader, found, at = V2Reader(), [], 0
    while at < len(data):
        size = sizes[at % len(sizes)]
        found += reader.feed(data[at : at + size])
        at += size
    assert found == frames
    assert reader.n_skipped == 0


@given(st.binary(max_size=60), st.lists(FRAMES, min_size=1, max_size=4))
@settings(deadline=None, max_examples=200)
def test_v2_finds_the_frames_after_noise(noise: bytes, frames: list[V2Frame]) -> None:
    """Noise may look like the start of a long frame; it ends within the largest frame."""
    data = noise + b"".join(map(encode_v2, frames)) + bytes(1100)
    found = V2Reader().feed(data)
    assert [frame for frame in found if frame in frames][-len(frames) :] == frames


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=200)
def test_v2_swallows_any_bytes(data: bytes) -> None:
    reader = V2Reader()
    taken = sum(len(frame.payload) + 10 for frame in reader.feed(data))
    assert taken + reader.n_skipped <= len(data)


def test_v2_passes_over_a_broken_frame() -> None:
    good = [encode_v2(V2Frame(0, n, bytes([n] * 12))) for n in (1, 2, 3)]
    broken = bytearray(good[1])
    broken[10] ^= 1
    reader = V2Reader()
    found = reader.feed(good[0] + bytes(broken) + good[2])
    assert [frame.sequence for frame in found] == [1, 3]
    assert reader.n_skipped == len(broken)


def test_config_of_stock_firmware_is_read_with_its_padding() -> None:
    text = json.dumps({"sample_rate": 119, "samples_per_packet": 1, "column_location": {"b": 1, "a": 0}})
    config = decode_config(text.encode() + b"\0" * 50)
    assert (config.version, config.data_type, config.columns) == (1, "int16", ("a", "b"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"column_location": {"a": 0, "b": 2}}, "columns"),
        ({"column_location": {"a": 0, "b": 0}}, "columns"),
        ({"column_location": {}}, "columns"),
        ({"column_location": {"a": -1}}, "columns"),
        ({"sample_rate": 0}, "0 Hz"),
        ({"sample_rate": "100"}, "int"),
        ({"samples_per_packet": 0}, "packets"),
        ({"version": 3}, "version"),
    ],
)
def test_config_that_makes_no_sense(change: dict[str, object], words: str) -> None:
    config = {"sample_rate": 100, "samples_per_packet": 1, "column_location": {"a": 0, "b": 1}}
    with pytest.raises(ProtocolError, match=words):
        decode_config(json.dumps(config | change).encode())


@given(st.binary(max_size=100))
@settings(deadline=None, max_examples=100)
def test_config_noise(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode_config(data)


@given(st.binary(max_size=200), st.lists(st.integers(1, 9), min_size=1))
@settings(deadline=None, max_examples=100)
def test_v1_rows_in_any_pieces(data: bytes, sizes: list[int]) -> None:
    reader, rows, at = RowReader(3), [], 0
    while at < len(data):
        size = sizes[at % len(sizes)]
        rows.append(reader.feed(data[at : at + size]))
        at += size
    whole = np.frombuffer(data[: len(data) // 6 * 6], "<i2").reshape(-1, 3)
    assert np.array_equal(np.concatenate(rows or [whole]), whole)


def test_lines_in_pieces_and_one_too_long() -> None:
    reader = LineReader(max_line=5)
    assert reader.feed(b"ab") == []
    assert reader.feed(b"c\r\n\r\n1234567\nok\nre") == [b"abc", b"ok"]
    assert reader.n_dropped == 1
    assert reader.feed(b"st\n") == [b"rest"]
