"""Two bundles side by side: what differs is told, what cannot be compared is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
import small_models
from msgspec import structs

from tinygest.core.canonical import pretty_json
from tinygest.core.contract import Decision, model_id
from tinygest.metrics import segment_scores
from tinygest.store.bundles import METRICS, TFLITE, Lock
from tinygest.workflow.comparing import Change, changes, diff_models, verdict

CASE = small_models.feature_case()


@pytest.fixture
def save(new_project):
    """save(contract, n_right=8, hashes={"r0": "a"}) -> bundle; its figures rest on 10 held-out segments."""

    def make(contract=CASE.contract, n_right=8, hashes=None, settings=None):
        hashes = {"r0": "a"} if hashes is None else hashes
        scores = segment_scores(["jab"] * 10, ["jab"] * n_right + ["hook"] * (10 - n_right))
        metrics = {
            "family": "dense",
            "n_parameters": 100,
            "on_held_out_segments": {"dense": {"split": "s", **structs.asdict(scores)}},
        }
        lock = Lock(
            model_id(contract, CASE.tflite),
            dataset_hash=str(sorted(hashes.items())),
            where="",
            recordings=tuple(hashes),
            seed=1,
            settings=settings or {},
            recording_hashes=hashes,
        )
        return new_project.save_bundle(contract, lock, {TFLITE: CASE.tflite, METRICS: pretty_json(metrics)})

    return make


def test_a_model_and_itself_do_not_differ(save):
    bundle = save()
    diff = diff_models(bundle, bundle)
    assert diff.same_model
    assert (diff.contract, diff.thresholds, diff.settings, diff.incomparable) == ((), (), (), ())
    assert {row.a == row.b for row in (*diff.metrics, *diff.sizes)} == {True}
    assert diff.metrics[0].verdict == "not told apart"


def test_figures_of_the_same_test_are_judged_by_their_intervals(save):
    accuracy = diff_models(save(n_right=1), save(n_right=10)).metrics[0]
    assert (accuracy.a, accuracy.b, accuracy.verdict) == (0.1, 1.0, "better")
    assert diff_models(save(n_right=10), save(n_right=1)).metrics[0].verdict == "worse"
    assert diff_models(save(n_right=8), save(n_right=9)).metrics[0].verdict == "not told apart"


def test_figures_from_other_data_are_not_judged(save):
    diff = diff_models(save(hashes={"r0": "a", "r1": "b", "r2": "c"}), save(hashes={"r0": "x", "r3": "d"}))
    assert diff.metrics[0].verdict == "not the same test"
    assert (diff.data.added, diff.data.removed, diff.data.changed) == (("r3",), ("r1", "r2"), ("r0",))


def test_a_lock_without_hashes_does_not_claim_to_know(save):
    data = diff_models(save(hashes={}), save()).data
    assert (data.changes_known, data.changed) == (False, ())


def test_other_labels_or_sensors_are_incomparable(save):
    other = structs.replace(
        CASE.contract, classes=(*CASE.contract.classes[:-1], "kick"), decision=Decision()
    )
    diff = diff_models(save(), save(other))
    assert len(diff.incomparable) == 1
    assert "kick" in diff.incomparable[0]
    assert diff.metrics[0].verdict == "not the same task"
    sensor = structs.replace(CASE.contract.sensor, rate_hz=50.0)
    slower = replace(CASE, contract=structs.replace(CASE.contract, sensor=sensor))
    assert "rate 100 Hz against 50 Hz" in diff_models(save(), save(slower.contract)).incomparable[0]


def test_thresholds_and_settings_stand_by_themselves(save):
    label = CASE.contract.labels[1]
    decision = structs.replace(CASE.contract.decision, thresholds={label: 201}, refractory_ms=100)
    diff = diff_models(
        save(settings={"fit": {"n_steps": 10}}),
        save(structs.replace(CASE.contract, decision=decision), settings={"fit": {"n_steps": 20}}),
    )
    assert Change("decision.refractory_ms", 50.0, 100.0) in diff.contract
    assert (diff.thresholds[0].what, diff.thresholds[0].b) == (f"decision.thresholds.{label}", 201)
    assert diff.settings == (Change("fit.n_steps", 10, 20),)


def test_long_lists_are_counted_not_printed():
    a, b = {"mean": [0] * 20}, {"mean": [0] * 18 + [1] * 2}
    assert list(changes(a, b)) == [
        Change("mean", "20 values, 2 of them different", "20 values, 2 of them different")
    ]


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ((0.1, 0.2), (0.3, 0.4), "better"),
        ((0.3, 0.4), (0.1, 0.2), "worse"),
        ((0.1, 0.3), (0.2, 0.4), "not told apart"),
        (None, (0.2, 0.4), "no interval"),
    ],
)
def test_verdicts(a, b, said):
    assert verdict(a, b) == said
