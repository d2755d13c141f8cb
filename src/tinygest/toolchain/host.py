"""The C compiler of this machine."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from tinygest.core.errors import ToolchainError
from tinygest.toolchain.compiler import Compiler, ask_version, preprocessor_flags

FLAGS = ("-std=c99", "-O2")
REMEDY = (
    "install one (Debian: `apt install gcc`, anywhere: `pip install ziglang`) or name yours in the "
    "environment variable CC"
)


def find_compiler() -> Compiler:
    """$CC, cc, gcc, clang, `python -m ziglang cc`: the first one there is.

    Raises ToolchainError when there is none, or when $CC is set and does not work.
    """
    for command in _candidates():
        if shutil.which(command[0]):
            return ask_version(command)
    if os.environ.get("CC"):
        raise ToolchainError(f"the compiler that CC names, {os.environ['CC']!r}, is not there; {REMEDY}")
    raise ToolchainError(f"no C compiler for this machine was found; {REMEDY}")


def _candidates() -> Iterator[list[str]]:
    chosen = os.environ.get("CC")
    if chosen:
        yield shlex.split(chosen, posix=os.name != "nt")  # Windows paths hold backslashes
        return
    yield from (["cc"], ["gcc"], ["clang"])
    if find_spec("ziglang") is not None:
        yield [sys.executable, "-m", "ziglang", "cc"]


def compile_executable(
    sources: Sequence[Path],
    out: Path,
    *,
    include_dirs: Sequence[Path] = (),
    defines: Mapping[str, str] | None = None,
    flags: Sequence[str] = FLAGS,
) -> Path:
    """Compile and link `sources` into the program `out`, which is returned. Raises ToolchainError."""
    out.parent.mkdir(parents=True, exist_ok=True)
    words = [*flags, *preprocessor_flags(include_dirs, defines or {})]
    find_compiler().run(*words, "-o", out.resolve(), *(path.resolve() for path in sources))
    return out


def compile_shared(
    sources: Sequence[Path],
    out: Path,
    *,
    include_dirs: Sequence[Path] = (),
    defines: Mapping[str, str] | None = None,
    flags: Sequence[str] = FLAGS,
) -> Path:
    """The same as a shared library that ctypes or cffi can load."""
    return compile_executable(
        sources, out, include_dirs=include_dirs, defines=defines, flags=(*flags, "-shared", "-fPIC")
    )


def compile_object(
    sources: Sequence[Path],
    out: Path,
    *,
    include_dirs: Sequence[Path] = (),
    flags: Sequence[str] = FLAGS,
) -> Path:
    """The same as a single object file, for code that is linked into many programs."""
    return compile_executable(sources, out, include_dirs=include_dirs, flags=(*flags, "-r", "-nostdlib"))
