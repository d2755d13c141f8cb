"""One recording on disk: `<id>.parquet` with samples and physics, `<id>.json` with metadata.

The Parquet file holds one int16 column a channel and the RecordingInfo as JSON in its schema metadata,
so any Parquet reader shows the signal, and listing reads the footer alone.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tinygest.core.canonical import canonical_json, decode_json, pretty_json
from tinygest.core.errors import FormatError, StoreError, TinygestError
from tinygest.core.recording import Recording, RecordingInfo, RecordingMeta, Samples, check_meta

if TYPE_CHECKING:
    import pyarrow as pa

INFO_KEY = b"tinygest.recording"
FORMAT_KEY = b"tinygest.format"
FORMAT_VERSION = b"1"


@dataclass(frozen=True)
class RecordingEntry:
    """A recording without its samples."""

    id: str
    info: RecordingInfo
    meta: RecordingMeta


def encode_signal(recording: Recording) -> bytes:
    """The Parquet file of a recording."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = recording.info.contract.channel_names
    columns = [pa.array(np.ascontiguousarray(recording.samples[:, i])) for i in range(len(names))]
    metadata = {FORMAT_KEY: FORMAT_VERSION, INFO_KEY: canonical_json(recording.info)}
    schema = pa.schema([pa.field(name, pa.int16(), nullable=False) for name in names], metadata=metadata)
    sink = io.BytesIO()
    pq.write_table(pa.table(columns, schema=schema), sink, compression="zstd", use_dictionary=False)
    return sink.getvalue()


def read_info(path: Path) -> RecordingInfo:
    """Physics of a recording, from the file's footer; raises FormatError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        footer = pq.read_metadata(path)
        return _checked_info(footer.schema.to_arrow_schema(), footer.metadata, footer.num_rows)
    except (OSError, pa.ArrowException, TinygestError) as error:
        raise FormatError(_reason(error), path) from error


def read_signal(path: Path) -> tuple[RecordingInfo, Samples]:
    """Physics and samples (n_samples, n_channels) of a recording; raises FormatError."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path, use_threads=False, partitioning=None)
        info = _checked_info(table.schema, table.schema.metadata or {}, table.num_rows)
        if any(column.null_count for column in table.columns):
            raise FormatError("samples are missing (null)")
        samples = np.empty((table.num_rows, table.num_columns), np.int16)
        for i, column in enumerate(table.columns):
            samples[:, i] = column.to_numpy()
        del table, column
        pa.default_memory_pool().release_unused()  # else the pool keeps a second copy of what was read
        return info, samples
    except (OSError, pa.ArrowException, TinygestError) as error:
        raise FormatError(_reason(error), path) from error


def encode_meta(meta: RecordingMeta) -> bytes:
    return pretty_json(meta)


def read_meta(path: Path) -> RecordingMeta:
    """Metadata of a recording; raises FormatError."""
    try:
        return check_meta(decode_json(path.read_bytes(), RecordingMeta, path))
    except StoreError as error:
        raise FormatError(str(error), path) from error
    except OSError as error:
        raise FormatError(
            f"{error.strerror}; restore it, or write {{}} into it to start with empty metadata", path
        ) from error


def _checked_info(schema: pa.Schema, metadata: dict[bytes, bytes], n_rows: int) -> RecordingInfo:
    """Decode the RecordingInfo and hold it against the columns."""
    import pyarrow as pa

    metadata = metadata or {}
    if metadata.get(FORMAT_KEY) != FORMAT_VERSION or INFO_KEY not in metadata:
        raise FormatError("is not a recording that this tinygest can read")
    info = decode_json(metadata[INFO_KEY], RecordingInfo)
    info.contract.check()
    if tuple(schema.names) != info.contract.channel_names:
        raise FormatError(f"holds columns {', '.join(schema.names)}, its contract says otherwise")
    if any(kind != pa.int16() for kind in schema.types):
        raise FormatError("holds a column that is not int16")
    if n_rows != info.n_samples:
        raise FormatError(f"holds {n_rows} samples, its description says {info.n_samples}")
    return info


def _reason(error: Exception) -> str:
    return f"cannot be read as a recording: {' '.join(str(error).split())}"
