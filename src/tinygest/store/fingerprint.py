"""The dataset hash: one number for everything a model learns from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from tinygest.core.canonical import canonical_json, sha256_hex
from tinygest.core.labels import LabelTrack
from tinygest.core.recording import RecordingMeta


def recording_hash(signal: Path, meta: RecordingMeta, track: LabelTrack) -> bytes:
    """SHA-256 over a signal file, its metadata and its labels. Notes teach a model nothing."""
    with signal.open("rb") as file:
        signal_hash = hashlib.file_digest(file, "sha256").digest()
    learnt = msgspec.structs.replace(meta, notes="")
    return bytes.fromhex(sha256_hex(signal_hash, canonical_json(learnt), canonical_json(track)))


def dataset_hash(recordings: Iterable[tuple[str, bytes]]) -> str:
    """SHA-256 over (id, hash) of recordings, whatever order they come in."""
    parts = [part for name, digest in sorted(recordings) for part in (name.encode(), digest)]
    return sha256_hex(*parts)
