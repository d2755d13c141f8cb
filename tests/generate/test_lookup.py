"""Tables of unary operators: all 256 answers are those of TensorFlow Lite Micro, whatever the scales."""

import numpy as np
import pytest
from tflite_builder import Graph
from tflm_oracle import tflm_answers

from tinygest.core.errors import GenerateError
from tinygest.generate.network import resolve_network

N_SCALES = 40
ENDS = {"LOGISTIC": (1 / 256, -128), "TANH": (1 / 128, 0)}
EVERY_INT8 = np.arange(-128, 128).astype(np.int8).reshape(1, 256)


def unary(name: str, input: tuple[float, int], output: tuple[float, int], **options: float) -> bytes:
    graph = Graph()
    x, y = (graph.activation((1, 256), *quantisation) for quantisation in (input, output))
    graph.add(name, (x,), y, "LeakyRelu" if options else "", **options)
    return graph.build(x, y)


def scales(seed: int) -> list[tuple[tuple[float, int], tuple[float, int]]]:
    """(scale, zero point) of input and output, from too fine to too coarse."""
    random = np.random.default_rng(seed)
    inputs = 10 ** random.uniform(-4, 1, N_SCALES)
    outputs = inputs * 2 ** random.uniform(-3, 4, N_SCALES)
    # Half of them with a value within an ulp of a half: they tell double from single precision.
    ties = (random.integers(1, 99, N_SCALES // 2) + 0.5) / random.integers(100, 128, N_SCALES // 2)
    outputs[::2] = inputs[::2] / ties
    points = random.integers(-128, 128, (N_SCALES, 2)).tolist()
    return [
        ((float(np.float32(a)), i), (float(np.float32(b)), o))
        for a, b, (i, o) in zip(inputs, outputs, points, strict=True)
    ]


@pytest.mark.parametrize("name", ["LOGISTIC", "TANH", "RELU", "RELU6", "HARD_SWISH", "QUANTIZE"])
def test_every_answer_is_tflms(needs_tflm, name):
    n_compared = 0
    for input, output in scales(1):
        tflite = unary(name, input, ENDS.get(name, input if name == "RELU6" else output))
        try:
            (step,) = resolve_network(tflite).steps
        except GenerateError:
            continue
        np.testing.assert_array_equal(
            step.layer.fields["table"].values.reshape(1, 256), tflm_answers(tflite, EVERY_INT8)
        )
        n_compared += 1
    assert n_compared >= N_SCALES - 2


@pytest.mark.parametrize("alpha", [0.01, 0.3, 1.5, -0.25])
def test_slopes_of_leaky_relu(needs_tflm, alpha):
    for input, output in scales(2):
        tflite = unary("LEAKY_RELU", input, output, Alpha=alpha)
        (step,) = resolve_network(tflite).steps
        np.testing.assert_array_equal(
            step.layer.fields["table"].values.reshape(1, 256), tflm_answers(tflite, EVERY_INT8)
        )


def test_clamps_that_tflm_has_no_kernel_for():
    (step,) = resolve_network(unary("RELU_N1_TO_1", (0.02, 5), (0.01, -20))).steps
    x = (EVERY_INT8.astype(float) - 5) * 0.02
    expected = np.clip(np.round(np.clip(x, -1, 1) / 0.01) - 20, -128, 127)
    np.testing.assert_array_equal(step.layer.fields["table"].values.reshape(1, 256), expected)


def test_a_scale_of_no_use_is_refused():
    with pytest.raises(GenerateError, match="its output has not scale 1/256"):
        resolve_network(unary("LOGISTIC", (0.1, 0), (1 / 128, -128)))
    with pytest.raises(GenerateError, match=r"its output has not scale 1/128"):
        resolve_network(unary("TANH", (0.1, 0), (1 / 256, -128)))
    with pytest.raises(GenerateError, match="the scales of its input and output are too far apart"):
        resolve_network(unary("HARD_SWISH", (1e-7, 0), (0.1, 0)))
