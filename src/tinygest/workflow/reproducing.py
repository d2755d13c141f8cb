"""`tinygest reproduce`: train a bundle again from its lock, in a fresh process, and compare the bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from tinygest.core.canonical import canonical_json, decode_json
from tinygest.core.contract import Decision, ModelContract
from tinygest.core.errors import ContractError, TinygestError, TrainError
from tinygest.core.progress import Progress, silent
from tinygest.store.bundles import Bundle, Lock
from tinygest.store.project import Project
from tinygest.train.data import Labelled
from tinygest.train.model import train_model
from tinygest.workflow.comparing import Change, changes
from tinygest.workflow.locking import current_versions, generated_hashes, options_of
from tinygest.workflow.pool import run_fresh
from tinygest.workflow.training import FamilyChoice, choose_family


class Reproduction(msgspec.Struct, frozen=True):
    """What came of training again."""

    model: str
    reproduced: bool
    """Contract, `.tflite` and generated C are equal byte by byte."""
    trained: bool
    """False: the recordings are not those of the lock, so nothing was trained."""
    same_tflite: bool
    same_contract: bool
    same_c: dict[str, bool]
    """Of the generated C: the model's folder, the runtime's. Empty in a lock without their hashes."""
    conditions: tuple[Change, ...]
    """What is not as it was: code, packages, processor. a: in the lock, b: here."""
    contract: tuple[Change, ...]
    missing: tuple[str, ...]
    """Recordings that the project has no longer."""
    changed: tuple[str, ...]
    """Recordings whose signal, metadata or labels are others now."""
    data_differ: bool
    """The dataset hash is another one."""


@dataclass(frozen=True)
class Rebuilding:
    """What the fresh process needs; picklable."""

    root: Path
    name: str
    lock: Lock
    choose: bool
    """Choose the family anew, as training did, rather than take the one of the lock."""


def reproduce(
    project: Project, model: str | None = None, *, quick: bool = False, progress: Progress = silent
) -> Reproduction:
    """Train `model` again and compare.

    quick: take the network's family from the lock, instead of choosing it anew by cross-validation.
    Raises ContractError for settings that this version does not have, TrainError if training fails.
    """
    bundle = project.bundle(model)
    lock = bundle.lock
    _check_settings(bundle)
    conditions = tuple(changes(lock.versions, current_versions()))
    missing, changed, differ = data_changes(project, lock)
    if differ:
        return Reproduction(
            model=str(bundle),
            reproduced=False,
            trained=False,
            same_tflite=False,
            same_contract=False,
            same_c={},
            conditions=conditions,
            contract=(),
            missing=missing,
            changed=changed,
            data_differ=True,
        )
    choose = not quick and lock.asked.get("family") == "auto"
    progress("training again in a fresh process", 0, 1)
    contract, tflite = run_fresh(rebuild, Rebuilding(project.root, bundle.name, lock, choose))
    progress("training again in a fresh process", 1, 1)
    return _compare(bundle, decode_json(contract, ModelContract), tflite, conditions)


def data_changes(project: Project, lock: Lock) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """(recordings that are gone, those that are others now, whether anything differs at all)."""
    known = set(project.layout.recording_ids())
    missing = tuple(name for name in lock.recordings if name not in known)
    here = [name for name in lock.recordings if name in known]
    hashes = project.recording_hashes(here)
    changed = tuple(name for name in here if lock.recording_hashes.get(name, hashes[name]) != hashes[name])
    return missing, changed, bool(missing) or project.dataset_hash(here) != lock.dataset_hash


def rebuild(task: Rebuilding) -> tuple[bytes, bytes]:
    """(contract as JSON, .tflite) as training gives them now. Raises TrainError."""
    try:
        project = Project.open(task.root)
        recordings: Sequence[Labelled] = [
            (project.load(name), project.labels(name)) for name in task.lock.recordings
        ]
        options = options_of(task.lock)
        choice: FamilyChoice = "auto" if task.choose else options.family
        family = choose_family(choice, recordings, options)
        model = train_model(task.name, recordings, replace(options, family=family))
    except TinygestError as error:
        # One class for all, because not every error survives the way between processes.
        raise TrainError(f"training again failed: {error}") from None
    return canonical_json(_calibrated(model.contract, task.lock)), model.tflite


def _calibrated(contract: ModelContract, lock: Lock) -> ModelContract:
    """With the thresholds of a calibrated revision: they came from held-out folds, not from training."""
    if "decision" not in lock.asked:
        return contract
    decision = msgspec.convert(lock.asked["decision"], Decision)
    return msgspec.structs.replace(contract, decision=decision)


def _check_settings(bundle: Bundle) -> None:
    try:
        options_of(bundle.lock)
    except msgspec.ValidationError as error:
        raise ContractError(
            f"{bundle} was trained by a tinygest with other settings ({error}); use that version: "
            f"{bundle.lock.versions.get('tinygest', 'unknown')}"
        ) from error


def _compare(
    bundle: Bundle, contract: ModelContract, tflite: bytes, conditions: tuple[Change, ...]
) -> Reproduction:
    told = bundle.lock.generated
    now = generated_hashes(contract, tflite)
    same_c = {part: now[part] == told[part] for part in told}
    same_tflite = tflite == bundle.tflite
    same_contract = canonical_json(contract) == canonical_json(bundle.contract)
    return Reproduction(
        model=str(bundle),
        reproduced=same_tflite and same_contract and all(same_c.values()),
        trained=True,
        same_tflite=same_tflite,
        same_contract=same_contract,
        same_c=same_c,
        conditions=conditions,
        contract=tuple(changes(msgspec.to_builtins(bundle.contract), msgspec.to_builtins(contract))),
        missing=(),
        changed=(),
        data_differ=False,
    )
