"""The reader never trusts a byte: whatever is wrong ends in one sentence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import TinygestError
from tinygest.generate.network import resolve_network
from tinygest.generate.tflite_model import ABSENT, read_tflite


def test_a_model_is_read_whole(network_bytes):
    model = read_tflite(network_bytes("conv_no_bias"))
    (conv,) = model.operators
    assert conv.name == "CONV_2D"
    weights = model.tensors[conv.inputs[1]]
    assert (weights.dtype, weights.shape) == ("int8", (6, 3, 3, 1))
    assert weights.data is not None
    assert weights.data.dtype == np.int8
    assert weights.quantisation is not None
    assert (len(weights.quantisation.scales), weights.quantisation.axis) == (6, 0)
    assert model.tensors[model.input].shape == (1, 5, 5, 1)
    assert ABSENT not in (model.input, *model.outputs)


@pytest.mark.parametrize("data", [b"", b"TFL3", b"\0\0\0\0TFL2" + bytes(50), b"# README\n" * 10])
def test_other_files_are_told_apart(data):
    with pytest.raises(TinygestError, match=r"not a \.tflite"):
        read_tflite(data)


def resolve_or_refuse(data: bytes) -> None:
    """Any outcome but a crash, a hang or another exception is right."""
    refusal = ""
    try:
        network = resolve_network(data)
    except TinygestError as error:
        refusal = str(error)
    else:
        assert network.arena_bytes > 0
    assert "\n" not in refusal
    assert len(refusal) < 600


def test_a_shape_with_endless_axes_is_told_in_a_line(network_bytes):
    content = bytearray(network_bytes("mean_conv"))
    content[1980] = 32  # the offset of a tensor's shape signature, now into text
    with pytest.raises(TinygestError, match="holds 65 axes; at most 8 are supported"):
        read_tflite(bytes(content))


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 4200))
def test_truncated_files(network_bytes, length):
    resolve_or_refuse(network_bytes("separable")[:length])


@settings(deadline=None, max_examples=1000)
@given(st.data())
def test_flipped_bytes(network_bytes, data):
    name = data.draw(st.sampled_from(["separable", "mean_conv", "dense_softmax", "branches"]))
    content = bytearray(network_bytes(name))
    for _ in range(data.draw(st.integers(1, 6))):
        position = data.draw(st.integers(8, len(content) - 1))
        content[position] = data.draw(st.integers(0, 255))
    resolve_or_refuse(bytes(content))


@settings(deadline=None, max_examples=500)
@given(st.data())
def test_hostile_words(network_bytes, data):
    """Offsets, lengths and sizes are little-endian words: set some to extremes."""
    content = bytearray(network_bytes("separable"))
    for _ in range(data.draw(st.integers(1, 3))):
        word = 4 * data.draw(st.integers(2, len(content) // 4 - 1))
        value = data.draw(st.sampled_from([0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0, 65536]))
        content[word : word + 4] = value.to_bytes(4, "little")
    resolve_or_refuse(bytes(content))
