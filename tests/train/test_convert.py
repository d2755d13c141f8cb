import numpy as np
import pytest

from tinygest.core.errors import TrainError
from tinygest.train import networks
from tinygest.train.backend import load_tensorflow
from tinygest.train.convert import ALLOWED_OPERATORS, convert, inspect, representative_set
from tinygest.train.fit import predict

load_tensorflow(1)

RNG = np.random.default_rng(0)


def normal(*shape):
    return RNG.normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("length", [64, 61, 9, 2])
def test_cnn_of_any_length_holds_only_operators_that_we_run(length):
    converted = convert(networks.build_cnn(length, 3, 4), normal(80, 1, length, 3))
    assert set(converted.operators) == {"CONV_2D", "DEPTHWISE_CONV_2D", "AVERAGE_POOL_2D"} or length == 2
    assert set(converted.operators) <= ALLOWED_OPERATORS


def test_dense_is_two_layers_quantised_per_tensor():
    import tflite

    converted = convert(networks.build_dense(20, 5), normal(100, 20))
    assert converted.operators == ("FULLY_CONNECTED", "FULLY_CONNECTED")
    graph = tflite.Model.GetRootAsModel(converted.tflite, 0).Subgraphs(0)
    for i in range(graph.OperatorsLength()):
        weights = graph.Tensors(graph.Operators(i).Inputs(1))
        assert weights.Quantization().ScaleLength() == 1


@pytest.mark.parametrize(
    ("build", "shape"),
    [(lambda: networks.build_dense(20, 5), (20,)), (lambda: networks.build_cnn(40, 3, 5), (1, 40, 3))],
)
def test_int8_answers_like_float(build, shape, needs_tflm):
    from tflite_micro import runtime

    model, x = build(), normal(200, *shape)
    converted = convert(model, x)
    quantisation = converted.quantisation
    q = np.rint(x / quantisation.input_scale) + quantisation.input_zero_point
    interpreter = runtime.Interpreter.from_bytes(converted.tflite)
    logits = []
    for row in np.clip(q, -128, 127).astype(np.int8):
        interpreter.set_input(row[np.newaxis], 0)
        interpreter.invoke()
        logits.append(interpreter.get_output(0).reshape(-1))
    real = (np.array(logits, np.float32) - quantisation.output_zero_point) * quantisation.output_scale
    exact = predict(model, x)
    assert np.abs(real - exact).max() < 0.1 * np.ptp(exact)
    assert (real.argmax(1) == exact.argmax(1)).mean() > 0.9


@pytest.mark.parametrize("x", [np.zeros((500, 20), np.float32), np.full((1, 20), 3, np.float32)])
def test_a_poor_representative_set_does_not_give_scale_zero(x):
    quantisation = convert(networks.build_dense(20, 2), x).quantisation
    assert quantisation.input_scale > 0.01
    assert quantisation.output_scale > 1e-4


def test_representative_set_is_bounded_and_spread_over_all_examples():
    x = np.arange(10_000, dtype=np.float32).reshape(-1, 1)
    chosen = representative_set(x)
    assert len(chosen) == 500
    assert (chosen[0, 0], chosen[-1, 0]) == (0, 9999)


def test_conversion_gives_the_same_bytes_again():
    x = normal(100, 1, 32, 3)
    model = networks.build_cnn(32, 3, 3)
    assert convert(model, x).tflite == convert(model, x).tflite


def test_other_operators_are_refused_by_name(shared_dir):
    with pytest.raises(TrainError, match="MEAN, SOFTMAX"):
        inspect((shared_dir / "bench/models/b_conv1d.tflite").read_bytes())
