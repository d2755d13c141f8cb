from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tinygest.core.errors import FormatError
from tinygest.core.recording import Gap, RecordingMeta
from tinygest.store.recordings import (
    FORMAT_KEY,
    INFO_KEY,
    encode_meta,
    encode_signal,
    read_info,
    read_meta,
    read_signal,
)


@pytest.fixture
def signal(tmp_path, make_recording):
    recording = make_recording("a", 50, gaps=(Gap(10, 3), Gap(20)))
    path = tmp_path / "a.parquet"
    path.write_bytes(encode_signal(recording))
    return path, recording


def test_round_trip(signal):
    path, recording = signal
    info, samples = read_signal(path)
    assert info == recording.info == read_info(path)
    assert samples.dtype == np.int16
    assert samples.flags.c_contiguous
    np.testing.assert_array_equal(samples, recording.samples)


def test_same_recording_same_bytes(signal):
    path, recording = signal
    assert encode_signal(recording) == path.read_bytes()


def test_any_parquet_reader_sees_the_columns(signal):
    table = pq.read_table(signal[0])
    assert table.column_names == ["ax", "ay", "az", "gx", "gy", "gz"]
    assert set(table.schema.types) == {pa.int16()}


def test_damaged_file_is_one_sentence(signal):
    path, _ = signal
    whole = path.read_bytes()
    for stop in range(0, len(whole), 97):
        path.write_bytes(whole[:stop])
        with pytest.raises(FormatError, match=r"a\.parquet"):
            read_signal(path)
        with pytest.raises(FormatError, match=r"a\.parquet"):
            read_info(path)


def test_flipped_bytes_are_refused_or_harmless(signal):
    path, _ = signal
    whole = bytearray(path.read_bytes())
    rng = np.random.default_rng(1)
    for at in rng.integers(0, len(whole), 300):
        damaged = bytearray(whole)
        damaged[at] ^= int(rng.integers(1, 256))
        path.write_bytes(damaged)
        try:
            info, samples = read_signal(path)
        except FormatError:
            continue
        assert samples.shape == (info.n_samples, len(info.contract.channels))


def _write(path, recording, *, names=None, kind=None, metadata=None, null=False):
    """A Parquet file that differs from a good one in one respect."""
    names = names or recording.info.contract.channel_names
    columns = [pa.array(recording.samples[:, i].astype(object)).cast(kind or pa.int16()) for i in range(6)]
    if null:
        columns[0] = pa.array([None, *recording.samples[1:, 0].tolist()], pa.int16())
    good = pq.read_schema(path).metadata
    table = pa.table(dict(zip(names, columns, strict=True)))
    pq.write_table(table.replace_schema_metadata({**good, **(metadata or {})}), path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"names": ["ax", "ay", "az", "gx", "gz", "gy"]}, "columns"),
        ({"kind": pa.int32()}, "int16"),
        ({"metadata": {FORMAT_KEY: b"2"}}, "this tinygest"),
        ({"metadata": {INFO_KEY: b"{"}}, "cannot be read"),
        ({"null": True}, "null"),
    ],
)
def test_file_that_contradicts_itself(signal, change, reason):
    path, recording = signal
    _write(path, recording, **change)
    with pytest.raises(FormatError, match=reason):
        read_signal(path)


def test_a_parquet_file_of_somebody_else(tmp_path):
    pq.write_table(pa.table({"a": [1]}), tmp_path / "x.parquet")
    with pytest.raises(FormatError, match=r"x\.parquet.*not a recording"):
        read_info(tmp_path / "x.parquet")


def test_meta_round_trip_and_strictness(tmp_path):
    path = tmp_path / "a.json"
    meta = RecordingMeta("S1", "left", notes='ä "quoted"\n', fields={"glove": "10"})
    path.write_bytes(encode_meta(meta))
    assert read_meta(path) == meta
    path.write_text('{"subjct": "S1"}')
    with pytest.raises(FormatError, match=r"a\.json.*subjct"):
        read_meta(path)
    path.write_text('{"default_label": "unknown"}')
    with pytest.raises(FormatError, match=r"a\.json.*default label"):
        read_meta(path)
    path.unlink()
    with pytest.raises(FormatError, match="restore it"):
        read_meta(path)
