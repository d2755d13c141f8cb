"""Keras model -> full-int8 `.tflite`, and a look at the result before anyone trusts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import Quantisation
from tinygest.core.errors import TrainError
from tinygest.train.backend import load_tensorflow, quiet
from tinygest.train.networks import with_batch_of_one

ALLOWED_OPERATORS = frozenset({"CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "AVERAGE_POOL_2D"})
"""What the two families become. Anything else, a RESHAPE above all, is a fault of the conversion."""

MAX_REPRESENTATIVE = 500
MIN_SPREAD = 1.0  # in z-scores: what a representative set must cover, lest a scale become 0
N_FILL = 64


@dataclass(frozen=True)
class Converted:
    """A full-int8 model and how its ends are quantised."""

    tflite: bytes
    quantisation: Quantisation
    operators: tuple[str, ...]


def convert(model: Any, representative: NDArray[np.float32]) -> Converted:
    """Quantise to int8 with per-tensor Dense layers, batch 1, logits out.

    representative: (n, ...) normalised training inputs; they fix the range of every activation.
    Raises TrainError if the result holds an operator that no kernel of ours runs.
    """
    tf, _ = load_tensorflow()
    examples = representative_set(representative)

    def one_by_one() -> Iterator[list[NDArray[np.float32]]]:
        for example in examples:
            yield [example[np.newaxis]]

    with quiet():
        converter = tf.lite.TFLiteConverter.from_keras_model(with_batch_of_one(model))
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = one_by_one
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = tf.int8
        converter.inference_output_type = tf.int8
        # Every released TFLM library runs Dense per tensor; few run it per channel.
        converter._experimental_disable_per_channel_quantization_for_dense_layers = True
        tflite = bytes(converter.convert())
    return inspect(tflite)


def representative_set(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """At most MAX_REPRESENTATIVE of the rows, evenly chosen; standard-normal rows join a poor set.

    A set that is tiny or hardly varies would give activations a range, and so a scale, near 0.
    z-scores are standard normal by construction, so such rows claim nothing new.
    """
    rows = np.unique(np.linspace(0, len(x) - 1, min(len(x), MAX_REPRESENTATIVE)).round().astype(int))
    chosen = np.asarray(x[rows], np.float32)
    if len(chosen) >= N_FILL and np.abs(chosen).max() >= MIN_SPREAD:
        return chosen
    normal = np.random.default_rng(0).normal(size=(N_FILL, *x.shape[1:])).clip(-3, 3)
    return np.concatenate([chosen, normal.astype(np.float32)])


def inspect(tflite: bytes) -> Converted:
    """Read operators and quantisation back; raises TrainError unless int8 to the ends and plain."""
    import tflite as schema

    model = schema.Model.GetRootAsModel(tflite, 0)
    graph = model.Subgraphs(0)
    operators = tuple(
        _operator_name(schema, model, graph.Operators(i)) for i in range(graph.OperatorsLength())
    )
    stray = sorted(set(operators) - ALLOWED_OPERATORS)
    if model.SubgraphsLength() != 1 or stray:
        raise TrainError(
            f"the converter emitted {', '.join(stray) or 'several graphs'}, which the C library does not "
            "run; please report this with the version of TensorFlow"
        )
    input_scale, input_zero = _quantisation(schema, graph.Tensors(graph.Inputs(0)), "input")
    output_scale, output_zero = _quantisation(schema, graph.Tensors(graph.Outputs(0)), "output")
    quantisation = Quantisation(input_scale, input_zero, output_scale, output_zero)
    return Converted(tflite, quantisation, operators)


def _operator_name(schema: Any, model: Any, operator: Any) -> str:
    code = model.OperatorCodes(operator.OpcodeIndex()).BuiltinCode()
    names = {
        value: name for name, value in vars(schema.BuiltinOperator).items() if not name.startswith("_")
    }
    return str(names.get(code, f"operator {code}"))


def _quantisation(schema: Any, tensor: Any, end: str) -> tuple[float, int]:
    """(scale, zero point) of an int8 tensor; raises TrainError if it has none."""
    quantisation = tensor.Quantization()
    if tensor.Type() != schema.TensorType.INT8 or quantisation.ScaleLength() != 1:
        raise TrainError(f"the converted model's {end} is not int8 with one scale")
    scale, zero_point = float(quantisation.Scale(0)), int(quantisation.ZeroPoint(0))
    if not (np.isfinite(scale) and scale > 0):
        raise TrainError(f"the converted model's {end} has scale {scale}; its training data hardly vary")
    return scale, zero_point
