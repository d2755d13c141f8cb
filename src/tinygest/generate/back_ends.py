"""What computes the network, and which files it consists of: path in the library -> template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from tinygest.generate.render import render

BackEnd = Literal["c", "tflm"]

NETWORK: Mapping[BackEnd, dict[str, str]] = {
    "c": {
        "src/tg_NAME_network.h": "tg_NAME_network.h",
        "src/tg_NAME_network.c": "tg_NAME_network.c",
    },
    "tflm": {
        "src/tg_NAME_network.h": "tg_NAME_network_tflm.h",
        "src/tg_NAME_network.cpp": "tg_NAME_network.cpp",
        "src/tg_NAME_tflite.h": "tg_NAME_tflite.h",
        "src/tg_NAME_tflite.c": "tg_NAME_tflite.c",
    },
}

# The sources of TFLM are not here, so only our own network is built on this computer.
HOST_SELFTEST: Mapping[BackEnd, dict[str, str]] = {
    "c": {"selftest/main.c": "selftest_main.c", "Makefile": "Makefile"},
    "tflm": {},
}


def render_files(templates: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, bytes]:
    """Each template's text by its path, with NAME replaced by the model's name."""
    name = values["name"]
    return {
        path.replace("NAME", name): render(template, values).encode()
        for path, template in templates.items()
    }
