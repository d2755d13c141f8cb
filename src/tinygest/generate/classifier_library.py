"""From a model contract and its .tflite to a C library: samples in, events out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tinygest.core.canonical import pretty_json
from tinygest.core.contract import ModelContract
from tinygest.core.errors import ContractError
from tinygest.core.names import check_distinct_macros
from tinygest.generate.class_map import class_map
from tinygest.generate.classifier_c import classifier_values
from tinygest.generate.kernel_stacks import push_stack
from tinygest.generate.layout import (
    BESIDE_MODEL,
    CLASS_MAP,
    CONTRACT,
    HOST_SELFTEST,
    METADATA,
    MODEL,
    MODEL_SELFTEST,
    MODELS,
    NETWORK,
    BackEnd,
    render_files,
)
from tinygest.generate.library import Library, write_library
from tinygest.generate.network import Network, resolve_network
from tinygest.generate.network_c import network_values
from tinygest.generate.render import c_rows
from tinygest.generate.runtime import check_model_name, runtime_version
from tinygest.generate.tflm import tflm_values
from tinygest.generate.vectors import StreamVectors
from tinygest.signalpath.input_plan import plan_input


def generate_library(
    contract: ModelContract,
    tflite: bytes,
    out: Path,
    back_end: BackEnd = "c",
    *,
    vectors: StreamVectors | None = None,
    zip: bool = False,
) -> Library:
    """Write OUT/tg_NAME and OUT/tinygest for a trained model.

    vectors: what the self-test of the library checks; without them there is none. Raises ContractError
    when contract and .tflite do not belong together or the name cannot be used, GenerateError and
    UnsupportedOperatorError when the network cannot become C; then nothing is written.
    """
    values = model_values(contract, tflite, back_end)
    files = model_sources(values) | models_sources([values]) | _library_files(contract, values, vectors)
    return write_library(contract.name, files, out, values["arena_bytes"], zip=zip)


def model_values(contract: ModelContract, tflite: bytes, back_end: BackEnd) -> dict[str, Any]:
    """Everything that the templates print of one model; raises as generate_library."""
    contract.check()
    check_model_name(contract.name)
    network = resolve_network(tflite)
    _require_match(contract, network)
    values = {
        **network_values(network, contract.name),
        **classifier_values(contract, tflite),
        "runtime_version": runtime_version(),
        "back_end": back_end,
        "push_stack_bytes": push_stack(network.stack_bytes),
        # Only our own network keeps nothing in its arena between calls.
        "arena_is_shared": back_end == "c",
        "scratch_offset": _round_up(network.input_offset + network.input.n_elements, 8),
    }
    return values | tflm_values(tflite, network) if back_end == "tflm" else values


def model_sources(values: dict[str, Any]) -> dict[str, bytes]:
    """The C and C++ of one model."""
    back_end: BackEnd = values["back_end"]
    return render_files(MODEL | NETWORK[back_end], values)


def models_sources(models: Sequence[dict[str, Any]]) -> dict[str, bytes]:
    """tg_models.h and .c: the models of one image, in this order, under stable names.

    models: what model_values gave for each. Raises ContractError if two names become one.
    """
    names = [model["name"] for model in models]
    check_distinct_macros(tuple(names))
    return render_files(MODELS, {"name": "", "models": models})


def _library_files(
    contract: ModelContract, values: dict[str, Any], vectors: StreamVectors | None
) -> dict[str, bytes]:
    """What stands around the sources of a library of one model."""
    templates = BESIDE_MODEL | METADATA
    if vectors is not None:
        values = values | _vector_values(contract, vectors)
        back_end: BackEnd = values["back_end"]
        templates |= MODEL_SELFTEST | HOST_SELFTEST[back_end]
    files = render_files(templates, values | {"has_selftest": vectors is not None})
    files[CONTRACT] = pretty_json(contract)
    files[CLASS_MAP] = class_map(contract, values["model_id"], values["back_end"])
    return files


def _require_match(contract: ModelContract, network: Network) -> None:
    """The contract says of input and output what the .tflite says."""
    told = contract.quantisation
    pairs = [
        ("input scale", np.float32(told.input_scale), np.float32(network.input.scale)),
        ("input zero point", told.input_zero_point, network.input.zero_point),
        ("output scale", np.float32(told.output_scale), np.float32(network.output.scale)),
        ("output zero point", told.output_zero_point, network.output.zero_point),
        ("number of inputs", plan_input(contract).n_inputs, network.input.n_elements),
        ("number of outputs", 1, len(network.outputs)),
        ("number of classes", len(contract.classes), network.output.n_elements),
    ]
    for what, wanted, found in pairs:
        if wanted != found:
            raise ContractError(
                f"contract and .tflite of model {contract.name} do not belong together: {what} is {wanted} "
                f"in the one and {found} in the other"
            )


def _vector_values(contract: ModelContract, vectors: StreamVectors) -> dict[str, Any]:
    vectors.check(len(contract.sensor.channels), len(contract.classes))
    return {
        "n_samples": len(vectors.samples),
        "samples": c_rows(vectors.samples),
        "events": vectors.events,
        "logits": [", ".join(map(str, row)) for row in vectors.logits.tolist()],
    }


def _round_up(size: int, alignment: int) -> int:
    return -(-size // alignment) * alignment
