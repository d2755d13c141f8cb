"""What cannot become C is refused by name, with what to do about it."""

from pathlib import Path

import pytest
from tflite_builder import Graph

from tinygest.core.errors import GenerateError, UnsupportedOperatorError
from tinygest.generate.network import resolve_network
from tinygest.generate.operators import RESOLVERS
from tinygest.generate.tflite_model import read_tflite

REFUSED = Path(__file__).resolve().parent.parent / "golden" / "refused"
REASONS = {
    "float": "input: its data are float32, not int8; convert with full-integer quantisation",
    "hybrid": "input: its data are float32, not int8; convert",
    "int16": "input: its data are int16, not int8; convert",
    "dynamic_batch": r"shape \[-1, 6\], which is not fixed; convert .* batch size of 1",
    "batch_of_two": r"input is \[2, 6\]; convert with a batch size of 1",
    "two_inputs": "has 2 inputs; join them to one",
    "relu6_alone": "RELU6: .* different scales, .* make it the activation of the layer before it",
    "transposed": r"TRANSPOSE_CONV is not supported; this makes .* larger .*leave it out \(supported: ADD,",
    "mean_of_channels": r"MEAN: axes \[1, 3\] .* are not neighbours",
}


@pytest.mark.parametrize("name", sorted(path.stem for path in REFUSED.glob("*.tflite")))
def test_refused_models(name):
    with pytest.raises(GenerateError, match=REASONS[name]):
        resolve_network((REFUSED / f"{name}.tflite").read_bytes())


def test_an_unsupported_operator_is_an_error_of_its_own():
    with pytest.raises(UnsupportedOperatorError) as caught:
        resolve_network((REFUSED / "transposed.tflite").read_bytes())
    assert caught.value.operator == "TRANSPOSE_CONV"


@pytest.mark.parametrize(
    ("name", "advice"), [("ELU", "train with one of relu"), ("CUMSUM", "leave it out, or put it in front")]
)
def test_whatever_is_unsupported_is_told_with_what_to_do(name, advice):
    graph = Graph()
    x = graph.activation((1, 4), 0.1)
    tflite = graph.build(x, graph.add(name, (x,), graph.activation((1, 4), 0.1)))
    with pytest.raises(UnsupportedOperatorError, match=f"operator {name} is not supported; {advice}"):
        resolve_network(tflite)


def test_one_operator_is_one_file():
    folder = Path(__file__).resolve().parents[2] / "src/tinygest/generate/operators"
    files = {path.stem.upper() for path in folder.glob("*.py")} - {"__INIT__"}
    assert files == set(RESOLVERS)


def edited(tflite: bytes, old: bytes, new: bytes) -> bytes:
    """The file with the one occurrence of `old` replaced."""
    assert tflite.count(old) == 1
    return tflite.replace(old, new)


def test_weights_that_are_not_constant_are_refused(network_bytes):
    """The weights' buffer emptied: an activation where weights should be."""
    tflite = network_bytes("dense_none")
    weights = constant(tflite, 1)
    length = len(weights).to_bytes(4, "little")
    with pytest.raises(GenerateError, match="its weights are not constant"):
        resolve_network(edited(tflite, length + weights, bytes(4) + weights))


def test_sums_that_could_overflow_are_refused(network_bytes):
    """Biases of almost 2^31 leave no room for the products."""
    tflite = network_bytes("dense_none")
    bias = constant(tflite, 2)
    huge = (2**31 - 5).to_bytes(4, "little") * (len(bias) // 4)
    with pytest.raises(GenerateError, match="could overflow 32 bits"):
        resolve_network(edited(tflite, bias, huge))


def constant(tflite: bytes, position: int) -> bytes:
    """The bytes of an input of the first operator."""
    model = read_tflite(tflite)
    data = model.tensors[model.operators[0].inputs[position]].data
    assert data is not None
    return data.tobytes()
