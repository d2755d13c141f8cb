import pytest
import small_models

from tinygest.core.contract import model_id
from tinygest.store.bundles import TFLITE, Lock
from tinygest.store.project import Project


@pytest.fixture
def project(tmp_path):
    project = Project.create(tmp_path / "p")
    project.add(small_models.make_recording("short", small_models.bursts(5, 800)))
    case = small_models.feature_case()
    lock = Lock(model_id(case.contract, case.tflite), dataset_hash="", where="", recordings=(), seed=0)
    project.save_bundle(case.contract, lock, {TFLITE: case.tflite})
    return project.root


@pytest.mark.usefixtures("needs_host_compiler", "needs_qemu", "needs_tflm")
def test_verify_prints_what_was_compared(cli, project):
    done = cli("-p", project, "verify", "punch", "--require", "host,cortex-m4,tflm")
    assert done.status == 0, done.err
    assert "1 recordings, 800 samples" in done.out
    assert "cortex-m4" in done.out
    assert done.out.endswith("0 bytes differ\n")


@pytest.mark.usefixtures("needs_host_compiler")
def test_verify_as_json(cli, project):
    report = cli("-p", project, "verify", "--json").json
    assert report["model"] == "punch"
    assert {stage["stage"] for stage in report["stages"]} >= {"segments", "inputs", "events"}
    assert all(stage["n_bytes"] > 0 for stage in report["stages"])


def test_require_of_something_unknown_is_a_usage_error(cli, project):
    done = cli("-p", project, "verify", "--require", "m33")
    assert done.status == 2
    assert done.err == "tinygest: --require m33: choose from cortex-m4, host, tflm\n"


@pytest.mark.usefixtures("needs_host_compiler")
def test_required_tool_that_is_absent_fails(cli, project, monkeypatch):
    monkeypatch.setattr("tinygest.toolchain.qemu.COMMAND", "no-such-qemu")
    done = cli("-p", project, "verify", "--require", "cortex-m4")
    assert done.status == 1
    assert "cortex-m4 is required but could not run: the emulator no-such-qemu was not found" in done.err


@pytest.mark.usefixtures("needs_qemu")
def test_profile_prints_and_dumps_the_same(cli, project):
    report = cli("-p", project, "profile", "punch", "--json").json
    text = cli("-p", project, "profile", "punch").out
    assert str(report["flash"]["library"]) in text
    assert str(report["instructions"]["network"]["max"]) in text
    assert report["compiler"] in text
