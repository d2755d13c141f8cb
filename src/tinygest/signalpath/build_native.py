"""How setuptools and cffi build `tinygest.signalpath._native` from the C library.

Run by setup.py in a checkout or an unpacked sdist, never from an installed package. Every
`firmware/lib/tinygest/src/*.c` and every `glue*.c` beside this file is compiled in; what Python may
call is said in `cdef.h`.
"""

from __future__ import annotations

import os
from pathlib import Path

from cffi import FFI

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
LIBRARY = ROOT / "firmware" / "lib" / "tinygest" / "src"

# An MSVC knows neither option; C99 is what it compiles anyway.
COMPILE_ARGS = [] if os.name == "nt" else ["-O2", "-std=c99"]


def _relative(path: Path) -> str:
    """setuptools wants sources relative to setup.py, which it has made the current folder."""
    return path.relative_to(ROOT).as_posix()


def _files(*patterns: tuple[Path, str]) -> list[str]:
    return [_relative(path) for folder, pattern in patterns for path in sorted(folder.glob(pattern))]


def make_ffi() -> FFI:
    ffi = FFI()
    ffi.cdef((HERE / "cdef.h").read_text(encoding="utf-8"))
    headers = sorted(HERE.glob("glue*.h"))
    ffi.set_source(
        "tinygest.signalpath._native",
        "\n".join(f'#include "{header.name}"' for header in headers),
        sources=_files((LIBRARY, "*.c"), (HERE, "glue*.c")),
        include_dirs=[_relative(LIBRARY), _relative(HERE)],
        depends=_files((LIBRARY, "*.h"), (HERE, "*.h")),
        extra_compile_args=COMPILE_ARGS,
    )
    return ffi


ffibuilder = make_ffi()
