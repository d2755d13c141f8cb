"""Other generators of C for neural networks, from PyPI, in an environment of their own.

What else there is does not install from a package registry: see docs/benchmarks.md for its figures.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tinygest.core.errors import GenerateError
from tinygest.generate.layer import Layer
from tinygest.generate.network import Network, Step, resolve_network

SCRIPTS = Path(__file__).resolve().parent / "rivals"
PINNED = ("emlearn==0.23.2", "emx-onnx-cgen==1.4.0", "onnx==1.23.2")


@dataclass(frozen=True)
class Rival:
    """C of another generator behind `rival_invoke`, which the harness calls."""

    name: str
    sources: tuple[Path, ...]
    include_dirs: tuple[Path, ...]
    channels_first: bool


def install(folder: Path) -> Path:
    """Python of an environment with the pinned packages, made once."""
    python = folder / "bin" / "python"
    done = folder / "installed.txt"
    if not done.is_file() or done.read_text() != "\n".join(PINNED):
        venv.create(folder, with_pip=True, clear=True)
        _run(python, "-m", "pip", "install", "--quiet", *PINNED)
        done.write_text("\n".join(PINNED))
    return python


def rivals(tflite: bytes, python: Path, folder: Path) -> list[Rival]:
    """Each rival that takes this model. folder: its C is written there."""
    folder.mkdir(parents=True, exist_ok=True)
    network = resolve_network(tflite)
    layers = folder / "layers.npz"
    np.savez(layers, **_layers(network))
    found = [_emx(network, python, layers, folder / "emx")]
    if all(_general(step).kernel in ("tg_fully_connected", "tg_softmax") for step in network.steps):
        found.append(_emlearn(network, python, layers, folder / "emlearn"))
    return found


def _emx(network: Network, python: Path, layers: Path, folder: Path) -> Rival:
    folder.mkdir(exist_ok=True)
    onnx, source = folder / "network.onnx", folder / "network.c"
    _run(python, SCRIPTS / "to_onnx.py", layers, onnx)
    on_stack = ("--large-temp-threshold", "0")  # no heap
    _run(python, "-m", "emx_onnx_cgen", "compile", *on_stack, "--model-name", "rival", onnx, source)
    declaration = "void rival(const int8_t *input, int8_t *output);"
    header = _header(network, declaration, "    (void)arena;\n    rival(input, output);")
    (folder / "rival.h").write_text(header)
    return Rival("emx-onnx-cgen 1.4.0 (int8, scaled in float)", (source,), (folder,), channels_first=True)


def _emlearn(network: Network, python: Path, layers: Path, folder: Path) -> Rival:
    folder.mkdir(exist_ok=True)
    _run(python, SCRIPTS / "to_emlearn.py", layers, folder / "network.h")
    where = "import emlearn, pathlib; print(pathlib.Path(emlearn.__file__).parent)"
    package = Path(_run(python, "-c", where).strip())
    input, output = network.input, network.output
    (folder / "network.c").write_text(f"""#include "network.h"
#include "rival.h"
tg_status_t rival_invoke(const int8_t *input, int8_t *output, void *arena) {{
    float x[{input.n_elements}], y[{output.n_elements}];
    (void)arena;
    for (int i = 0; i < {input.n_elements}; ++i)
        x[i] = (float)(input[i] - ({input.zero_point})) * {input.scale!r}f;
    eml_net_predict_proba(&rival, x, {input.n_elements}, y, {output.n_elements});
    for (int i = 0; i < {output.n_elements}; ++i)
        output[i] = (int8_t)((int)(y[i] * 255.0f) - 128);
    return TG_OK;
}}
""")
    (folder / "rival.h").write_text(_header(network, "", None))
    return Rival("emlearn 0.23.2 (float)", (folder / "network.c",), (folder, package), channels_first=False)


def _header(network: Network, declaration: str, body: str | None) -> str:
    function = "tg_status_t rival_invoke(const int8_t *input, int8_t *output, void *arena)"
    defined = f"static inline {function} {{\n{body}\n    return TG_OK;\n}}" if body else f"{function};"
    sizes = f"#define TG_RIVAL_N_INPUTS {network.input.n_elements}\n"
    sizes += f"#define TG_RIVAL_N_OUTPUTS {network.output.n_elements}\n#define TG_RIVAL_ARENA_BYTES 0\n"
    return f'#include "tg_types.h"\n{sizes}{declaration}\n{defined}\n'


def _general(step: Step) -> Layer:
    return step.layer.general or step.layer


def _layers(network: Network) -> dict[str, Any]:
    """The network as arrays: see rivals/to_onnx.py."""
    ends = {"input_shape": _channels_first(network.input.shape), "output_shape": network.output.shape}
    arrays = {f"-1.{name}": np.array(shape) for name, shape in ends.items()}
    for i, step in enumerate(network.steps):
        arrays.update({f"{i}.{name}": value for name, value in _layer(step).items()})
    return arrays


def _layer(step: Step) -> dict[str, Any]:
    layer, input, output = _general(step), step.inputs[0], step.output
    kind = layer.title.split(",")[0].split()[0]
    if kind not in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "MEAN", "SOFTMAX"):
        raise GenerateError(f"the benchmark does not know {kind} in ONNX")
    shape = (1, output.shape[-1], 1, 1) if kind == "MEAN" else _channels_first(output.shape)
    ends = {"input": (input.scale, input.zero_point), "output": (output.scale, output.zero_point)}
    values: dict[str, Any] = {"kind": kind, "shape": shape, **ends}
    fields: Any = layer.fields
    if "weights" in fields:
        values |= _constants(kind, fields, input.scale / output.scale, input.zero_point)
        values["is_relu"] = "RELU" in layer.title
    if "weights" in fields and "sweep" in fields:
        values |= _geometry(fields["sweep"])
    return {name: np.array(value) for name, value in values.items()}


def _channels_first(shape: tuple[int, ...]) -> tuple[int, ...]:
    return (shape[0], shape[3], shape[1], shape[2]) if len(shape) == 4 else shape


def _constants(kind: str, fields: Any, ratio: float, zero_point: int) -> dict[str, Any]:
    """ratio: scale of the input over scale of the output."""
    weights, bias = fields["weights"].values, fields["bias"].values
    factors = fields["requantise"]["multipliers"].values / 2.0**31
    factors = factors * 2.0 ** fields["requantise"]["shifts"].values
    if kind == "FULLY_CONNECTED":
        bias = bias + zero_point * weights.sum(axis=1)  # ONNX takes the zero point itself
    elif kind == "DEPTHWISE_CONV_2D":
        weights = np.moveaxis(weights, 3, 0).transpose(0, 2, 3, 1)
    return {"weights": weights.astype(np.int8), "bias": bias, "scales": factors / ratio}


def _geometry(sweep: Any) -> dict[str, Any]:
    before = {"height": sweep["pad_top"], "width": sweep["pad_left"]}
    after = {
        axis: (sweep[f"output_{axis}"] - 1) * sweep[f"stride_{axis}"]
        + sweep[f"kernel_{axis}"] - sweep[f"input_{axis}"] - before[axis]
        for axis in before
    }  # fmt: skip
    pads = (*before.values(), *(max(0, n) for n in after.values()))
    return {"strides": (sweep["stride_height"], sweep["stride_width"]), "pads": pads}


def _run(*command: str | Path) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stderr or done.stdout}")
    return done.stdout
