"""`tinygest diff`: two bundles side by side, and what may not be concluded from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from tinygest.core.contract import ModelContract
from tinygest.core.sensor import explain_mismatch
from tinygest.generate.network import resolve_network
from tinygest.store.bundles import Bundle

HELD_OUT = "on_held_out_segments"
MANY = 8  # values of a list that are told one by one


class Change(msgspec.Struct, frozen=True):
    """One value that differs; None where one side has none."""

    what: str
    a: Any
    b: Any


class Metric(msgspec.Struct, frozen=True):
    """One figure of both; intervals are 95 %."""

    what: str
    a: float | None
    b: float | None
    interval_a: tuple[float, float] | None
    interval_b: tuple[float, float] | None
    verdict: str
    """`better`, `worse`, `not told apart`, or why nothing can be said."""


class DataChanges(msgspec.Struct, frozen=True):
    """Training recordings of b against those of a."""

    same: bool
    n_a: int
    n_b: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    """Same id, but signal, metadata or labels are others."""
    changes_known: bool
    """False: a lock is from before hashes of single recordings were kept."""


class ModelDiff(msgspec.Struct, frozen=True):
    """All of it, as `--json` prints it."""

    a: str
    b: str
    same_model: bool
    incomparable: tuple[str, ...]
    """Why figures of one say nothing about the other; empty if they do."""
    contract: tuple[Change, ...]
    thresholds: tuple[Change, ...]
    metrics: tuple[Metric, ...]
    sizes: tuple[Change, ...]
    data: DataChanges
    settings: tuple[Change, ...]
    versions: tuple[Change, ...]


def diff_models(a: Bundle, b: Bundle) -> ModelDiff:
    """What b has that a has not, and the reverse. Files are read, nothing is computed anew."""
    contract = tuple(changes(_plain(a.contract), _plain(b.contract)))
    data = data_changes(a, b)
    reasons = tuple(incomparable(a.contract, b.contract))
    return ModelDiff(
        a=str(a),
        b=str(b),
        same_model=a.model_id == b.model_id,
        incomparable=reasons,
        contract=tuple(change for change in contract if not _is_threshold(change)),
        thresholds=tuple(change for change in contract if _is_threshold(change)),
        metrics=tuple(metrics(a, b, bool(reasons), data.same)),
        sizes=tuple(sizes(a, b)),
        data=data,
        settings=tuple(changes(_settings(a), _settings(b))),
        versions=tuple(changes(a.lock.versions, b.lock.versions)),
    )


def incomparable(a: ModelContract, b: ModelContract) -> Iterator[str]:
    """Sentences that say why the two answer different questions."""
    sensor = explain_mismatch(a.sensor, b.sensor)
    if sensor:
        yield f"they read different sensors: {sensor}"
    only_a, only_b = set(a.labels) - set(b.labels), set(b.labels) - set(a.labels)
    if only_a or only_b:
        told = [
            f"only {name} knows {', '.join(sorted(labels))}"
            for name, labels in ((a.name, only_a), (b.name, only_b))
            if labels
        ]
        yield f"they tell different labels apart: {'; '.join(told)}"


def metrics(a: Bundle, b: Bundle, differ_in_kind: bool, same_data: bool) -> Iterator[Metric]:
    """Accuracy and F1 on held-out segments, each of the family that was kept."""
    scores_a, scores_b = _held_out(a), _held_out(b)
    reason = _why_not(scores_a, scores_b, differ_in_kind, same_data)
    intervals = _interval(scores_a), _interval(scores_b)
    yield Metric(
        "accuracy on held-out segments",
        scores_a.get("accuracy"),
        scores_b.get("accuracy"),
        *intervals,
        reason or verdict(*intervals),
    )
    yield _bare("macro-F1 on held-out segments", scores_a.get("macro_f1"), scores_b.get("macro_f1"), reason)
    labels_a, labels_b = scores_a.get("labels", {}), scores_b.get("labels", {})
    for label in dict.fromkeys((*labels_a, *labels_b)):
        yield _bare(f"F1 of {label}", _f1(labels_a.get(label)), _f1(labels_b.get(label)), reason)


def verdict(a: tuple[float, float] | None, b: tuple[float, float] | None) -> str:
    """What two intervals allow to say. Overlap is a cautious test: a smaller difference may be real."""
    if a is None or b is None:
        return "no interval"
    if b[0] > a[1]:
        return "better"
    return "worse" if b[1] < a[0] else "not told apart"


def sizes(a: Bundle, b: Bundle) -> Iterator[Change]:
    """Of both, equal or not: bytes and operations that the network itself needs, exactly."""
    first, second = resolve_network(a.tflite), resolve_network(b.tflite)
    yield Change("bytes of .tflite", len(a.tflite), len(b.tflite))
    yield Change("parameters", a.metrics.get("n_parameters"), b.metrics.get("n_parameters"))
    yield Change("bytes of weights and tables in C", first.constant_bytes, second.constant_bytes)
    yield Change("multiplications an inference", first.n_macs, second.n_macs)
    budget_a, budget_b = a.metrics.get("cost", {}), b.metrics.get("cost", {})
    for name in dict.fromkeys((*budget_a, *budget_b)):
        yield Change(f"measured: {name}", budget_a.get(name), budget_b.get(name))


def data_changes(a: Bundle, b: Bundle) -> DataChanges:
    """Which recordings came, went or were edited between the two."""
    ids_a, ids_b = set(a.lock.recordings), set(b.lock.recordings)
    hash_a, hash_b = a.lock.recording_hashes, b.lock.recording_hashes
    both = [name for name in sorted(ids_a & ids_b) if name in hash_a and name in hash_b]
    return DataChanges(
        same=a.lock.dataset_hash == b.lock.dataset_hash,
        n_a=len(ids_a),
        n_b=len(ids_b),
        added=tuple(sorted(ids_b - ids_a)),
        removed=tuple(sorted(ids_a - ids_b)),
        changed=tuple(name for name in both if hash_a[name] != hash_b[name]),
        changes_known=bool(hash_a) and bool(hash_b),
    )


def changes(a: Any, b: Any, path: str = "") -> Iterator[Change]:
    """Values that differ between two JSON documents, each with its path."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        for key in dict.fromkeys((*a, *b)):
            yield from changes(a.get(key), b.get(key), f"{path}.{key}" if path else str(key))
    elif a != b:
        yield Change(path, _short(a, b), _short(b, a))


def _short(value: Any, other: Any) -> Any:
    """Long lists as their length, and how many of the values differ."""
    if not isinstance(value, (list, tuple)) or len(value) <= MANY:
        return value
    if isinstance(other, (list, tuple)) and len(other) == len(value):
        n = sum(x != y for x, y in zip(value, other, strict=True))
        return f"{len(value)} values, {n} of them different"
    return f"{len(value)} values"


def _plain(contract: ModelContract) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(contract)
    del plain["name"]
    return plain


def _is_threshold(change: Change) -> bool:
    return change.what.startswith("decision.thresholds")


def _settings(bundle: Bundle) -> dict[str, Any]:
    lock = bundle.lock
    return {"where": lock.where, "seed": lock.seed, "asked": lock.asked, **lock.settings}


def _held_out(bundle: Bundle) -> dict[str, Any]:
    scores: dict[str, Any] = bundle.metrics.get(HELD_OUT, {}).get(bundle.metrics.get("family"), {})
    return scores


def _why_not(a: dict[str, Any], b: dict[str, Any], differ_in_kind: bool, same_data: bool) -> str:
    if not a or not b:
        return "nothing was held out"
    if differ_in_kind:
        return "not the same task"
    if not same_data or (a.get("split"), a.get("n")) != (b.get("split"), b.get("n")):
        return "not the same test"
    return ""


def _interval(scores: dict[str, Any]) -> tuple[float, float] | None:
    interval = scores.get("interval")
    return None if interval is None else (interval["low"], interval["high"])


def _bare(what: str, a: float | None, b: float | None, reason: str) -> Metric:
    return Metric(what, a, b, None, None, reason or "no interval")


def _f1(counts: dict[str, int] | None) -> float | None:
    """As metrics.scores has it; the file holds the counts."""
    if counts is None:
        return None
    events = counts["n_true"] + counts["n_found"]
    return 2 * counts["n_matched"] / events if events else None
