from __future__ import annotations

import json

import pytest

from tinygest.core.contract import (
    Activity,
    HysteresisSegmenter,
    ModelContract,
    Quantisation,
    WindowInput,
    model_id,
)
from tinygest.core.errors import ContractError, StoreError, TinygestError
from tinygest.core.sensor import imu_contract
from tinygest.store.bundles import KERAS, METRICS, TFLITE, Lock


def contract(name: str = "punch") -> ModelContract:
    return ModelContract(
        name,
        imu_contract(100),
        Activity((16,) * 6),
        HysteresisSegmenter(100, 50, 100, 1000),
        WindowInput(32, ("ax",), ("absolute",), (0.0,), (1.0,)),
        Quantisation(0.1, 0, 0.2, 3),
        ("jab", "cross"),
    )


def save(project, model: ModelContract, tflite: bytes = b"network", **files: bytes):
    lock = Lock(model_id(model, tflite), "00", "side=left", ("a",), 1, {"family": "dense"})
    content = {TFLITE: tflite, KERAS: b"keras", METRICS: b'{"f1": 0.9}', **files}
    return project.save_bundle(model, lock, content)


def test_revisions_count_up_and_the_newest_is_the_default(project):
    for revision in (1, 2, 3):
        assert save(project, contract(), b"network %d" % revision).revision == revision
    bundle = project.bundle("punch")
    assert (bundle.revision, bundle.tflite, bundle.metrics) == (3, b"network 3", {"f1": 0.9})
    assert bundle.contract == contract()
    assert bundle.keras.read_bytes() == b"keras"
    assert project.bundle("punch", 1).tflite == b"network 1"
    assert str(project.bundle("punch/2")) == "punch/2"
    assert project.models() == {"punch": [1, 2, 3]}


def test_tenth_revision_is_newer_than_the_ninth(project):
    for _ in range(10):
        save(project, contract())
    assert project.bundle("punch").revision == 10


def test_no_name_is_the_model_saved_last(project):
    save(project, contract("jabs"))
    save(project, contract("hooks"))
    assert project.bundle().name == "hooks"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("kick", "it has punch"),
        ("punch/7", "it has 1"),
        ("punch/x", "not a number"),
        ("../punch", "number|in C"),
    ],
)
def test_asking_for_what_is_not_there(project, name, reason):
    save(project, contract())
    with pytest.raises(TinygestError, match=reason):
        project.bundle(name)


def test_a_project_without_models(project):
    with pytest.raises(StoreError, match="no model yet"):
        project.bundle()


@pytest.mark.parametrize("name", ["../evil", "a/b", "int", "", "2nd", "a" * 41])
def test_names_that_are_none_leave_the_project_alone(project, tree, name):
    before = tree(project.root)
    with pytest.raises(TinygestError):
        save(project, contract(name))
    assert tree(project.root) == before
    assert not list(project.layout.models.iterdir())


def test_files_that_do_not_belong_together(project):
    bundle = save(project, contract())
    (bundle.path / TFLITE).write_bytes(b"another network")
    with pytest.raises(ContractError, match="do not belong together"):
        project.bundle("punch")


def test_an_edited_contract_is_noticed(project):
    bundle = save(project, contract())
    path = bundle.path / "contract.json"
    edited = json.loads(path.read_text())
    edited["decision"]["refractory_ms"] = 100
    path.write_text(json.dumps(edited))
    with pytest.raises(ContractError, match="do not belong together"):
        project.bundle("punch")


def test_a_folder_under_another_name_is_noticed(project):
    bundle = save(project, contract())
    bundle.path.parent.rename(project.layout.models / "kick")
    with pytest.raises(ContractError, match="of punch, not of kick"):
        project.bundle("kick")


def test_a_lock_of_another_model_is_refused(project, tree):
    before = tree(project.root)
    lock = Lock(model_id(contract(), b"x"), "00", "", (), 1)
    with pytest.raises(ContractError, match="id of another model"):
        project.save_bundle(contract(), lock, {TFLITE: b"y"})
    with pytest.raises(StoreError, match="no file of a bundle"):
        project.save_bundle(contract(), lock, {TFLITE: b"x", "../evil": b""})
    assert tree(project.root) == before


def test_missing_file_is_one_sentence(project):
    bundle = save(project, contract())
    (bundle.path / "lock.json").unlink()
    with pytest.raises(TinygestError, match=r"lock\.json"):
        project.bundle("punch")


def test_foreign_things_among_models_are_ignored(project):
    save(project, contract())
    for name in (".punch.x.tmp", "int", "notes", "punch/.5.tmp", "punch/007", "punch/draft"):
        (project.layout.models / name).mkdir()
    (project.layout.models / "README").write_text("")
    assert project.models() == {"punch": [1]}
