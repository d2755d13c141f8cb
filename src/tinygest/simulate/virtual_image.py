"""Compiles the board's firmware for this computer: the program of the virtual board."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from tinygest.core.errors import ToolchainError
from tinygest.core.resources import resource_dir
from tinygest.toolchain.cache import cache_dir
from tinygest.toolchain.compiler import Compiler, ask_version
from tinygest.toolchain.host import find_compiler

C_FLAGS = ("-std=c99", "-O2", "-Wall", "-Wextra")
CXX_FLAGS = ("-std=gnu++14", "-O2", "-Wall", "-Wextra", "-fno-exceptions", "-fno-rtti")
"""As the board's own sources are compiled for the board."""
PROGRAM = "virtual_board"
SOURCE_SUFFIXES = {".c", ".cpp", ".h"}
SHIM_FLAGS = ("-std=gnu++14", "-O2", "-Wall", "-Wextra")


def build_virtual_board(
    folder: Path, model_sources: Path | None = None, *, flags: Sequence[str] = ()
) -> Path:
    """Build in `folder` and return the program.

    model_sources: the `src` folder of a generated library, with `tg_models.h`; None builds a board that
    captures only. flags: more for every compiler call and the linker, e.g. sanitizers. Raises
    ToolchainError.
    """
    if sys.platform != "linux":
        raise ToolchainError(
            "the virtual board runs on Linux only; elsewhere use WSL, a container or a board"
        )
    folder.mkdir(parents=True, exist_ok=True)
    firmware = {name: resource_dir(f"firmware/{name}") for name in ("src", "virtual")}
    libraries = [resource_dir(f"firmware/lib/{name}") / "src" for name in ("tinygest", "tinygest_board")]
    models = [model_sources] if model_sources else []
    includes = [*libraries, *models, *firmware.values(), firmware["virtual"] / "arduino"]
    words = [*flags, *(f"-I{path.resolve()}" for path in includes)]
    if model_sources:
        words.append("-DTINYGEST_MODEL")
    c_folders = [*libraries, firmware["virtual"] / "bosch", *models]
    objects = [
        *_compile(find_compiler(), [*C_FLAGS, *words], c_folders, "*.c", folder),
        *_compile(find_cxx_compiler(), [*CXX_FLAGS, *words], [firmware["src"]], "*.cpp", folder),
        *_compile(find_cxx_compiler(), [*SHIM_FLAGS, *words], [firmware["virtual"]], "*.cpp", folder),
    ]
    program = folder / PROGRAM
    find_cxx_compiler().run(*flags, "-o", program.resolve(), *objects)
    return program


def cached_virtual_board(model_sources: Path | None = None) -> Path:
    """The program, built once for the same sources and compilers and kept in the user's cache.

    Arguments and errors as `build_virtual_board`.
    """
    store = cache_dir() / "virtual_board"
    place = store / _fingerprint(model_sources)
    if not (place / PROGRAM).is_file():
        store.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=store) as temporary:
            program = build_virtual_board(Path(temporary) / "build", model_sources)
            place.mkdir(exist_ok=True)
            program.replace(place / PROGRAM)
    return place / PROGRAM


def _fingerprint(model_sources: Path | None) -> str:
    """Of every file that is compiled, and of the compilers."""
    folders = [resource_dir(f"firmware/{name}") for name in ("src", "virtual", "lib")]
    digest = hashlib.sha256()
    for folder in [*folders, *([model_sources] if model_sources else [])]:
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix in SOURCE_SUFFIXES):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder)} {len(content)}\n".encode() + content)
    for compiler in (find_compiler(), find_cxx_compiler()):
        digest.update(repr(compiler).encode())
    return digest.hexdigest()[:16]


def _compile(
    compiler: Compiler, words: Sequence[str], folders: Sequence[Path], pattern: str, out: Path
) -> list[Path]:
    """One call for each folder; objects go to a folder of their own, because names repeat."""
    objects = []
    for number, folder in enumerate(folders):
        sources = sorted(path.resolve() for path in folder.glob(pattern))
        place = out / f"{pattern[2:]}_{number}_{folder.name}"
        place.mkdir(exist_ok=True)
        compiler.run(*words, "-c", *sources, cwd=place)
        objects += [(place / f"{source.stem}.o").resolve() for source in sources]
    return objects


def find_cxx_compiler() -> Compiler:
    """$CXX, c++, g++, clang++, `python -m ziglang c++`: the first one there is. Raises ToolchainError."""
    for command in _candidates():
        if shutil.which(command[0]):
            return ask_version(command)
    raise ToolchainError(
        "no C++ compiler for this machine was found; install one (Debian: `apt install g++`, anywhere: "
        "`pip install ziglang`) or name yours in the environment variable CXX"
    )


def _candidates() -> Iterator[list[str]]:
    if os.environ.get("CXX"):
        yield shlex.split(os.environ["CXX"], posix=os.name != "nt")
        return
    yield from (["c++"], ["g++"], ["clang++"])
    if find_spec("ziglang"):
        yield [sys.executable, "-m", "ziglang", "c++"]
