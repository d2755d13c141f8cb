"""Which files a model's library consists of: path in OUT/tg_NAME -> template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from tinygest.generate.render import render

BackEnd = Literal["c", "tflm"]
Templates = dict[str, str]

NETWORK: Mapping[BackEnd, Templates] = {
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
BARE: Templates = {"src/tg_NAME.h": "tg_NAME_bare.h", "README.md": "README_network.md"}
MODEL: Templates = {"src/tg_NAME.h": "tg_NAME.h", "src/tg_NAME.c": "tg_NAME.c"}
MODELS: Templates = {"src/tg_models.h": "tg_models.h", "src/tg_models.c": "tg_models.c"}
BESIDE_MODEL: Templates = {
    "README.md": "README.md",
    "examples/tg_NAME_events/tg_NAME_events.ino": "tg_NAME_events.ino",
}
METADATA: Templates = {"library.json": "library.json", "library.properties": "library.properties"}

_SELFTEST: Templates = {
    "src/tg_NAME_selftest.h": "tg_NAME_selftest.h",
    "examples/tg_NAME_selftest/tg_NAME_selftest.ino": "tg_NAME_selftest.ino",
}
BARE_SELFTEST = _SELFTEST | {"src/tg_NAME_selftest.c": "tg_NAME_network_selftest.c"}
MODEL_SELFTEST = _SELFTEST | {"src/tg_NAME_selftest.c": "tg_NAME_selftest.c"}

# The sources of TFLM are not here, so only our own network is built on this computer.
HOST_SELFTEST: Mapping[BackEnd, Templates] = {
    "c": {"selftest/main.c": "selftest_main.c", "Makefile": "Makefile"},
    "tflm": {},
}

CONTRACT, CLASS_MAP = "contract.json", "model.json"

_EVERY = (
    *(NETWORK["c"] | NETWORK["tflm"] | BARE | MODEL | MODELS | BESIDE_MODEL | METADATA),
    *(MODEL_SELFTEST | HOST_SELFTEST["c"]),
    CONTRACT,
    CLASS_MAP,
)


def render_files(templates: Templates, values: Mapping[str, Any]) -> dict[str, bytes]:
    """Each template's text by its path, with NAME replaced by the model's name."""
    texts = {path.replace("NAME", values["name"]): render(name, values) for path, name in templates.items()}
    return {path: text.encode() for path, text in texts.items()}


def every_path(name: str) -> list[str]:
    """All paths that any generation of this model can have written."""
    return [path.replace("NAME", name) for path in _EVERY]
