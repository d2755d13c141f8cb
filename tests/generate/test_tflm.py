"""The back end tflm: the file as an array, exactly the operators used, an arena measured by TFLM."""

import re

import pytest

from tinygest.core.errors import GenerateError
from tinygest.generate.network import resolve_network
from tinygest.generate.network_library import generate_network
from tinygest.generate.operators import RESOLVERS
from tinygest.generate.tflm import REGISTRATIONS, WITHOUT_KERNEL, measure_arena, operator_names


@pytest.fixture
def sources(needs_tflm, network_bytes, tmp_path):
    """{name: text} of tg_net/src for the network `separable`."""
    library = generate_network(network_bytes("separable"), "net", tmp_path, "tflm")
    return {path.name: path.read_text() for path in (library.folder / "src").iterdir()}


def test_files(sources):
    assert set(sources) == {
        "tg_net.h",
        "tg_net_network.cpp",
        "tg_net_network.h",
        "tg_net_tflite.c",
        "tg_net_tflite.h",
    }


def test_the_resolver_has_exactly_the_operators_used(sources, network_bytes):
    source = sources["tg_net_network.cpp"]
    added = re.findall(r"resolver\.(\w+)\(", source)
    names = operator_names(network_bytes("separable"))
    assert names == ("AVERAGE_POOL_2D", "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED")
    assert added == ["AddAveragePool2D", "AddConv2D", "AddDepthwiseConv2D", "AddFullyConnected"]
    assert "MicroMutableOpResolver<4>" in source


def test_every_operator_can_be_registered():
    assert set(REGISTRATIONS) | set(WITHOUT_KERNEL) == set(RESOLVERS)


def test_the_array_is_the_file(sources, network_bytes):
    body = sources["tg_net_tflite.c"].split("= {")[1]
    assert bytes(int(word) for word in re.findall(r"\d+", body)) == network_bytes("separable")


def test_the_arena_is_enough_for_tflm_and_not_much_more(needs_tflm, network_bytes):
    from tflite_micro import runtime

    tflite = network_bytes("separable")
    arena = measure_arena(tflite, resolve_network(tflite))
    assert arena.scratch == 4 * 5 * 6  # CONV_2D, 1x5 over 6 channels
    assert 1.1 * arena.measured <= arena.tensor_arena_bytes <= 1.1 * arena.measured + 200
    runtime.Interpreter.from_bytes(tflite, arena_size=arena.tensor_arena_bytes)
    with pytest.raises(RuntimeError):
        runtime.Interpreter.from_bytes(tflite, arena_size=arena.measured // 2)


def test_a_dense_layer_with_many_scales_names_the_tflm_it_needs(needs_tflm, network_bytes, tmp_path):
    library = generate_network(network_bytes("dense_none"), "net", tmp_path, "tflm")
    text = (library.folder / "src" / "tg_net_network.cpp").read_text()
    assert "TensorFlow Lite Micro of 2024-09-27 or later" in text


def test_changing_the_back_end_leaves_one_network(needs_tflm, network_bytes, tmp_path):
    for back_end, suffix in (("tflm", "cpp"), ("c", "c"), ("tflm", "cpp")):
        library = generate_network(network_bytes("dense_none"), "net", tmp_path, back_end)
        assert [path.suffix for path in (library.folder / "src").glob("tg_net_network.c*")] == [
            f".{suffix}"
        ]


def test_without_the_package_there_is_a_sentence(network_bytes, monkeypatch):
    monkeypatch.setattr("tinygest.generate.tflm.find_spec", lambda _: None)
    tflite = network_bytes("dense_none")
    with pytest.raises(GenerateError, match=r"pip install 'tinygest\[tflm\]'.*--back-end c"):
        measure_arena(tflite, resolve_network(tflite))
