"""What TensorFlow Lite Micro answers, as int8 from end to end."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinygest.generate.network import resolve_network
from tinygest.generate.node import Activation


def tflm_answers(tflite: bytes, inputs: np.ndarray) -> np.ndarray:
    """(n, n_inputs) int8 -> (n, n_outputs) int8, several outputs joined.

    Ends that are float32 or uint8 are taken back to the int8 next to them.
    """
    from tflite_micro import runtime

    interpreter = runtime.Interpreter.from_bytes(tflite, arena_size=1 << 20)
    network = resolve_network(tflite)
    details = interpreter.get_input_details(0)
    answers = []
    for values in inputs:
        interpreter.set_input(_to_end(values, network.input, details).reshape(details["shape"]), 0)
        interpreter.invoke()
        parts = [
            _from_end(np.array(interpreter.get_output(i)), output)
            for i, output in enumerate(network.outputs)
        ]
        answers.append(np.concatenate(parts))
    return np.stack(answers)


def _to_end(values: np.ndarray, input: Activation, details: dict[str, Any]) -> np.ndarray:
    match np.dtype(details["dtype"]):
        case np.float32:
            return ((values - np.float64(input.zero_point)) * input.scale).astype(np.float32)
        case np.uint8:
            return (values.astype(np.int16) + 128).astype(np.uint8)
    return values


def _from_end(values: np.ndarray, output: Activation) -> np.ndarray:
    values = values.reshape(-1)
    match values.dtype:
        case np.float32:
            return (np.round(values / output.scale) + output.zero_point).astype(np.int8)
        case np.uint8:
            return (values.astype(np.int16) - 128).astype(np.int8)
    return values
