"""`labels/<id>.json`: one segment a line, so that a git diff shows what a person changed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from tinygest.core.canonical import decode_json
from tinygest.core.errors import FormatError, LabelError
from tinygest.core.labels import Interval, LabelTrack, Segment

FORMAT_VERSION = 1
VERSION_DIGITS = 16


class LabelFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file holds."""

    format_version: int
    segments: tuple[Segment, ...]
    reviewed: tuple[Interval, ...]


def encode_track(track: LabelTrack) -> bytes:
    """The file's text: JSON with one segment and one reviewed interval a line."""
    return (
        f'{{"format_version": {FORMAT_VERSION},\n'
        f'"segments": {_lines(track.segments)},\n'
        f'"reviewed": {_lines(track.reviewed)}}}\n'
    ).encode()


def decode_track(data: bytes, n_samples: int, path: Path | None = None) -> LabelTrack:
    """Parse and check against the recording's length; raises FormatError."""
    file = decode_json(data, LabelFile, path)
    if file.format_version != FORMAT_VERSION:
        raise FormatError(f"labels of format {file.format_version} need another tinygest", path)
    try:
        return LabelTrack(file.segments, file.reviewed).check(n_samples)
    except LabelError as error:
        raise FormatError(str(error), path) from error


def read_track(path: Path, n_samples: int) -> LabelTrack:
    """Labels of a recording; none yet if the file does not exist. Raises FormatError."""
    try:
        return decode_track(path.read_bytes(), n_samples, path)
    except FileNotFoundError:
        return LabelTrack()
    except OSError as error:
        raise FormatError(str(error.strerror), path) from error


def version_of(track: LabelTrack) -> str:
    """The same labels have the same version, others another."""
    return hashlib.sha256(encode_track(track)).hexdigest()[:VERSION_DIGITS]


def _lines(spans: tuple[Any, ...]) -> str:
    if not spans:
        return "[]"
    texts = (msgspec.json.format(msgspec.json.encode(span), indent=0).decode() for span in spans)
    return "[\n" + ",\n".join(texts) + "\n]"
