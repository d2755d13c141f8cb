"""From a bare int8 .tflite to a C library with one function."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tinygest.generate.layout import (
    BARE,
    BARE_SELFTEST,
    HOST_SELFTEST,
    METADATA,
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
from tinygest.generate.vectors import NetworkVectors


def generate_network(
    tflite: bytes,
    name: str,
    out: Path,
    back_end: BackEnd = "c",
    *,
    vectors: NetworkVectors | None = None,
    zip: bool = False,
) -> Library:
    """Write OUT/tg_NAME and OUT/tinygest for a .tflite that is int8 from input to output.

    vectors: what the self-test of the library checks; without them there is none. Raises
    GenerateError, UnsupportedOperatorError, and ContractError for a name that cannot be used; then
    nothing is written.
    """
    check_model_name(name)
    network = resolve_network(tflite)
    values = {
        **network_values(network, name),
        "runtime_version": runtime_version(),
        "back_end": back_end,
        "has_selftest": vectors is not None,
    }
    if back_end == "tflm":
        values |= tflm_values(tflite, network)
    templates = BARE | METADATA | NETWORK[back_end]
    if vectors is not None:
        values |= _vector_values(network, vectors)
        templates |= BARE_SELFTEST | HOST_SELFTEST[back_end]
    return write_library(name, render_files(templates, values), out, values["arena_bytes"], zip=zip)


def _vector_values(network: Network, vectors: NetworkVectors) -> dict[str, Any]:
    vectors.check(network.input.n_elements, network.n_outputs)
    return {
        "n_vectors": len(vectors.inputs),
        "vector_inputs": [c_rows(row) for row in vectors.inputs],
        "vector_outputs": [c_rows(row) for row in vectors.outputs],
    }
