"""A model of a project is generated, verified and measured without leaving anything behind."""

import pytest
import small_models

from tinygest.core.contract import model_id
from tinygest.core.errors import DatasetError, StoreError, VerifyError
from tinygest.store.bundles import TFLITE, Lock
from tinygest.store.project import Project
from tinygest.workflow.verification import profile_model, verify_model


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = Project.create(tmp_path_factory.mktemp("project") / "p")
    for recording in small_models.four_recordings():
        project.add(recording)
    case = small_models.window_case()
    lock = Lock(model_id(case.contract, case.tflite), dataset_hash="", where="", recordings=(), seed=0)
    project.save_bundle(case.contract, lock, {TFLITE: case.tflite})
    return project


def files(project):
    return sorted(path for path in project.root.rglob("*") if path.is_file())


@pytest.mark.usefixtures("needs_host_compiler", "needs_qemu", "needs_tflm")
def test_the_newest_model_is_verified_over_all_recordings(project):
    before, heard = files(project), []
    report = verify_model(
        project, required=["cortex-m4", "tflm"], progress=lambda *what: heard.append(what)
    )
    assert (report.model, report.n_recordings, report.n_samples) == ("swing", 4, 11_501)
    assert report.model_id == project.bundle("swing").model_id
    assert ("compiling for host and cortex-m4", 0, 2) in heard
    assert ("verifying", 0, 4) in heard
    assert files(project) == before


@pytest.mark.usefixtures("needs_host_compiler")
def test_recordings_are_chosen(project):
    report = verify_model(project, "swing/1", where="id=tiny,late", limit=1)
    assert (report.n_recordings, report.n_samples) == (1, 2500)


def test_choice_that_is_empty_and_model_that_is_not_there(project):
    with pytest.raises(DatasetError, match="no recording is chosen by 'id=nobody'"):
        verify_model(project, where="id=nobody")
    with pytest.raises(StoreError, match="no model 'kick'"):
        verify_model(project, "kick")


def test_a_folder_without_the_library_is_told(project, tmp_path):
    with pytest.raises(VerifyError, match="tinygest generate swing --out"):
        verify_model(project, library=tmp_path)


@pytest.mark.usefixtures("needs_qemu")
def test_profile_of_a_library_on_disk(project, tmp_path):
    library = small_models.window_case().generate(tmp_path)
    report = profile_model(project, library=library, limit=1)
    assert report.n_samples == 3000, "recordings are sorted by id"
    assert report.flash.library > 4000
