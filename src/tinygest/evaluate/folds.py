"""What one fold found, and the cache that makes an evaluation resumable.

A result is kept under the hash of everything that decides it, so a fold that was finished before a
kill, or in an earlier evaluation with the same data and settings, is not trained again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from tinygest.core.canonical import canonical_json, sha256_hex
from tinygest.core.contract import Segmenter
from tinygest.core.resources import resource_dir
from tinygest.evaluate.guard import Fold
from tinygest.metrics import FoundEvent, StreamTruth
from tinygest.store.atomic import write_atomic

FORMAT_VERSION = 2
MAX_CACHE_BYTES = 200_000_000
DECIDING_PACKAGES = ("core", "signalpath", "train", "generate", "evaluate", "workflow")


class StreamResult(msgspec.Struct, frozen=True):
    """One continuous stretch that was streamed through the model: what is true, what was found.

    Rows count from the start of the stretch, which is row `start` of the recording.
    """

    recording: str
    subject: str
    start: int
    truth: StreamTruth
    found: tuple[FoundEvent, ...]


class SegmentAnswer(msgspec.Struct, frozen=True, array_like=True):
    """One labelled segment, given its true span, and what the model calls it."""

    recording: str
    subject: str
    start: int
    stop: int
    label: str
    answer: str
    score: int


class FoldResult(msgspec.Struct, frozen=True):
    """Everything that a summary needs of one fold and one seed."""

    fold: str
    seed: int
    model_id: str
    runner: str
    """What gave the answers: the compiled C library, or its stand-in where there is no compiler."""
    segmenter: Segmenter
    """As fitted on the training part."""
    n_train_segments: int
    logit_step: float
    """One step of the int8 logits, so that margins of different models can be compared."""
    streams: tuple[StreamResult, ...]
    answers: tuple[SegmentAnswer, ...]
    train_s: float
    test_s: float
    float_answers: tuple[str, ...] = ()
    """What the float network calls the same segments, before any threshold: the price of int8."""
    format_version: int = FORMAT_VERSION


def fold_key(
    fold: Fold, fingerprints: Mapping[str, str], settings: dict[str, Any], used: dict[str, str]
) -> str:
    """Hash over everything that decides a FoldResult.

    fingerprints: of all recordings on either side, by id; settings: of training, with the seed;
    used: versions of the code and packages that compute it.
    """
    decisive = {
        "format": FORMAT_VERSION,
        "data": {name: fingerprints[name] for name in fold.recordings},
        "train": fold.train,
        "test": fold.test,
        "settings": settings,
        "versions": used,
    }
    return sha256_hex(canonical_json(decisive))


def code_hash() -> str:
    """Hash over the sources whose change may change a result, so that no edit meets an old cache."""
    import tinygest

    package = Path(tinygest.__file__).parent
    files = [path for name in DECIDING_PACKAGES for path in (package / name).rglob("*.py")]
    files += [
        path for name in ("firmware/lib/tinygest", "templates") for path in resource_dir(name).rglob("*.*")
    ]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


class FoldCache:
    """Results in a folder, one JSON file each; nothing in it is needed, everything may be deleted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> FoldResult | None:
        """The result, or None; a damaged or foreign file counts as absent."""
        path = self._path(key)
        try:
            result = msgspec.json.decode(path.read_bytes(), type=FoldResult)
            os.utime(path)  # `prune` drops what was not asked for longest
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return None
        return result if result.format_version == FORMAT_VERSION else None

    def put(self, key: str, result: FoldResult) -> None:
        """Keep a result; whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        write_atomic(self._path(key), msgspec.json.encode(result))

    def prune(self, max_bytes: int = MAX_CACHE_BYTES) -> int:
        """Delete what was not asked for longest until the rest fits; returns how many were deleted.

        Every edit of code, settings or labels leaves results behind that no key will ever name again.
        """
        files = []
        for path in self.folder.glob("*.json"):
            with suppress(FileNotFoundError):  # another process prunes too
                status = path.stat()
                files.append((status.st_mtime_ns, status.st_size, path))
        n_bytes, n_deleted = sum(size for _, size, _ in files), 0
        for _, size, path in sorted(files):
            if n_bytes <= max_bytes:
                break
            path.unlink(missing_ok=True)
            n_bytes -= size
            n_deleted += 1
        return n_deleted

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.json"
