"""The runtime library that is copied, and the names that it leaves to models."""

import re
from pathlib import Path

import pytest

from tinygest import __version__
from tinygest.core.errors import ContractError
from tinygest.core.resources import resource_dir
from tinygest.generate.runtime import check_model_name, runtime_files, runtime_version


def test_all_sources_are_copied_with_licence_and_metadata():
    files = runtime_files()
    sources = {path.name for path in (resource_dir("firmware/lib/tinygest") / "src").iterdir()}
    assert {name.removeprefix("src/") for name in files if name.startswith("src/")} == sources
    assert {"LICENSE", "library.json", "library.properties"} < set(files)
    assert files["LICENSE"] == (Path(__file__).resolve().parents[2] / "LICENSE").read_bytes()


def test_metadata_carry_the_version_of_tinygest():
    files = runtime_files()
    assert f'"version": "{__version__}"' in files["library.json"].decode()
    assert f"version={__version__}\n" in files["library.properties"].decode()


def test_the_version_is_that_of_the_header():
    header = runtime_files()["src/tg_types.h"].decode()
    assert re.search(rf"#define TG_RUNTIME_VERSION {runtime_version()}\b", header)


@pytest.mark.parametrize("name", ["punch", "a_mlp", "Punch2", "x", "boxing_left", "meanwhile"])
def test_free_names(name):
    assert check_model_name(name) == name


@pytest.mark.parametrize("name", ["mean", "Softmax", "models", "max", "path", "conv", "error", "trace"])
def test_names_of_the_runtime_are_taken(name):
    with pytest.raises(ContractError, match=r"taken: tg_.* belongs to tinygest; choose another"):
        check_model_name(name)


@pytest.mark.parametrize("name", ["punch_network", "Punch_SELFTEST", "a_tflite", "a_outputs"])
def test_names_that_end_as_files_of_another_model_do(name):
    with pytest.raises(ContractError, match=r"ends in _\w+, as files of a model called '\w+' do; choose"):
        check_model_name(name)


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a/b", "../a", "int", "class", "a b", "é", "a" * 41])
def test_names_that_are_no_identifiers(name):
    with pytest.raises(ContractError):
        check_model_name(name)
