"""Logits from TensorFlow Lite Micro itself: the oracle for the generated network."""

from __future__ import annotations

import struct
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import VerifyError

ABSENT = "the tflite_micro package is not installed; `pip install 'tinygest[tflm]'` (Linux x86-64 only)"


def tflm_is_here() -> bool:
    """True if TFLM can be asked on this machine."""
    return find_spec("tflite_micro") is not None


class Tflm:
    """One model in the TFLM interpreter."""

    def __init__(self, tflite: bytes) -> None:
        """Raises VerifyError when TFLM is absent or refuses the model."""
        if not tflm_is_here():
            raise VerifyError(ABSENT)
        from tflite_micro import runtime

        try:
            self._interpreter = runtime.Interpreter.from_bytes(tflite)
        except (RuntimeError, ValueError, struct.error) as error:
            raise VerifyError(f"TFLM does not take this model: {error}") from error
        self._input_shape = tuple(self._interpreter.get_input_details(0)["shape"])

    def run(self, inputs: NDArray[np.int8]) -> NDArray[np.int8]:
        """(k, n_inputs) int8 -> (k, n_outputs) int8."""
        rows = [self._run_one(row) for row in inputs]
        n_outputs = int(np.prod(self._interpreter.get_output_details(0)["shape"]))
        return np.stack(rows) if rows else np.empty((0, n_outputs), np.int8)

    def _run_one(self, row: NDArray[np.int8]) -> NDArray[np.int8]:
        self._interpreter.set_input(row.reshape(self._input_shape), 0)
        self._interpreter.invoke()
        return np.array(self._interpreter.get_output(0), np.int8).reshape(-1)
