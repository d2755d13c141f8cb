"""What the networks see: features of all channels, or the window itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import FeatureInput, ModelInput
from tinygest.core.sensor import SensorContract
from tinygest.signalpath.defaults import FEATURES, WINDOW_LENGTH, default_features, default_window
from tinygest.train.networks import Family, NetworkSize, build_cnn, build_dense
from tinygest.train.normalise import Normalisation


@dataclass(frozen=True)
class Representation:
    """How much of a segment the network sees; the defaults are the recipe of docs/training.md."""

    features: tuple[str, ...] = FEATURES
    """Of each channel, for the dense network."""
    magnitudes: bool = True
    """Features of |a| and |g| too."""
    pairs: bool = True
    """Correlations within each triad."""
    window: int = WINDOW_LENGTH
    """Points, for the convolutional network."""


def default_input(
    family: Family,
    sensor: SensorContract,
    channels: Sequence[str] = (),
    wanted: Representation = Representation(),
) -> ModelInput:
    """The family's input for a sensor, before training has measured means and deviations.

    channels: those to look at, all when empty. Raises ContractError for one that does not exist.
    """
    if family == "cnn":
        return msgspec.structs.replace(default_window(sensor, channels), length=wanted.window)
    full = default_features(sensor, channels)
    own = [name for name in full.channels if name in sensor.channel_names]
    return msgspec.structs.replace(
        full,
        features=wanted.features,
        channels=full.channels if wanted.magnitudes else tuple(own),
        pairs=full.pairs if wanted.pairs else (),
    )


def build(model_input: ModelInput, n_inputs: int, n_classes: int, size: NetworkSize) -> Any:
    """The Keras network for an input."""
    if isinstance(model_input, FeatureInput):
        return build_dense(n_inputs, n_classes, size)
    return build_cnn(model_input.length, len(model_input.channels), n_classes, size)


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
