"""What of the runtime library is copied, and the names that it leaves to models."""

import re
from pathlib import Path

import pytest

from tinygest import __version__
from tinygest.core.errors import ContractError
from tinygest.core.resources import resource_dir
from tinygest.generate.runtime import check_model_name, runtime_files, runtime_version
from tinygest.toolchain import host
from tinygest.toolchain.process import run

SOURCES = resource_dir("firmware/lib/tinygest") / "src"


def copied(*users: str) -> set[str]:
    return {path.removeprefix("src/") for path in runtime_files(users) if path.startswith("src/")}


def test_what_is_copied_is_the_librarys_own_with_licence_and_metadata():
    files = runtime_files(['#include "tg_ring.h"\n'])
    assert files["src/tg_ring.h"] == (SOURCES / "tg_ring.h").read_bytes()
    assert {"LICENSE", "library.json", "library.properties"} < set(files)
    assert files["LICENSE"] == (Path(__file__).resolve().parents[2] / "LICENSE").read_bytes()


def test_a_call_brings_its_definition_and_an_include_only_the_header():
    assert copied('#include "tg_types.h"\n') == {"tg_types.h"}
    assert copied('#include "tg_mine.h"\nint x;\n') == set()
    assert copied('#include "tg_log2.h"\n/* tg_log2_q10 */\n') == {"tg_log2.h", "tg_types.h"}
    called = copied('#include "tg_log2.h"\nint f(void) {\n    return tg_log2_q10(8);\n}\n')
    assert called == {"tg_log2.h", "tg_log2.c", "tg_log2_table.c", "tg_math.h", "tg_types.h"}


def test_a_path_brings_the_resampler():
    assert {"tg_resampler.c", "tg_resampler_table.c"} <= copied("    tg_path_push(&path, sample);\n")


def test_what_is_copied_links(needs_host_compiler, tmp_path):
    """By the compiler's own symbols: for each source what it calls comes with it."""
    sources = sorted(SOURCES.glob("*.c"))
    host.find_compiler().run("-std=c99", "-O1", "-w", "-c", *sources, cwd=tmp_path)
    defined, wanted = {}, {}
    for source in sources:
        symbols = run(["nm", tmp_path / f"{source.stem}.o"]).stdout
        defined |= dict.fromkeys(re.findall(r" [TRDB] (tg_\w+)", symbols), source.name)
        wanted[source] = re.findall(r" U (tg_\w+)", symbols)
    assert len(defined) > 90
    for source, symbols in wanted.items():
        assert {defined[symbol] for symbol in symbols} <= copied(source.read_text()), source.name


def test_metadata_carry_the_version_of_tinygest():
    files = runtime_files([])
    assert f'"version": "{__version__}"' in files["library.json"].decode()
    assert f"version={__version__}\n" in files["library.properties"].decode()


def test_the_version_is_that_of_the_header():
    header = (SOURCES / "tg_types.h").read_text()
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
