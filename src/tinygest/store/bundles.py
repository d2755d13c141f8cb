"""Model bundles: `models/<name>/<revision>/`, written whole, never changed afterwards.

contract.json and model.tflite decide what the model answers; their hash is the model_id in lock.json.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from tinygest.core.canonical import decode_json, pretty_json
from tinygest.core.contract import ModelContract, model_id
from tinygest.core.errors import ContractError, FormatError, NotFoundError, StoreError
from tinygest.core.names import check_identifier
from tinygest.store.atomic import sync_folder, write_atomic
from tinygest.store.layout import Layout

CONTRACT, TFLITE, KERAS = "contract.json", "model.tflite", "model.keras"
METRICS, REPORT, LOCK = "metrics.json", "report.html", "lock.json"


class Lock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a model was made from, so that it can be made again."""

    model_id: str
    dataset_hash: str
    where: str
    """The choice of recordings, as typed."""
    recordings: tuple[str, ...]
    """What that choice meant."""
    seed: int
    settings: dict[str, Any] = {}
    """Options of training."""
    versions: dict[str, str] = {}
    """Of tinygest, its code, Python, the packages that computed the model, and the processor."""
    recording_hashes: dict[str, str] = {}
    """Of each recording: signal, metadata and labels. Empty in locks of before it was kept."""
    asked: dict[str, Any] = {}
    """What was left to training: family `auto` or one by name, whether recordings were held out."""
    generated: dict[str, str] = {}
    """Hash of the C library without its self-test: of the model's folder and of the runtime's."""


@dataclass(frozen=True)
class Bundle:
    """One revision of a model. Files are read when asked for."""

    name: str
    revision: int
    path: Path
    contract: ModelContract
    lock: Lock

    @cached_property
    def tflite(self) -> bytes:
        return _read(self.path / TFLITE)

    @cached_property
    def metrics(self) -> dict[str, Any]:
        path = self.path / METRICS
        return decode_json(_read(path), dict[str, Any], path)

    @property
    def keras(self) -> Path:
        """File that Keras loads."""
        return self.path / KERAS

    @property
    def report(self) -> Path:
        return self.path / REPORT

    @property
    def model_id(self) -> str:
        return self.lock.model_id

    def __str__(self) -> str:
        return f"{self.name}/{self.revision}"


def revisions(layout: Layout, name: str) -> list[int]:
    """Revisions of a model, oldest first."""
    folder = layout.model(name)
    if not folder.is_dir():
        return []
    return sorted(int(path.name) for path in folder.iterdir() if _is_revision(path))


def model_names(layout: Layout) -> list[str]:
    """Models with at least one revision, sorted."""
    if not layout.models.is_dir():
        return []
    return sorted(path.name for path in layout.models.iterdir() if _is_model(path))


def check_distinct(layout: Layout, name: str) -> None:
    """Raise StoreError if another model's name differs by case alone: in C both would be one."""
    for other in model_names(layout):
        if other != name and other.lower() == name.lower():
            raise StoreError(
                f"models {other!r} and {name!r} both become TG_{name.upper()} in C; rename one"
            )


def load_bundle(layout: Layout, name: str, revision: int) -> Bundle:
    """Read and check: raises StoreError, FormatError, ContractError if the files disagree."""
    path = layout.revision(name, revision)
    if not path.is_dir():
        raise NotFoundError(f"model {name} has no revision {revision}; it has {_listed(layout, name)}")
    contract = decode_json(_read(path / CONTRACT), ModelContract, path / CONTRACT).check()
    lock = decode_json(_read(path / LOCK), Lock, path / LOCK)
    bundle = Bundle(name, revision, path, contract, lock)
    if contract.name != name:
        raise ContractError(f"{path / CONTRACT} is the contract of {contract.name}, not of {name}")
    if model_id(contract, bundle.tflite) != lock.model_id:
        raise ContractError(
            f"{bundle}: {CONTRACT}, {TFLITE} and {LOCK} do not belong together; "
            "restore the files, or train again"
        )
    return bundle


def save_bundle(layout: Layout, contract: ModelContract, lock: Lock, files: Mapping[str, bytes]) -> Bundle:
    """Write the next revision. files: content by name, of those above but contract and lock.

    The caller holds the project's write lock. Raises ContractError if the lock names another model.
    """
    contract.check()
    check_distinct(layout, contract.name)
    if model_id(contract, files[TFLITE]) != lock.model_id:
        raise ContractError(f"the lock of model {contract.name} carries the id of another model")
    unknown = set(files) - {TFLITE, KERAS, METRICS, REPORT}
    if unknown:
        raise StoreError(f"{', '.join(sorted(unknown))} is no file of a bundle")
    folder = layout.model(contract.name)
    folder.mkdir(parents=True, exist_ok=True)
    revision = max(revisions(layout, contract.name), default=0) + 1
    content = {CONTRACT: pretty_json(contract), LOCK: pretty_json(lock), **files}
    temporary = Path(tempfile.mkdtemp(".tmp", ".", folder))
    try:
        for name, data in content.items():
            write_atomic(temporary / name, data)
        temporary.chmod(folder.stat().st_mode)
        temporary.rename(folder / str(revision))
    except OSError as error:
        raise StoreError(f"cannot write {folder}: {error.strerror}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    sync_folder(folder)
    return load_bundle(layout, contract.name, revision)


def newest(layout: Layout, name: str | None) -> tuple[str, int]:
    """The newest revision of a model, or of all models; raises StoreError if there is none."""
    names = model_names(layout)
    if not names:
        raise NotFoundError("the project has no model yet; make one with `tinygest train`")
    if name is None:
        name = max(names, key=lambda each: _written(layout, each))
    elif name not in names:
        layout.model(name)  # a name that cannot be one is told so first
        raise NotFoundError(f"the project has no model {name!r}; it has {', '.join(names)}")
    return name, revisions(layout, name)[-1]


def _written(layout: Layout, name: str) -> int:
    newest_revision = layout.revision(name, revisions(layout, name)[-1])
    return (newest_revision / LOCK).stat().st_mtime_ns


def _is_model(path: Path) -> bool:
    try:
        check_identifier(path.name)
    except ContractError:
        return False
    return path.is_dir() and any(map(_is_revision, path.iterdir()))


def _is_revision(path: Path) -> bool:
    name = path.name
    return path.is_dir() and name.isascii() and name.isdigit() and not name.startswith("0")


def _listed(layout: Layout, name: str) -> str:
    return ", ".join(map(str, revisions(layout, name))) or "none"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FormatError(str(error.strerror), path) from error
