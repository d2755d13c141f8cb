"""`generate` from a project and from a bare file, with golden vectors made on this computer."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.generate.streams import movements, recording, window_model

from tinygest.core.contract import model_id
from tinygest.core.errors import FormatError, GenerateError, StoreError, ToolchainError
from tinygest.store.bundles import TFLITE, Lock
from tinygest.store.project import Project
from tinygest.toolchain.process import run
from tinygest.verify.profile import Memory
from tinygest.workflow import costs
from tinygest.workflow.generation import generate_file, generate_model

NETWORKS = Path(__file__).resolve().parent.parent / "golden" / "networks"


@pytest.fixture
def project(tmp_path):
    """A project with one recording and the model `punch`."""
    project = Project.create(tmp_path / "project")
    project.add(recording(movements(900, seed=5)))
    tflite = (NETWORKS / "separable.tflite").read_bytes()
    contract = window_model(tflite)
    lock = Lock(model_id(contract, tflite), "00", "", ("r1", "gone"), 1)
    project.save_bundle(contract, lock, {TFLITE: tflite})
    return project


def test_a_model_becomes_a_library_whose_self_test_passes(project, needs_host_compiler, tmp_path):
    result = generate_model(project, None, tmp_path / "out")
    assert (result.name, result.back_end, result.self_test) == ("punch", "c", True)
    assert result.model_id == project.bundle("punch").model_id
    assert "0 wrong answers" in run(["make", "-C", result.library, "test"]).stdout


@pytest.mark.parametrize(("flash_bytes", "words"), [(1000, "flash_bytes 5000 of 1000"), (9000, "")])
@pytest.mark.usefixtures("needs_host_compiler")
def test_a_library_over_the_budget_is_told(project, tmp_path, monkeypatch, flash_bytes, words):
    with (project.root / "tinygest.toml").open("a") as file:
        file.write(f"\n[budgets]\nflash_bytes = {flash_bytes}\n")
    monkeypatch.setattr(costs, "measure_memory", lambda *_: Memory(5000, 3000))
    assert generate_model(Project.open(project.root), None, tmp_path / "out").over_budget == words


def test_without_an_event_there_is_no_self_test_but_a_reason(project, needs_host_compiler, tmp_path):
    bundle = project.bundle("punch")
    other = Project.create(tmp_path / "still")
    other.save_bundle(bundle.contract, bundle.lock, {TFLITE: bundle.tflite})
    result = generate_model(other, "punch/1", tmp_path / "out")
    assert not result.self_test
    assert "no recording" in result.no_self_test
    assert not (Path(result.library) / "src" / "tg_punch_selftest.c").exists()


def test_without_a_compiler_there_is_no_self_test_but_a_reason(project, monkeypatch, tmp_path):
    def absent(*_, **__):
        raise ToolchainError("no C compiler for this machine was found")

    monkeypatch.setattr("tinygest.toolchain.host.find_compiler", absent)
    result = generate_model(project, "punch", tmp_path / "out")
    assert "no C compiler" in result.no_self_test
    assert (Path(result.library) / "src" / "tg_punch.c").is_file()
    bare = generate_file(NETWORKS / "mean_conv.tflite", "net", tmp_path / "bare")
    assert "no C compiler" in bare.no_self_test


def test_a_bare_file(needs_host_compiler, tmp_path):
    result = generate_file(NETWORKS / "mean_conv.tflite", "net", tmp_path / "out", zip=True)
    assert result.model_id is None
    assert result.zip is not None
    assert Path(result.zip).is_file()
    assert "0 wrong answers" in run(["make", "-C", result.library, "test"]).stdout


def test_generating_again_writes_nothing(project, needs_host_compiler, tmp_path):
    assert generate_model(project, "punch", tmp_path / "out").n_changed > 20
    assert generate_model(project, "punch", tmp_path / "out").n_changed == 0


def test_what_is_missing_is_named(project, tmp_path):
    with pytest.raises(StoreError, match="kick"):
        generate_model(project, "kick", tmp_path / "out")
    with pytest.raises(FormatError, match=r"absent.tflite: No such file"):
        generate_file(tmp_path / "absent.tflite", "net", tmp_path / "out")
    with pytest.raises(GenerateError, match=r"not a \.tflite file"):
        generate_file(Path(__file__), "net", tmp_path / "out")
    assert not (tmp_path / "out").exists()
