"""One Edge Impulse acquisition: JSON or CBOR, decoded strictly, its signature checked.

The signature is the HMAC-SHA256 of the whole file with 64 zeros in its place, so it is checked against
the bytes as they are and not against what was decoded from them.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import math
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import FormatError
from tinygest.formats.files import MAX_TREE_BYTES, load

NO_SIGNATURE = "0" * 64
SIGNED = "HS256"


class Sensor(msgspec.Struct, frozen=True):
    """One axis."""

    name: str
    units: str


class LabelSpan(msgspec.Struct, frozen=True, rename="camel"):
    """A label over rows; the end row belongs to it."""

    start_index: int
    end_index: int
    label: str


class Payload(msgspec.Struct, frozen=True):
    """What was measured; device_name is optional."""

    device_type: str
    interval_ms: float
    sensors: list[Sensor]
    values: list[list[float] | float]
    device_name: str = ""
    structured_labels: list[LabelSpan] = []


class Protected(msgspec.Struct, frozen=True):
    """How the file is signed."""

    ver: str
    alg: str
    iat: float | None = None


class Acquisition(msgspec.Struct, frozen=True):
    """The whole file."""

    protected: Protected
    payload: Payload
    signature: str = ""


def read_acquisition(path: Path, key: str) -> Acquisition:
    """Decode, and with a key check the signature; raises FormatError with the place in the file."""
    data = load(path, MAX_TREE_BYTES)
    acquisition = _decode(data, path)
    if acquisition.protected.ver != "v1":
        raise FormatError(f"is version {acquisition.protected.ver[:20]!r}, not v1", path)
    if key:
        _verify(data, acquisition, key, path)
    payload = acquisition.payload
    if not (math.isfinite(payload.interval_ms) and payload.interval_ms > 0):
        raise FormatError(f"interval_ms is {payload.interval_ms}, not a positive number", path)
    if not payload.sensors:
        raise FormatError("names no sensors", path)
    return acquisition


def rate_of(payload: Payload) -> float:
    """interval_ms has been rounded somewhere: nine digits are more than any clock keeps."""
    return float(f"{1000 / payload.interval_ms:.9g}")


def values_of(payload: Payload, path: Path) -> NDArray[np.float64]:
    """(n, n_sensors); raises FormatError with the row."""
    n_axes = len(payload.sensors)
    rows: list[Any] = payload.values
    if n_axes == 1:
        rows = [row if isinstance(row, list) else [row] for row in rows]
    for number, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != n_axes:
            n = len(row) if isinstance(row, list) else 1
            raise FormatError(f"has {n} values for {n_axes} sensors", path, f"values[{number}]")
    values = np.array(rows, np.float64).reshape(-1, n_axes)
    finite = np.isfinite(values).all(axis=1)
    if not finite.all():
        raise FormatError("holds what is not a finite number", path, f"values[{int(finite.argmin())}]")
    return values


def sign(data: bytes, key: str) -> bytes:
    """Put the signature in the place of `NO_SIGNATURE`."""
    digest = hmac.new(key.encode(), data, hashlib.sha256).hexdigest()
    return data.replace(NO_SIGNATURE.encode(), digest.encode(), 1)


def _verify(data: bytes, acquisition: Acquisition, key: str, path: Path) -> None:
    if acquisition.protected.alg != SIGNED:
        raise FormatError(f"is not signed with {SIGNED}, so the key cannot check it", path)
    signature = acquisition.signature.encode()
    if len(signature) != len(NO_SIGNATURE) or data.count(signature) != 1:
        raise FormatError("has no signature that could be checked", path)
    unsigned = data.replace(signature, NO_SIGNATURE.encode())
    digest = hmac.new(key.encode(), unsigned, hashlib.sha256).hexdigest().encode()
    if not hmac.compare_digest(digest, signature.lower()):
        raise FormatError("does not fit its signature: it was changed, or signed with another key", path)


def _decode(data: bytes, path: Path) -> Acquisition:
    try:
        if data.lstrip()[:1] in (b"{", b"\xef"):
            return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=Acquisition)
        return msgspec.convert(_cbor(data), Acquisition)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError) as error:
        raise FormatError(f"is no Edge Impulse acquisition: {error}", path) from error


def _cbor(data: bytes) -> Any:
    """Any CBOR tree; arrays of indefinite length are lists like the others."""
    import cbor2

    stream = io.BytesIO(data)
    decoder = cbor2.CBORDecoder(stream)
    try:
        return decoder.decode()
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise msgspec.DecodeError(f"{error} (near byte {stream.tell()})") from error
