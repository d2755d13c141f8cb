"""The back end `tflm`: which operators to link, and how large an arena, asked of TFLM itself."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from tinygest.core.errors import GenerateError
from tinygest.generate.layer import Array, Layer
from tinygest.generate.network import Network
from tinygest.generate.tflite_model import TfliteModel, read_tflite

TIMEOUT_S = 60.0

# How TFLM registers each operator; the second is the kernel that is linked, without its other types.
REGISTRATIONS = {
    "ADD": ("AddAdd", ""),
    "AVERAGE_POOL_2D": ("AddAveragePool2D", "tflite::Register_AVERAGE_POOL_2D_INT8()"),
    "CONCATENATION": ("AddConcatenation", ""),
    "CONV_2D": ("AddConv2D", "tflite::Register_CONV_2D_INT8()"),
    "DEPTHWISE_CONV_2D": ("AddDepthwiseConv2D", "tflite::Register_DEPTHWISE_CONV_2D_INT8()"),
    "EXPAND_DIMS": ("AddExpandDims", ""),
    "FULLY_CONNECTED": ("AddFullyConnected", "tflite::Register_FULLY_CONNECTED_INT8()"),
    "HARD_SWISH": ("AddHardSwish", ""),
    "LEAKY_RELU": ("AddLeakyRelu", ""),
    "LOGISTIC": ("AddLogistic", ""),
    "MAX_POOL_2D": ("AddMaxPool2D", "tflite::Register_MAX_POOL_2D_INT8()"),
    "MEAN": ("AddMean", ""),
    "MUL": ("AddMul", ""),
    "PAD": ("AddPad", ""),
    "PADV2": ("AddPadV2", ""),
    "QUANTIZE": ("AddQuantize", ""),
    "REDUCE_MAX": ("AddReduceMax", ""),
    "RELU": ("AddRelu", ""),
    "RELU6": ("AddRelu6", ""),
    "RESHAPE": ("AddReshape", ""),
    "SOFTMAX": ("AddSoftmax", "tflite::Register_SOFTMAX_INT8()"),
    "SQUEEZE": ("AddSqueeze", ""),
    "SUB": ("AddSub", ""),
    "TANH": ("AddTanh", ""),
}
WITHOUT_KERNEL = ("RELU_0_TO_1", "RELU_N1_TO_1")
HEADERS = {
    "AVERAGE_POOL_2D": "pooling.h",
    "CONV_2D": "conv.h",
    "DEPTHWISE_CONV_2D": "depthwise_conv.h",
    "FULLY_CONNECTED": "fully_connected.h",
    "MAX_POOL_2D": "pooling.h",
    "SOFTMAX": "softmax.h",
}

# Interpreter and resolver lie at the start of the arena: 500 bytes on 32 bits, 910 on 64 at the versions
# in docs/networks.md. The C++ file asserts that they fit.
SESSION_WORDS = 128
ALIGNMENT_BYTES = 16  # TFLM aligns its arena to 16

_MEASURE = """
import sys
from tflite_micro import runtime
import numpy as np
interpreter = runtime.Interpreter.from_bytes(sys.stdin.buffer.read(), arena_size=1 << 24)
details = interpreter.get_input_details(0)
interpreter.set_input(np.zeros(details["shape"], details["dtype"]), 0)
interpreter.invoke()
interpreter.print_allocations()
"""


@dataclass(frozen=True)
class TflmArena:
    """measured: bytes that TFLM needed on this machine, whose pointers are larger than the device's.

    scratch: bytes that CMSIS-NN's kernels want on top, which TFLM's own kernels here do not.
    """

    measured: int
    scratch: int

    @property
    def tensor_arena_bytes(self) -> int:
        """What the interpreter is given: measured, scratch, and a tenth of the measured in reserve."""
        wanted = self.measured + self.measured // 10 + self.scratch + ALIGNMENT_BYTES
        return -(-wanted // 16) * 16


def operator_names(tflite: bytes) -> tuple[str, ...]:
    """Each operator of the network once, sorted."""
    return tuple(sorted({operator.name for operator in read_tflite(tflite).operators}))


def measure_arena(tflite: bytes, network: Network) -> TflmArena:
    """Run one inference in TFLM, in a process of its own; raises GenerateError if that is impossible."""
    if find_spec("tflite_micro") is None:
        raise GenerateError(
            "the back end tflm measures its arena with the package tflite-micro, which is not installed; "
            "run `pip install 'tinygest[tflm]'` on Linux x86-64, or use --back-end c"
        )
    command = [sys.executable, "-c", _MEASURE]
    try:
        done = subprocess.run(command, input=tflite, capture_output=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        raise GenerateError(f"TFLM did not run the model within {TIMEOUT_S:g} s") from None
    printed = (done.stderr + done.stdout).decode("utf-8", "replace")
    found = re.search(r"Arena allocation total (\d+) bytes", printed)
    if done.returncode != 0 or found is None:
        lines = [line.strip() for line in printed.splitlines() if line.strip()]
        raise GenerateError(f"TFLM does not run this model: {lines[-1] if lines else 'it said nothing'}")
    scratch = max((_cmsis_scratch(step.layer.general or step.layer) for step in network.steps), default=0)
    return TflmArena(int(found[1]), scratch)


def _cmsis_scratch(layer: Layer) -> int:
    """Bytes of scratch memory that CMSIS-NN's kernel asks for on a Cortex-M4; TFLM shares it in a network.

    CONV_2D: two columns of input as int16; DEPTHWISE_CONV_2D: a filter as int16; pooling: int32 sums.
    """
    sizes = {array.name: array.values.shape for array in layer.arrays() if isinstance(array, Array)}
    if layer.kernel == "tg_conv_2d":
        return 4 * math.prod(sizes["weights"][1:])
    if layer.kernel == "tg_depthwise_conv_2d":
        return 2 * math.prod(sizes["weights"])
    n_channels = layer.fields.get("n_channels")
    return 4 * n_channels if isinstance(n_channels, int) else 0


def tflm_values(tflite: bytes, network: Network) -> dict[str, Any]:
    """What the templates of this back end print, beside the values of the network."""
    names = operator_names(tflite)
    _require_takes(read_tflite(tflite))
    arena = measure_arena(tflite, network)
    return {
        "tflite": np.frombuffer(tflite, np.uint8),
        "operators": [REGISTRATIONS[name] for name in names],
        "kernel_headers": sorted({HEADERS[name] for name in names if name in HEADERS}),
        "session_words": SESSION_WORDS,
        "tflm_measured": arena.measured,
        "tflm_scratch": arena.scratch,
        "tensor_arena_bytes": arena.tensor_arena_bytes,
        "arena_bytes": 4 * SESSION_WORDS + arena.tensor_arena_bytes,
        "needs_per_channel_dense": _has_per_channel_dense(network),
    }


def _require_takes(model: TfliteModel) -> None:
    """Raise GenerateError for what our own back end takes and TFLM, or its call, does not."""
    missing = sorted({operator.name for operator in model.operators} & set(WITHOUT_KERNEL))
    if missing:
        raise GenerateError(f"TFLM has no kernel for {', '.join(missing)}; use --back-end c")
    for index in (model.input, *model.outputs):
        if model.tensors[index].dtype != "int8":
            raise GenerateError(
                f"the back end tflm passes int8 on, and this model begins or ends with "
                f"{model.tensors[index].dtype}; convert it with int8 input and output, or use --back-end c"
            )


def _has_per_channel_dense(network: Network) -> bool:
    """FULLY_CONNECTED with a scale per output, which TFLM before 2024-09-27 refuses or computes wrongly."""
    layers = [step.layer.general or step.layer for step in network.steps]
    dense = [layer for layer in layers if layer.kernel == "tg_fully_connected"]
    return any(
        isinstance(array, Array) and array.name == "shifts" and array.values.size > 1
        for layer in dense
        for array in layer.arrays()
    )
