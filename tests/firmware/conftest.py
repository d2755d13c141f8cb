"""The C library compiled once for each compiler, with the warnings of our own builds as errors."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LIBRARY = REPOSITORY / "firmware" / "lib" / "tinygest" / "src"
WARNINGS = "-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror".split()
# As on the board: floating point would become VFP instructions and double-precision calls.
CORTEX_M4 = "-mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=softfp -Os".split()


@dataclass(frozen=True)
class Objects:
    """The library's object files and the tools that read them."""

    paths: tuple[Path, ...]
    nm: str
    objdump: str


def run(*command: str | Path, **options: str) -> str:
    """Standard output; fails the test with the tool's own words."""
    finished = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, **options
    )
    assert finished.returncode == 0, f"{command[0]}: {finished.stdout}{finished.stderr}"
    return finished.stdout


def host_compiler() -> str:
    return os.environ.get("CC") or next(name for name in ("cc", "gcc", "clang") if shutil.which(name))


def compile_library(compiler: str, options: list[str], out: Path) -> tuple[Path, ...]:
    sources = sorted(LIBRARY.glob("*.c"))
    run(compiler, "-std=c99", *WARNINGS, *options, "-c", *sources, cwd=str(out))
    return tuple(out / f"{source.stem}.o" for source in sources)


@pytest.fixture(scope="session")
def host_objects(needs_host_compiler: None, tmp_path_factory: pytest.TempPathFactory) -> Objects:
    out = tmp_path_factory.mktemp("host")
    return Objects(compile_library(host_compiler(), ["-O2"], out), "nm", "objdump")


@pytest.fixture(scope="session")
def arm_objects(needs_arm: None, tmp_path_factory: pytest.TempPathFactory) -> Objects:
    out = tmp_path_factory.mktemp("arm")
    paths = compile_library("arm-none-eabi-gcc", CORTEX_M4, out)
    return Objects(paths, "arm-none-eabi-nm", "arm-none-eabi-objdump")
