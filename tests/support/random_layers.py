"""Single layers of random networks: every operator that can become C, in every form.

Scales are chosen so that values use the range of int8 and some are clipped; zero points, shapes, strides,
padding and activations are anything that the format allows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from tflite_builder import Graph

MAX_VALUES = 2048
SAME, VALID = 0, 1
UNARY = ("LOGISTIC", "TANH", "RELU", "RELU6", "LEAKY_RELU", "HARD_SWISH", "QUANTIZE")


@dataclass(frozen=True)
class Sweep:
    """How a kernel moves over height and width."""

    kernel: tuple[int, int]
    dilation: tuple[int, int] = (1, 1)
    strides: tuple[int, int] = (1, 1)
    padding: int = SAME

    def shape(self, image: tuple[int, ...], channels: int) -> tuple[int, ...]:
        """Of what comes out."""
        sizes = [
            -(-(n if self.padding == SAME else n - (k - 1) * d) // s)
            for n, k, d, s in zip(image[1:3], self.kernel, self.dilation, self.strides, strict=True)
        ]
        return (1, *sizes, channels)

    def options(self) -> dict[str, int]:
        return {"Padding": self.padding, "StrideH": self.strides[0], "StrideW": self.strides[1]}

    def dilations(self) -> dict[str, int]:
        return {"DilationHFactor": self.dilation[0], "DilationWFactor": self.dilation[1]}


class Layers:
    """Adds random layers to a graph; `rms` is about how large an activation's real values are."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng([20, seed])
        self.graph = Graph()
        self.rms: dict[int, float] = {}

    def convolution(self, x: int, *, keeps_shape: bool = False) -> int:
        channels = self.shape(x)[3]
        outputs = channels if keeps_shape else self.size(1, 17)
        groups = math.gcd(channels, outputs) if self.chance(0.15) else 1
        sweep = self.sweep(x, keeps_shape=keeps_shape)
        weights = self.weights((outputs, *sweep.kernel, channels // groups))
        target = sweep.shape(self.shape(x), outputs)
        n_scales = 1 if self.chance(0.2) else outputs
        inputs, output = self.weighted(x, weights, target, axis=0, n_scales=n_scales)
        return self.add("CONV_2D", inputs, output, "Conv2D", sweep.options() | sweep.dilations())

    def depthwise(self, x: int, *, keeps_shape: bool = False) -> int:
        multiplier = 1 if keeps_shape else self.pick(1, 1, 1, 2, 3)
        outputs = self.shape(x)[3] * multiplier
        sweep = self.sweep(x, keeps_shape=keeps_shape, equal_strides=True)
        weights = self.weights((1, *sweep.kernel, outputs))
        target = sweep.shape(self.shape(x), outputs)
        n_scales = 1 if self.chance(0.2) else outputs
        inputs, output = self.weighted(x, weights, target, axis=3, n_scales=n_scales)
        options = sweep.options() | sweep.dilations() | {"DepthMultiplier": multiplier}
        return self.add("DEPTHWISE_CONV_2D", inputs, output, "DepthwiseConv2D", options)

    def dense(self, x: int) -> int:
        shape = self.shape(x)
        keeps = len(shape) > 1 and self.chance(0.2)
        n_inputs = shape[-1] if keeps else math.prod(shape)
        rows = math.prod(shape) // n_inputs
        outputs = self.size(1, 20) if rows * 20 <= MAX_VALUES else 1
        target = (*shape[:-1], outputs) if keeps else (1, outputs)
        n_scales = 1 if self.chance(0.5) else outputs
        weights = self.weights((outputs, n_inputs))
        inputs, output = self.weighted(x, weights, target, axis=0, n_scales=n_scales)
        return self.add("FULLY_CONNECTED", inputs, output, "FullyConnected", {"KeepNumDims": keeps})

    def weighted(
        self, x: int, weights: np.ndarray, target: tuple[int, ...], *, axis: int, n_scales: int
    ) -> tuple[tuple[int, ...], int]:
        """(inputs, output) of a layer of weights, with scales such that its values are of order 1."""
        n_outputs = weights.shape[axis]
        fan_in = weights.size / n_outputs
        wanted = self.random.uniform(0.3, 4.0)
        middle = wanted / (self.rms[x] * 73 * math.sqrt(fan_in))
        scales = (middle * self.random.uniform(0.5, 1.5, n_scales)).astype(np.float32)
        bias = self.random.normal(0, 0.7 * wanted / (self.graph.scale(x) * middle), n_outputs)
        inputs = [x, self.graph.constant(weights, tuple(map(float, scales)), axis=axis)]
        if self.chance(0.85):
            bias_scales = tuple(self.graph.scale(x) * float(scale) for scale in scales)
            values = np.round(bias).clip(-(2**27), 2**27).astype(np.int32)
            inputs.append(self.graph.constant(values, bias_scales))
        return tuple(inputs), self.activation(target, 1.2 * wanted)

    def pool(self, x: int) -> int:
        height, width = self.shape(x)[1:3]
        sweep = Sweep(
            kernel=(self.size(1, min(3, height)), self.size(1, min(6, width))),
            strides=(self.size(1, 2), self.size(1, 4)),
            padding=self.pick(SAME, VALID),
        )
        output = self.like(x, sweep.shape(self.shape(x), self.shape(x)[3]))
        options = sweep.options() | {"FilterHeight": sweep.kernel[0], "FilterWidth": sweep.kernel[1]}
        return self.add(self.pick("MAX_POOL_2D", "AVERAGE_POOL_2D"), (x,), output, "Pool2D", options)

    def reduction(self, x: int) -> int:
        shape = self.shape(x)
        axes = {
            4: self.pick((1, 2), (2,), (1,), (2, 1), (-1,), (1, 2, 3)),
            3: self.pick((1,), (2,)),
        }.get(len(shape), (len(shape) - 1,))
        chosen = {axis % len(shape) for axis in axes}
        keeps = self.chance(0.5)
        kept = tuple(1 if i in chosen else n for i, n in enumerate(shape))
        dropped = tuple(n for i, n in enumerate(shape) if i not in chosen)
        target = kept if keeps else dropped
        inputs = (x, self.graph.constant(np.array(axes, np.int32)))
        if self.chance(0.3):
            return self.graph.add("REDUCE_MAX", inputs, self.like(x, target), "Reducer", KeepDims=keeps)
        output = self.activation(target, self.rms[x])
        return self.graph.add("MEAN", inputs, output, "Reducer", KeepDims=keeps)

    def softmax(self, x: int) -> int:
        return self.graph.add("SOFTMAX", (x,), self.share(self.shape(x)), "Softmax", Beta=1.0)

    def unary(self, x: int) -> int:
        name, shape = self.pick(*UNARY), self.shape(x)
        match name:
            case "LOGISTIC":
                return self.graph.add(name, (x,), self.share(shape))
            case "TANH":
                output = self.graph.activation(shape, 1 / 128, 0)
                self.rms[output] = 0.5
                return self.graph.add(name, (x,), output)
            case "RELU6":
                return self.graph.add(name, (x,), self.like(x, shape))
            case "LEAKY_RELU":
                slope = self.pick(0.01, 0.1, 0.3, 1.25, -0.2)
                output = self.activation(shape, self.rms[x])
                return self.graph.add(name, (x,), output, "LeakyRelu", Alpha=slope)
        return self.graph.add(name, (x,), self.activation(shape, self.rms[x]))

    def constant_operand(self, x: int) -> int:
        """ADD, SUB or MUL with a constant: one number, one for each channel, or one for each value."""
        shape = self.shape(x)
        ones = (1,) * (len(shape) - 1)
        values = self.weights(self.pick((), shape[-1:], (*ones, shape[-1]), shape))
        constant = self.graph.constant(values, (self.rms[x] / 73,), self.size(-128, 127))
        self.rms[constant] = self.rms[x] * 1.5
        pair = (x, constant) if self.chance(0.7) else (constant, x)
        return self.combine(self.pick("ADD", "SUB", "MUL"), *pair)

    def gate(self, x: int) -> int:
        """Squeeze and excite: a factor for each channel."""
        channels = (1, 1, 1, self.shape(x)[3])
        mean = self.activation(channels, self.rms[x])
        axes = self.graph.constant(np.array([1, 2], np.int32))
        self.graph.add("MEAN", (x, axes), mean, "Reducer", KeepDims=True)
        factor = self.graph.add("LOGISTIC", (mean,), self.share(channels))
        return self.combine("MUL", *((x, factor) if self.chance(0.7) else (factor, x)))

    def combine(self, name: str, a: int, b: int) -> int:
        rms = self.rms[a] * self.rms[b] if name == "MUL" else math.hypot(self.rms[a], self.rms[b])
        shape = tuple(np.broadcast_shapes(self.shape(a), self.shape(b)))
        return self.add(name, (a, b), self.activation(shape, rms), name.title(), {})

    def concatenate(self, parts: list[int]) -> int:
        """Along any axis but the first; parts come to one scale by QUANTIZE, as converters do it."""
        rank = len(self.shape(parts[0]))
        axis = self.size(min(1, rank - 1), rank - 1)
        parts = [self.rescaled(part, parts[0]) for part in parts]
        shape = list(self.shape(parts[0]))
        shape[axis] = sum(self.shape(part)[axis] for part in parts)
        output = self.like(parts[0], tuple(shape))
        told = axis if self.chance(0.5) else axis - rank
        return self.graph.add("CONCATENATION", tuple(parts), output, "Concatenation", Axis=told)

    def rescaled(self, x: int, model: int) -> int:
        """x with the scale of another activation."""
        found, wanted = self.graph.tensors[x], self.graph.tensors[model]
        if (found.scales, found.zero_point) == (wanted.scales, wanted.zero_point):
            return x
        return self.graph.add("QUANTIZE", (x,), self.like(model, self.shape(x)))

    def pad(self, x: int) -> int:
        paddings = np.zeros((4, 2), np.int32)
        paddings[1:] = self.random.integers(0, 3, (3, 2))
        paddings[3] *= self.size(0, 1)
        shape = tuple(int(n + sum(p)) for n, p in zip(self.shape(x), paddings, strict=True))
        inputs, output = [x, self.graph.constant(paddings)], self.like(x, shape)
        if self.chance(0.7):
            return self.graph.add("PAD", tuple(inputs), output, "Pad")
        tensor = self.graph.tensors[x]
        inputs.append(self.graph.constant(np.array([17], np.int8), tensor.scales, tensor.zero_point))
        return self.graph.add("PADV2", tuple(inputs), output)

    def reshape(self, x: int) -> int:
        shape = self.shape(x)
        if len(shape) < 4:
            return self.reshaped(x, (1, 1, math.prod(shape[:-1]), shape[-1]))
        _, height, width, channels = shape
        row = (1, height * width, channels)
        return self.reshaped(x, self.pick((1, width, height, channels), row, (1, math.prod(row))))

    def reshaped(self, x: int, shape: tuple[int, ...]) -> int:
        inputs = (x, self.graph.constant(np.array(shape, np.int32)))
        return self.graph.add("RESHAPE", inputs, self.like(x, shape), "Reshape", NewShape=shape)

    def sweep(self, x: int, *, keeps_shape: bool, equal_strides: bool = False) -> Sweep:
        padding = SAME if keeps_shape or self.chance(0.5) else VALID
        kernel, dilation = [], []
        for n in self.shape(x)[1:3]:
            size, apart = self.pick(1, 1, 2, 3, 3, 4, 5, 7), self.pick(1, 1, 1, 1, 2, 3)
            size = min(size, n) if padding == VALID else size
            kernel.append(size)
            dilation.append(apart if padding == SAME or (size - 1) * apart < n else 1)
        strides = (1, 1) if keeps_shape else (self.pick(1, 1, 2, 3), self.pick(1, 1, 2, 3, 5))
        if equal_strides:  # TensorFlow's own limit
            strides = (strides[1], strides[1])
        return Sweep((kernel[0], kernel[1]), (dilation[0], dilation[1]), strides, padding)

    def add(
        self,
        name: str,
        inputs: tuple[int, ...],
        output: int,
        kind: str,
        options: dict[str, int] | None = None,
    ) -> int:
        """An operator with a fused activation, drawn such that its range is not empty."""
        scale, zero_point = self.graph.scale(output), self.graph.tensors[output].zero_point
        number = self.pick(0, 0, 1, 1, 2, 3)
        low, high = {0: (0, 0), 1: (0, 0), 2: (-1, 1), 3: (0, 6)}[number]
        fits = zero_point + low / scale < 126 and zero_point + high / scale > -127
        fused = {"FusedActivationFunction": number if fits else 0}
        return self.graph.add(name, inputs, output, kind, **fused | options)

    def activation(self, shape: tuple[int, ...], rms: float) -> int:
        zero_point = self.pick(-128, 0, self.size(-128, 127))
        scale = rms * self.random.uniform(1.2, 4.0) / (127 + abs(zero_point) * 0.7)
        tensor = self.graph.activation(shape, float(np.float32(scale)), zero_point)
        self.rms[tensor] = rms
        return tensor

    def share(self, shape: tuple[int, ...]) -> int:
        """Values from 0 to 1, as SOFTMAX and LOGISTIC must give them."""
        tensor = self.graph.activation(shape, 1 / 256, -128)
        self.rms[tensor] = 0.5
        return tensor

    def like(self, x: int, shape: tuple[int, ...]) -> int:
        tensor = self.graph.activation(shape, self.graph.scale(x), self.graph.tensors[x].zero_point)
        self.rms[tensor] = self.rms[x]
        return tensor

    def weights(self, shape: tuple[int, ...]) -> np.ndarray:
        return self.random.integers(-127, 128, shape).astype(np.int8)

    def shape(self, x: int) -> tuple[int, ...]:
        return self.graph.shape(x)

    def pick(self, *choices):
        return choices[int(self.random.integers(len(choices)))]

    def size(self, low: int, high: int) -> int:
        """low to high, both included."""
        return int(self.random.integers(low, high + 1))

    def chance(self, p: float) -> bool:
        return bool(self.random.random() < p)
