"""`lock.json`: what a model was made from, written by training and read by `reproduce` and `diff`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from tinygest import __version__
from tinygest.core.canonical import sha256_hex
from tinygest.core.contract import ModelContract, model_id
from tinygest.evaluate.folds import code_hash
from tinygest.generate.classifier_library import generate_library
from tinygest.store.bundles import Lock
from tinygest.store.project import Project
from tinygest.train.backend import versions
from tinygest.train.data import Labelled
from tinygest.train.model import TrainedModel, TrainOptions


def make_lock(
    project: Project,
    model: TrainedModel,
    recordings: Sequence[Labelled],
    options: TrainOptions,
    *,
    where: str,
    asked: dict[str, Any],
) -> Lock:
    """The lock of a model just trained on these recordings with these options.

    asked: what the options do not tell, because training decided it: the choice of a family.
    """
    ids = tuple(recording.id for recording, _ in recordings)
    return Lock(
        model_id=model_id(model.contract, model.tflite),
        dataset_hash=project.dataset_hash(ids),
        where=where,
        recordings=ids,
        seed=options.seed,
        settings=settings_of(options),
        versions=current_versions(),
        recording_hashes=project.recording_hashes(ids),
        asked=asked,
        generated=generated_hashes(model.contract, model.tflite),
    )


def settings_of(options: TrainOptions) -> dict[str, Any]:
    """Options as JSON. The seed has its own place in the lock; `fit` is given seed and threads anew."""
    settings: dict[str, Any] = msgspec.to_builtins(options)
    del settings["seed"]
    for name in ("seed", "n_threads"):  # absent where the options themselves came from JSON
        settings["fit"].pop(name, None)
    return settings


def options_of(lock: Lock) -> TrainOptions:
    """The options that a lock tells; raises msgspec.ValidationError if this tinygest has others."""
    return msgspec.convert({**lock.settings, "seed": lock.seed}, TrainOptions)


def current_versions() -> dict[str, str]:
    """All that decides bytes beside data and settings: code, packages, what the processor can do."""
    packages = versions()  # loads TensorFlow, which settles the variable below
    return {
        "tinygest": __version__,
        "code": code_hash(),
        **packages,
        "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", ""),
    }


def generated_hashes(contract: ModelContract, tflite: bytes) -> dict[str, str]:
    """Hash of the generated C: the model's folder, and the runtime that goes with it."""
    with tempfile.TemporaryDirectory(prefix="tinygest-library-") as folder:
        library = generate_library(contract, tflite, Path(folder))
        return {"model": _tree_hash(library.folder), "runtime": _tree_hash(library.runtime)}


def _tree_hash(folder: Path) -> str:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    named = [(path.relative_to(folder).as_posix().encode(), path.read_bytes()) for path in files]
    return sha256_hex(*(part for pair in named for part in pair))
