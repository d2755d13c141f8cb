"""Golden vectors: what a generated library must answer, carried by the library itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinygest.core.errors import GenerateError

Int8s = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class NetworkVectors:
    """inputs: (n_vectors, n_inputs) int8 and the outputs (n_vectors, n_outputs) that belong to them."""

    inputs: Int8s
    outputs: Int8s

    def check(self, n_inputs: int, n_outputs: int) -> NetworkVectors:
        """Return self if the vectors fit the network; raises GenerateError."""
        n = len(self.inputs)
        if self.inputs.shape != (n, n_inputs) or self.outputs.shape != (n, n_outputs) or n < 1:
            raise GenerateError(
                f"golden vectors of shape {self.inputs.shape} -> {self.outputs.shape} do not fit a network "
                f"of {n_inputs} inputs and {n_outputs} outputs"
            )
        if self.inputs.dtype != np.int8 or self.outputs.dtype != np.int8:
            raise GenerateError("golden vectors must be int8")
        return self


def random_inputs(n_vectors: int, n_inputs: int, seed: int = 0) -> Int8s:
    """(n_vectors, n_inputs) int8, the same for the same seed: the two extremes, then uniform values."""
    generator = np.random.default_rng(seed)
    inputs = generator.integers(-128, 128, (n_vectors, n_inputs)).astype(np.int8)
    inputs[:1] = -128
    inputs[1:2] = 127
    return inputs
