"""The two families of networks, small by default.

Time runs along the width of a picture of height 1: Conv2D and DepthwiseConv2D on (1, length,
channels) convert without the RESHAPE operators that Conv1D leaves behind. Both families end in
logits; a softmax would saturate just where thresholds have to be tuned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Family = Literal["dense", "cnn"]

FAMILIES: tuple[Family, ...] = ("dense", "cnn")

MAX_PARAMETERS = 10_000
N_TIME_BINS = 4  # what is kept of the order in time: the order is the gesture
KERNEL = 5
FLATTEN = "flatten"  # last layer, for Keras only: the converted network ends before it
MIN_STRIDED = 16  # points: shorter windows are not halved any further


@dataclass(frozen=True)
class NetworkSize:
    """How much network; the defaults are the recipe of docs/training.md."""

    hidden: int = 40
    """Units of the dense network."""
    width: int = 32
    """Filters of the convolutional network's last blocks; those before have half and three quarters."""
    n_blocks: int = 3


def build_dense(n_inputs: int, n_classes: int, size: NetworkSize = NetworkSize()) -> Any:
    """Features (n_inputs,) -> one hidden layer -> logits (n_classes,)."""
    from keras import Input, Model, layers

    inputs = Input((n_inputs,), name="features")
    x = layers.Dropout(0.1, name="drop_features")(inputs)
    x = layers.Dense(hidden_units(n_inputs, n_classes, size.hidden), activation="relu", name="hidden")(x)
    x = layers.Dropout(0.25, name="drop_hidden")(x)
    return Model(inputs, layers.Dense(n_classes, name="logits")(x), name="dense")


def hidden_units(n_inputs: int, n_classes: int, wanted: int = 40) -> int:
    """What is wanted, or as many as keep the network under MAX_PARAMETERS, but 8 where 8 are wanted."""
    affordable = (MAX_PARAMETERS - n_classes) // (n_inputs + 1 + n_classes)
    return min(wanted, max(8, affordable))


def build_cnn(length: int, n_channels: int, n_classes: int, size: NetworkSize = NetworkSize()) -> Any:
    """Window (1, length, n_channels) -> depthwise-separable convolutions -> logits (n_classes,)."""
    for share in (1.0, 0.75, 0.5):
        model = _build_cnn(length, n_channels, n_classes, size, int(size.width * share))
        if n_parameters(model) <= MAX_PARAMETERS:
            break
    return model


def _build_cnn(length: int, n_channels: int, n_classes: int, size: NetworkSize, width: int) -> Any:
    from keras import Input, Model, layers

    inputs = Input((1, length, n_channels), name="window")
    stride = 2 if length >= MIN_STRIDED else 1
    stem = size.width // 2
    x = layers.Conv2D(stem, (1, KERNEL), (1, stride), "same", use_bias=False, name="conv")(inputs)
    x = _activated(x, "conv")
    for number in range(1, size.n_blocks + 1):
        n_filters = 3 * size.width // 4 if number == 1 else width
        stride = 2 if number == 2 and x.shape[2] >= MIN_STRIDED else 1
        x = _separable(x, n_filters, stride, f"block{number}")
    # "same" keeps the last points in a shorter bin when the length does not divide.
    bin_points = -(-x.shape[2] // N_TIME_BINS)
    x = layers.AveragePooling2D((1, bin_points), padding="same", name="time_bins")(x)
    # A dense layer over all bins, said as a convolution: the converter keeps a RESHAPE in front of a
    # Dense layer unless its input is a single point.
    x = layers.Conv2D(n_classes, (1, x.shape[2]), name="logits")(x)
    return Model(inputs, layers.Flatten(name=FLATTEN)(x), name="cnn")


def _separable(x: Any, n_filters: int, stride: int, name: str) -> Any:
    """Depthwise over time, then pointwise over channels. (1, n, c) -> (1, n / stride, n_filters)."""
    from keras import layers

    # DepthwiseConv2D wants equal strides; height is 1, so the first one does nothing.
    x = layers.DepthwiseConv2D((1, KERNEL), (stride, stride), "same", name=f"{name}_depthwise")(x)
    x = layers.Conv2D(n_filters, 1, use_bias=False, name=f"{name}_pointwise")(x)
    return _activated(x, name)


def _activated(x: Any, name: str) -> Any:
    """Normalised over the batch while training, which becomes the convolution's bias; then ReLU."""
    from keras import layers

    x = layers.BatchNormalization(momentum=0.95, name=f"{name}_norm")(x)
    return layers.ReLU(name=f"{name}_relu")(x)


def n_parameters(model: Any) -> int:
    """Weights and biases that reach the device: of a batch normalisation one bias a channel is left."""
    from keras import layers

    norms = [layer for layer in model.layers if isinstance(layer, layers.BatchNormalization)]
    return int(model.count_params() - sum(3 * norm.gamma.shape[0] for norm in norms))


def with_batch_of_one(model: Any) -> Any:
    """The same network and weights for one example at a time, as the device runs it.

    A final Flatten is left out: (1, 1, 1, n) and (1, n) are the same bytes, and it would become a
    RESHAPE.
    """
    from keras import Input, Model, models

    inputs = Input(batch_shape=(1, *model.inputs[0].shape[1:]), name="input")
    single = models.clone_model(model, input_tensors=inputs)
    single.set_weights(model.get_weights())
    last = single.layers[-2] if single.layers[-1].name == FLATTEN else single.layers[-1]
    return Model(single.inputs, last.output, name=model.name)
