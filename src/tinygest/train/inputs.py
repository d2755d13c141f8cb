"""What the networks see: features of all channels, or the window itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import FeatureInput, ModelInput
from tinygest.core.sensor import SensorContract
from tinygest.signalpath.defaults import default_features, default_window
from tinygest.train.networks import Family, build_cnn, build_dense
from tinygest.train.normalise import Normalisation


def default_input(family: Family, sensor: SensorContract, channels: Sequence[str] = ()) -> ModelInput:
    """The family's input for a sensor, before training has measured means and deviations.

    channels: those to look at, all when empty. Raises ContractError for one that does not exist.
    """
    return default_features(sensor, channels) if family == "dense" else default_window(sensor, channels)


def build(model_input: ModelInput, n_inputs: int, n_classes: int) -> Any:
    """The Keras network for an input."""
    if isinstance(model_input, FeatureInput):
        return build_dense(n_inputs, n_classes)
    return build_cnn(model_input.length, len(model_input.channels), n_classes)


def shaped(x: NDArray[np.float32], model_input: ModelInput) -> NDArray[np.float32]:
    """(n, n_inputs) as extracted -> as the network takes it: (n, 1, length, n_channels) for a window."""
    if isinstance(model_input, FeatureInput):
        return x
    return x.reshape(-1, 1, model_input.length, len(model_input.channels))


def n_groups(model_input: ModelInput) -> int | None:
    """Inputs that share a scale: the points of a window's channel do, features do not."""
    return None if isinstance(model_input, FeatureInput) else len(model_input.channels)


def with_normalisation(model_input: ModelInput, normalisation: Normalisation) -> ModelInput:
    """The contract's input, complete: one mean and deviation a feature, or a channel of the window."""
    n = n_groups(model_input)
    mean, std = normalisation.mean[:n].tolist(), normalisation.std[:n].tolist()
    return msgspec.structs.replace(model_input, mean=tuple(mean), std=tuple(std))
