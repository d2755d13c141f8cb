"""The folder that comes out for a bare .tflite."""

import zipfile
from pathlib import Path

import pytest

from tinygest.core.errors import ContractError, GenerateError, ToolchainError
from tinygest.generate.library import GENERATED
from tinygest.generate.network_library import generate_network
from tinygest.toolchain import host
from tinygest.toolchain.process import run


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def library(network_bytes, golden_vectors, tmp_path):
    vectors = golden_vectors("dense_softmax")
    return generate_network(network_bytes("dense_softmax"), "net", tmp_path / "out", vectors=vectors)


def test_layout(library):
    assert set(tree(library.folder)) == {
        "Makefile",
        "README.md",
        "examples/tg_net_selftest/tg_net_selftest.ino",
        "library.json",
        "library.properties",
        "selftest/main.c",
        "src/tg_net.h",
        "src/tg_net_network.c",
        "src/tg_net_network.h",
        "src/tg_net_selftest.c",
        "src/tg_net_selftest.h",
    }
    assert (library.runtime / "src" / "tg_softmax.c").is_file()
    assert {path.name for path in library.folder.parent.iterdir()} == {"tg_net", "tinygest"}
    assert [path.name for path in library.model_sources] == ["tg_net_network.c"]


def test_every_generated_source_says_so_and_its_licence(library):
    for name, content in tree(library.folder / "src").items():
        assert content.startswith(GENERATED), name
        assert b"SPDX-License-Identifier: MIT-0" in content


def test_generated_text_is_tidy(library):
    for name, content in tree(library.folder).items():
        text = content.decode("ascii")
        assert text.endswith("\n"), name
        assert "\n\n\n" not in text, name
        assert not any(line != line.rstrip() for line in text.splitlines()), name


def test_the_same_input_gives_the_same_bytes(library, network_bytes, golden_vectors, tmp_path):
    again = generate_network(
        network_bytes("dense_softmax"), "net", tmp_path / "two", vectors=golden_vectors("dense_softmax")
    )
    assert tree(again.folder.parent) == tree(library.folder.parent)


def test_a_second_run_writes_nothing(library, network_bytes, golden_vectors):
    again = generate_network(
        network_bytes("dense_softmax"),
        "net",
        library.folder.parent,
        vectors=golden_vectors("dense_softmax"),
    )
    assert library.changed
    assert again.changed == ()


def test_make_test_runs_the_self_test(library, needs_host_compiler):
    assert "tg_net: 0 wrong answers" in run(["make", "-C", library.folder, "test"]).stdout


def test_headers_serve_cpp14(library, needs_host_compiler, tmp_path):
    source = tmp_path / "all.cpp"
    headers = [*(library.folder / "src").glob("*.h"), *(library.runtime / "src").glob("*.h")]
    source.write_text(
        "".join(f'#include "{path.name}"\n' for path in headers) + "int main() { return 0; }\n"
    )
    host.compile_executable(
        [source],
        tmp_path / "all",
        include_dirs=library.include_dirs,
        flags=("-x", "c++", "-std=c++14", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"),
    )


def test_another_runtime_version_stops_the_compiler_with_a_sentence(library, needs_host_compiler, tmp_path):
    header = library.runtime / "src" / "tg_types.h"
    header.write_text(header.read_text().replace("TG_RUNTIME_VERSION 1", "TG_RUNTIME_VERSION 99"))
    with pytest.raises(ToolchainError, match="generated for runtime 1 of tinygest; generate it again"):
        host.compile_shared(library.model_sources, tmp_path / "x.so", include_dirs=library.include_dirs)


def test_the_arduino_archive_is_one_library(network_bytes, tmp_path):
    library = generate_network(network_bytes("dense_none"), "net", tmp_path, zip=True)
    assert library.zip == tmp_path / "tg_net.zip"
    with zipfile.ZipFile(library.zip) as archive:
        names = archive.namelist()
    assert all(name.startswith("tg_net/") for name in names)
    assert {
        "tg_net/library.properties",
        "tg_net/src/tg_net.h",
        "tg_net/src/tg_types.h",
        "tg_net/LICENSE",
    } <= set(names)


def test_an_unusable_name_writes_nothing(network_bytes, tmp_path):
    with pytest.raises(ContractError):
        generate_network(network_bytes("dense_none"), "../net", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_bad_model_writes_nothing(network_bytes, tmp_path):
    with pytest.raises(GenerateError):
        generate_network(network_bytes("dense_none")[:700], "net", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_way_is_named(network_bytes, tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(GenerateError, match="out is a file; name a folder"):
        generate_network(network_bytes("dense_none"), "net", tmp_path / "out")
    assert (tmp_path / "out").read_text() == "mine"


def test_vectors_of_another_network_are_refused(network_bytes, golden_vectors, tmp_path):
    with pytest.raises(GenerateError, match=r"golden vectors of shape .* do not fit"):
        generate_network(
            network_bytes("dense_none"), "net", tmp_path / "out", vectors=golden_vectors("dense_softmax")
        )
