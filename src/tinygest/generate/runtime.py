"""The hand-written C library that every generated model needs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tinygest.core.errors import ContractError
from tinygest.core.names import check_identifier
from tinygest.core.resources import resource_dir

FOLDER = "tinygest"
_TAKEN = {"models"}  # tg_models.h
_ENDINGS = ("_network", "_selftest", "_tflite", "_outputs")
"""Of file names and types of a model: a model called `punch_network` would share some with `punch`."""


MANIFEST = "files.txt"
"""Lists what generation wrote into the runtime's folder, so that it can remove what it no longer writes."""
_LISTED = re.compile(r"src/tg_\w+\.[ch]")


def manifest(files: Iterable[str]) -> bytes:
    """The text of MANIFEST for these paths."""
    return "".join(f"{path}\n" for path in sorted(files)).encode()


def read_manifest(runtime: Path) -> list[str]:
    """Sources that an earlier generation wrote into this folder; what could not be one is left out."""
    try:
        lines = (runtime / MANIFEST).read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    return [line for line in lines if _LISTED.fullmatch(line)]


def runtime_files() -> dict[str, bytes]:
    """Every file of the runtime library by its path in the library.

    All of them, also for a model that needs few: one runtime then serves several models in one image,
    and a linker takes only what is called.
    """
    root = resource_dir("firmware/lib/tinygest")
    names = ("library.json", "library.properties", "LICENSE")
    paths = [root / name for name in names] + sorted((root / "src").glob("*.[ch]"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


@cache
def runtime_version() -> int:
    """TG_RUNTIME_VERSION: generated code names the version it was made for."""
    text = (_sources() / "tg_types.h").read_text()
    found = re.search(r"^#define TG_RUNTIME_VERSION (\d+)$", text, re.MULTILINE)
    if found is None:
        raise AssertionError("tg_types.h defines no TG_RUNTIME_VERSION")
    return int(found[1])


def check_model_name(name: str) -> str:
    """Return `name` if its C identifiers are free; raises ContractError."""
    check_identifier(name, "model name")
    prefix = f"tg_{name.lower()}"
    clashes = [word for word in _runtime_words() if f"{word}_".startswith(f"{prefix}_")]
    if name.lower() in _TAKEN or clashes:
        taken = clashes[0] if clashes else f"{prefix}.h"
        raise ContractError(f"model name {name!r} is taken: {taken} belongs to tinygest; choose another")
    for ending in _ENDINGS:
        if name.lower().endswith(ending):
            raise ContractError(
                f"model name {name!r} ends in {ending}, as files of a model called "
                f"{name[: -len(ending)]!r} do; choose another"
            )
    return name


@cache
def _runtime_words() -> tuple[str, ...]:
    """Identifiers and file names of the runtime, in lower case."""
    words = set()
    for path in _sources().glob("*.[ch]"):
        words.add(path.stem.lower())
        words.update(word.lower() for word in re.findall(r"\btg_\w+", path.read_text(), re.IGNORECASE))
    return tuple(sorted(words))


def _sources() -> Path:
    return resource_dir("firmware/lib/tinygest") / "src"
