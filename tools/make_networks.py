"""Makes tests/golden/networks and tests/golden/refused.

The first are small random int8 networks and what TensorFlow Lite Micro answers; the second are sound
.tflite files that cannot become C, each for one reason. Needs TensorFlow and tflite_micro. Weights are
random, not trained: what is tested is arithmetic. Run it with the names of new ones; a newer converter
gives other bytes.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tinygest.generate.network import resolve_network

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden"
FOLDER = GOLDEN / "networks"
N_VECTORS = 24


def networks(keras: Any) -> Iterator[tuple[str, Any, bool]]:
    """(name, model, Dense layers quantised per channel), every operator in several forms."""
    layers = keras.layers

    def chain(name: str, shape: tuple[int, ...], *steps: Any, per_channel: bool = True) -> Any:
        return name, keras.Sequential([keras.Input(shape, batch_size=1), *steps]), per_channel

    yield chain("dense_none", (7,), layers.Dense(5))
    yield chain("dense_per_tensor", (33,), layers.Dense(9, "relu"), layers.Dense(4), per_channel=False)
    yield chain("dense_deep", (12,), *(layers.Dense(n, "relu6") for n in (11, 3, 17)), layers.Dense(2))
    yield chain("dense_no_bias", (10,), layers.Dense(6, use_bias=False), per_channel=False)
    yield chain("dense_softmax", (20,), layers.Dense(7), layers.Softmax())
    yield chain("softmax_sharp", (9,), layers.Rescaling(12.0), layers.Dense(9), layers.Softmax())
    yield chain("dense_rows", (6, 5), layers.Dense(4, "relu"), layers.Flatten(), layers.Dense(3))

    yield chain("conv_same", (1, 19, 6), layers.Conv2D(8, (1, 5), strides=2, padding="same"))
    yield chain("conv_valid", (9, 8, 3), layers.Conv2D(5, (3, 2), strides=(2, 3), activation="relu"))
    yield chain("conv_1x1", (4, 6, 7), layers.Conv2D(5, 1, activation="relu6"))
    yield chain("conv_even_kernel", (7, 7, 2), layers.Conv2D(3, (4, 2), padding="same"))
    yield chain("conv_wide_stride", (6, 11, 2), layers.Conv2D(4, (2, 2), strides=(3, 4), padding="same"))
    yield chain("conv_kernel_over_input", (3, 2, 4), layers.Conv2D(4, (5, 5), padding="same"))
    yield chain("conv_no_bias", (5, 5, 1), layers.Conv2D(6, 3, use_bias=False))
    yield chain("conv_pointwise_deep", (1, 4, 40), layers.Conv2D(1, 1), layers.Conv2D(30, 1))
    yield chain("conv_dilated", (9, 9, 2), layers.Conv2D(3, 3, dilation_rate=2, padding="same"))
    yield chain("conv_grouped", (5, 5, 4), layers.Conv2D(6, 3, groups=2))
    yield chain("conv1d_dilated", (19, 3), layers.Conv1D(4, 3, dilation_rate=3, padding="same"))
    yield chain(
        "depthwise_dilated", (9, 8, 3), layers.DepthwiseConv2D((2, 3), dilation_rate=(3, 2), padding="same")
    )
    yield chain("conv1d", (16, 3), layers.Conv1D(4, 3, activation="relu"), layers.Conv1D(5, 3, strides=2))

    yield chain("depthwise_same", (1, 20, 6), layers.DepthwiseConv2D((1, 3), padding="same"))
    yield chain("depthwise_multiplier", (5, 7, 3), layers.DepthwiseConv2D(3, depth_multiplier=4))
    yield chain("depthwise_from_one", (6, 6, 1), layers.DepthwiseConv2D((2, 3), depth_multiplier=5))
    yield chain(
        "depthwise_stride",
        (9, 10, 4),
        layers.DepthwiseConv2D((3, 4), strides=2, padding="same", activation="relu"),
    )

    yield chain("pool_global", (1, 16, 5), layers.Conv2D(5, 1), layers.AveragePooling2D((1, 16)))
    yield chain("pool_same", (5, 7, 3), layers.Conv2D(3, 1), layers.AveragePooling2D(3, 2, "same"))
    yield chain("pool_overlap", (6, 9, 2), layers.Conv2D(2, 1), layers.AveragePooling2D((2, 3), (1, 2)))
    yield chain(
        "mean_conv", (3, 8, 5), layers.Conv2D(6, 3, padding="same"), layers.GlobalAveragePooling2D()
    )
    yield chain("mean_kept", (3, 8, 5), layers.Conv2D(4, 1), layers.GlobalAveragePooling2D(keepdims=True))
    yield chain("mean_1d", (13, 4), layers.Conv1D(6, 2, activation="relu"), layers.GlobalAveragePooling1D())
    yield chain("mean_input", (5, 5, 3), layers.GlobalAveragePooling2D(), layers.Dense(3))

    yield chain(
        "separable",
        (1, 64, 6),
        layers.Conv2D(8, (1, 5), strides=2, padding="same", activation="relu"),
        layers.DepthwiseConv2D((1, 3), strides=2, padding="same", activation="relu"),
        layers.Conv2D(12, 1, activation="relu"),
        layers.AveragePooling2D((1, 16)),
        layers.Flatten(),
        layers.Dense(6),
        per_channel=False,
    )
    yield chain("reshape_only", (4, 6), layers.Reshape((3, 8)))
    yield "branches", _branches(keras), True
    yield "clipped", _clipped(keras), True


def further_networks(keras: Any) -> Iterator[tuple[str, Any, bool]]:
    """The same for activations of their own, graphs, and several outputs."""
    layers = keras.layers

    def chain(name: str, shape: tuple[int, ...], *steps: Any) -> Any:
        return name, keras.Sequential([keras.Input(shape, batch_size=1), *steps]), True

    yield chain("pool_max", (7, 9, 3), layers.Conv2D(4, 2), layers.MaxPooling2D((2, 3), (1, 2), "same"))
    yield chain("tanh", (6,), layers.Dense(5, "tanh"), layers.Dense(3))
    yield chain("logistic", (6,), layers.Dense(5, "sigmoid"), layers.Dense(1, "sigmoid"))
    yield chain("leaky_relu", (5, 4, 2), layers.Conv2D(3, 2), layers.LeakyReLU(0.2), layers.Conv2D(2, 1))
    yield chain("hard_swish", (8,), layers.Dense(9, "hard_swish"), layers.Dense(3))
    yield chain("swish", (8,), layers.Dense(9, "swish"), layers.Dense(3))
    yield chain("relu_alone", (4, 6), layers.ReLU(), layers.Reshape((24,)), layers.Dense(3))
    yield chain("zero_padding", (5, 4, 3), layers.ZeroPadding2D(((1, 2), (0, 3))), layers.Conv2D(2, 3))
    yield chain("rescaling", (6, 3), layers.Rescaling(0.4, 0.7), layers.Dense(3))
    yield chain(
        "normalised",
        (6, 3),
        layers.Normalization(mean=[0.2, 0.4, -0.1], variance=[1.2, 0.9, 0.5]),
        layers.Conv1D(4, 3),
        layers.BatchNormalization(),
        layers.GlobalMaxPooling1D(),
    )
    yield "residual", _residual(keras), True
    yield "inception", _inception(keras), True
    yield "squeeze_excite", _squeeze_excite(keras), True
    yield "two_heads", _two_heads(keras), True


def _branches(keras: Any) -> Any:
    """A reshape in the middle that is no alias of the whole chain's end."""
    layers = keras.layers
    input = keras.Input((4, 6, 2), batch_size=1)
    x = layers.Reshape((6, 4, 2))(input)
    x = layers.Conv2D(3, (3, 3), activation="relu")(x)
    x = layers.Reshape((2, 4, 3))(x)
    x = layers.DepthwiseConv2D(2)(x)
    return keras.Model(input, layers.Reshape((3, 3))(x))


def _clipped(keras: Any) -> Any:
    """min(max(x, -1), 1), which the converter fuses as RELU_N1_TO_1."""
    input = keras.Input((8,), batch_size=1)
    x = keras.layers.Dense(6)(input)
    x = keras.ops.maximum(keras.ops.minimum(x, 1.0), -1.0)
    return keras.Model(input, keras.layers.Dense(4)(x))


def _residual(keras: Any) -> Any:
    """Two skip connections, the second over layers that change the number of channels."""
    layers = keras.layers
    input = keras.Input((1, 16, 4), batch_size=1)
    x = layers.Conv2D(4, (1, 3), padding="same", activation="relu")(input)
    x = layers.Conv2D(4, (1, 3), padding="same")(x)
    x = layers.ReLU()(layers.Add()([x, input]))
    y = layers.Conv2D(7, (1, 3), strides=(1, 2), padding="same", activation="relu")(x)
    y = layers.Conv2D(7, (1, 3), padding="same")(y)
    x = layers.Add()([y, layers.Conv2D(7, 1, strides=(1, 2))(x)])
    return keras.Model(input, layers.GlobalAveragePooling2D()(x))


def _inception(keras: Any) -> Any:
    """Four ways side by side, joined along the channels."""
    layers = keras.layers
    input = keras.Input((6, 5, 3), batch_size=1)
    ways = [
        layers.Conv2D(4, 1, activation="relu")(input),
        layers.Conv2D(3, 3, padding="same", activation="relu")(input),
        layers.DepthwiseConv2D(3, padding="same", dilation_rate=2)(input),
        layers.MaxPooling2D(3, 1, "same")(input),
    ]
    return keras.Model(input, layers.Conv2D(5, 2)(layers.Concatenate()(ways)))


def _squeeze_excite(keras: Any) -> Any:
    """A factor for each channel, broadcast over the image."""
    layers = keras.layers
    input = keras.Input((5, 4, 6), batch_size=1)
    x = layers.Conv2D(6, 3, padding="same", activation="relu")(input)
    factor = layers.GlobalAveragePooling2D(keepdims=True)(x)
    factor = layers.Conv2D(6, 1, activation="sigmoid")(layers.Conv2D(2, 1, activation="relu")(factor))
    return keras.Model(input, layers.Conv2D(3, 1)(layers.Multiply()([x, factor])))


def _two_heads(keras: Any) -> Any:
    """Outputs by name: classes and a strength."""
    layers = keras.layers
    input = keras.Input((10, 3), batch_size=1)
    x = layers.Flatten()(layers.Conv1D(4, 3, activation="relu")(input))
    heads = {"gesture": layers.Dense(5, "softmax")(x), "strength": layers.Dense(1, "sigmoid")(x)}
    return keras.Model(input, heads)


def examples(model: Any, seed: int) -> Callable[[], Iterator[list[Any]]]:
    """What fixes the ranges of the activations: random inputs."""
    generator = np.random.default_rng(seed)

    def draw() -> Iterator[list[Any]]:
        for _ in range(40):
            yield [generator.normal(0.3, 1.0, (1, *x.shape[1:])).astype(np.float32) for x in model.inputs]

    return draw


def int8_converter(model: Any, seed: int) -> Any:
    """Full int8 by post-training quantisation over random inputs."""
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = examples(model, seed)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = tf.int8
    converter.inference_output_type = tf.int8
    return converter


def draw_biases(model: Any, seed: int) -> None:
    """Keras starts them at zero, and the converter leaves a bias of zeros out."""
    generator = np.random.default_rng(seed)
    for weight in model.weights:
        if weight.name == "bias":
            weight.assign(generator.normal(0.0, 0.5, weight.shape))


def convert(model: Any, seed: int, per_channel: bool) -> bytes:
    converter = int8_converter(model, seed)
    converter._experimental_disable_per_channel_quantization_for_dense_layers = not per_channel
    data: bytes = converter.convert()
    return data


def with_other_ends(keras: Any, seed: int, end: str) -> bytes:
    """A small network whose input and output the converter leaves as `end`, float32 or uint8."""
    import tensorflow as tf

    layers = keras.layers
    converter = int8_converter(
        keras.Sequential([keras.Input((6,), batch_size=1), layers.Dense(5, "relu"), layers.Dense(4)]), seed
    )
    converter.inference_input_type = converter.inference_output_type = tf.as_dtype(end)
    data: bytes = converter.convert()
    return data


def refused(keras: Any) -> Iterator[tuple[str, Any]]:
    """(name, converter) of models that are not int8, or hold what there is no kernel for."""
    import tensorflow as tf

    layers = keras.layers

    def dense() -> Any:
        return keras.Sequential([keras.Input((6,), batch_size=1), layers.Dense(4)])

    yield "float", tf.lite.TFLiteConverter.from_keras_model(dense())

    hybrid = tf.lite.TFLiteConverter.from_keras_model(
        keras.Sequential([keras.Input((64,), batch_size=1), layers.Dense(64)])
    )
    hybrid.optimizations = [tf.lite.Optimize.DEFAULT]
    yield "hybrid", hybrid

    int16 = int8_converter(dense(), 0)
    int16.target_spec.supported_ops = [
        tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8
    ]
    int16.inference_input_type = int16.inference_output_type = tf.int16
    yield "int16", int16

    dynamic = keras.Sequential([keras.Input((6,)), layers.Dense(4)])
    yield "dynamic_batch", int8_converter(dynamic, 0)

    def chain(shape: tuple[int, ...], *steps: Any) -> Any:
        return int8_converter(keras.Sequential([keras.Input(shape, batch_size=1), *steps]), 0)

    yield (
        "batch_of_two",
        int8_converter(keras.Sequential([keras.Input((6,), batch_size=2), layers.Dense(4)]), 0),
    )
    yield "relu6_alone", chain((4, 6), layers.ReLU(6.0), layers.Reshape((24,)), layers.Dense(3))
    yield "transposed", chain((4, 4, 2), layers.Conv2DTranspose(2, 2))
    yield "mean_of_channels", chain((5, 4, 3), layers.Lambda(lambda x: keras.ops.mean(x, axis=(1, 3))))

    first, second = (keras.Input((6,), batch_size=1) for _ in "ab")
    yield "two_inputs", int8_converter(keras.Model([first, second], layers.Add()([first, second])), 0)


def make(name: str, tflite: bytes, seed: int) -> None:
    """The file, and what TensorFlow Lite Micro answers to random inputs."""
    sys.path.append(str(GOLDEN.parent / "support"))
    from tflm_oracle import tflm_answers

    n_inputs = resolve_network(tflite).input.n_elements
    inputs = np.random.default_rng(seed).integers(-128, 128, (N_VECTORS, n_inputs)).astype(np.int8)
    inputs[0], inputs[1] = -128, 127
    outputs = tflm_answers(tflite, inputs)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.tflite").write_bytes(tflite)
    np.savez_compressed(FOLDER / f"{name}.npz", inputs=inputs, outputs=outputs)


def main() -> None:
    import keras

    wanted = set(sys.argv[1:])
    (GOLDEN / "refused").mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(21)
    for name, converter in refused(keras):
        if not wanted or name in wanted:
            print(name)
            (GOLDEN / "refused" / f"{name}.tflite").write_bytes(converter.convert())
    keras.utils.set_random_seed(20)
    for seed, (name, model, per_channel) in enumerate(
        itertools.chain(networks(keras), further_networks(keras))
    ):
        if not wanted or name in wanted:
            print(name)
            draw_biases(model, seed)
            make(name, convert(model, seed, per_channel), seed)
    for end in ("float32", "uint8"):
        if not wanted or f"{end}_ends" in wanted:
            print(f"{end}_ends")
            make(f"{end}_ends", with_other_ends(keras, 90, end), 90)


if __name__ == "__main__":
    main()
