"""The hand-written C library that generated models call: which of its files, and which names it takes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from tinygest.core.errors import ContractError
from tinygest.core.names import check_identifier
from tinygest.core.resources import resource_dir

FOLDER = "tinygest"
METADATA = ("library.json", "library.properties", "LICENSE")
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


COMPANIONS = {"tg_path.c": "tg_resampler.c"}
"""What nothing calls but a board whose sensor has a rate of its own."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INCLUDE = re.compile(r'^#include "(tg_\w+\.h)"', re.MULTILINE)
_DEFINED = re.compile(r"^(?!static )\w[\w *]*?\b(tg_\w+)(?=\(|\[| =)", re.MULTILINE)
_USED = re.compile(r"^(?:[ \t]|#define ).*", re.MULTILINE)
"""In our C what starts in the first column is declared or defined, and what is indented is used."""


def runtime_files(users: Iterable[str]) -> dict[str, bytes]:
    """What C sources with these texts need of the runtime, by the path in its folder, and its metadata."""
    root = resource_dir("firmware/lib/tinygest")
    paths = [*METADATA, *(f"src/{name}" for name in sorted(_needed(users)))]
    return {path: (root / path).read_bytes() for path in paths}


def _needed(users: Iterable[str]) -> set[str]:
    """Headers that are included, and the files that define what is called, from one to the next."""
    sources, definers = _sources(), _definers()
    found: set[str] = set()
    pending = list(users)
    while pending:
        text = _COMMENT.sub("", pending.pop())
        used = re.findall(r"\btg_\w+", "\n".join(_USED.findall(text)))
        names = sources.keys() & _INCLUDE.findall(text) | {definers[n] for n in used if n in definers}
        names |= {COMPANIONS[name] for name in names & COMPANIONS.keys()}
        pending += [sources[name] for name in names - found]
        found |= names
    return found


@cache
def _sources() -> Mapping[str, str]:
    """Text of each file by its name."""
    folder = resource_dir("firmware/lib/tinygest") / "src"
    return {path.name: path.read_text() for path in sorted(folder.glob("*.[ch]"))}


@cache
def _definers() -> Mapping[str, str]:
    """The file that defines it, for each function and table that others may use."""
    found = {name: _DEFINED.findall(text) for name, text in _sources().items() if name.endswith(".c")}
    return {symbol: name for name, symbols in found.items() for symbol in symbols}


@cache
def runtime_version() -> int:
    """TG_RUNTIME_VERSION: generated code names the version it was made for."""
    found = re.search(r"^#define TG_RUNTIME_VERSION (\d+)$", _sources()["tg_types.h"], re.MULTILINE)
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
    for name, text in _sources().items():
        words.add(Path(name).stem.lower())
        words.update(word.lower() for word in re.findall(r"\btg_\w+", text, re.IGNORECASE))
    return tuple(sorted(words))
