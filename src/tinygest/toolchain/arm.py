"""The C compiler for Cortex-M4."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tinygest.core.errors import ToolchainError
from tinygest.toolchain.compiler import Compiler, ask_version, preprocessor_flags

COMMAND = "arm-none-eabi-gcc"
REMEDY = (
    "install it (Debian: `apt install gcc-arm-none-eabi libnewlib-arm-none-eabi`, elsewhere: the Arm GNU "
    "toolchain from developer.arm.com)"
)

# As the Arduino core of the Nano 33 BLE is built: -Os, the FPU there but arguments in core registers.
MACHINE = ("-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=softfp", "-mfpu=fpv4-sp-d16")
FLAGS = ("-std=c99", "-Os", "-ffunction-sections", "-fdata-sections")
# What the platform nordicnrf52 hands the compiler for C, as pio/platforms does offline.
PLATFORMIO_FLAGS = ("-std=gnu11", "-Os", "-ffunction-sections", "-fdata-sections", "-fno-exceptions")
# Where somebody asks for speed.
SPEED_FLAGS = ("-std=c99", "-O2", "-ffunction-sections", "-fdata-sections")


def find_compiler() -> Compiler:
    """Raises ToolchainError when arm-none-eabi-gcc is not there."""
    path = shutil.which(COMMAND)
    if path is None:
        raise ToolchainError(f"the Cortex-M4 compiler {COMMAND} was not found; {REMEDY}")
    return ask_version([path])


def check_c_library() -> None:
    """Raises ToolchainError when newlib, which Debian packs apart from the compiler, is not there."""
    if not takes_flags("-include", "string.h"):
        raise ToolchainError(f"{COMMAND} has no C library; {REMEDY}")


def takes_flags(*flags: str) -> bool:
    """True if this compiler accepts the options."""
    try:
        find_compiler().run(*flags, "-E", "-x", "c", os.devnull)
    except ToolchainError:
        return False
    return True


def compile_elf(
    parts: Mapping[str, Sequence[Path]],
    out: Path,
    *,
    linker_script: Path,
    include_dirs: Sequence[Path] = (),
    defines: Mapping[str, str] | None = None,
    flags: Sequence[str] = FLAGS,
) -> Path:
    """Compile sources by part and link them into `out`, which is returned. Raises ToolchainError.

    The objects of a part lie in a folder of its name beside `out`: linker scripts tell parts apart so.
    """
    compiler = find_compiler()
    build_dir = out.resolve().parent
    words = [*MACHINE, *flags, *preprocessor_flags(include_dirs, defines or {})]
    objects: list[str] = []
    for part, sources in parts.items():
        (build_dir / part).mkdir(parents=True, exist_ok=True)
        if sources:
            compiler.run(*words, "-c", *(path.resolve() for path in sources), cwd=build_dir / part)
        objects += [f"{part}/{path.stem}.o" for path in sources]
    link = [*MACHINE, "-nostartfiles", "--specs=nano.specs", "--specs=nosys.specs", "-Wl,--gc-sections"]
    compiler.run(*link, "-T", linker_script.resolve(), "-o", out.resolve(), *objects, "-lm", cwd=build_dir)
    return out
