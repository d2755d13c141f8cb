"""Golden vectors: what a generated library must answer, carried by the library itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tinygest.core.errors import GenerateError
from tinygest.core.event import Event

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


@dataclass(frozen=True, eq=False)
class StreamVectors:
    """A short stream and what the model must answer to it.

    samples: (n, n_channels) int16 from a reset on. events: at least one, in order, starts and
    decided_at as rows of samples. logits: (n_events, n_classes) int8, the last scores at each event.
    """

    samples: npt.NDArray[np.int16]
    events: tuple[Event, ...]
    logits: Int8s

    def check(self, n_channels: int, n_classes: int) -> StreamVectors:
        """Return self if the vectors fit the model; raises GenerateError."""
        n = len(self.samples)
        if self.samples.dtype != np.int16 or self.samples.shape != (n, n_channels):
            raise GenerateError(f"golden samples are {self.samples.dtype} {self.samples.shape}")
        if self.logits.dtype != np.int8 or self.logits.shape != (len(self.events), n_classes):
            raise GenerateError(f"golden logits are {self.logits.dtype} {self.logits.shape}")
        if not self.events or not all(0 <= event.decided_at < n for event in self.events):
            raise GenerateError("golden vectors need an event, and every event within the samples")
        return self
