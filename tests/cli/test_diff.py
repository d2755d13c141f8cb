import pytest
import small_models

from tinygest.core.canonical import pretty_json
from tinygest.core.contract import model_id
from tinygest.store.bundles import METRICS, TFLITE, Lock
from tinygest.store.project import Project


@pytest.fixture
def project(tmp_path):
    made = Project.create(tmp_path / "P")
    case = small_models.feature_case()
    for seed in (1, 2):
        lock = Lock(model_id(case.contract, case.tflite), "00", "", ("r0",), seed)
        files = {TFLITE: case.tflite, METRICS: pretty_json({"family": "dense", "n_parameters": 9})}
        made.save_bundle(case.contract, lock, files)
    return made


def test_diff_tells_people_and_machines(cli, project):
    name = project.bundle().name
    shown = cli("-p", project.root, "diff", f"{name}@1", f"{name}@2")
    assert (shown.status, shown.err) == (0, "")
    assert "the same model" in shown.out
    assert "nothing was held out" in shown.out
    told = cli("-p", project.root, "diff", f"{name}@1", "--json").json
    assert (told["a"], told["b"]) == (f"{name}/1", f"{name}/2")
    assert told["settings"] == [{"what": "seed", "a": 1, "b": 2}]


def test_a_model_that_is_not_there(cli, project):
    finished = cli("-p", project.root, "diff", "kick@1", "kick@2")
    assert finished.status == 1
    assert finished.err.count("\n") == 1
