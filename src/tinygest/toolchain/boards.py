"""Machines that run a harness over files: this computer and the emulated Cortex-M4."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tinygest.core.resources import resource_dir
from tinygest.toolchain import arm, host, qemu
from tinygest.toolchain.process import run

INPUT_FILE = "input.bin"
OUTPUT_FILE = "output.bin"
RUN_TIMEOUT_S = 600.0


@dataclass(frozen=True)
class Sources:
    """What an image is made of, by part; a part's flash is read from the linked ELF."""

    harness: tuple[Path, ...]
    runtime: tuple[Path, ...] = ()
    """The hand-written library."""
    model: tuple[Path, ...] = ()
    """The generated library."""
    include_dirs: tuple[Path, ...] = ()
    defines: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Image:
    """A built program, and with what it was built."""

    path: Path
    compiler: str
    """What the compiler prints about itself."""
    flags: tuple[str, ...]

    @property
    def built_by(self) -> str:
        return f"{self.compiler}, {' '.join(self.flags)}"


class Board(Protocol):
    """Builds and runs images."""

    @property
    def name(self) -> str:
        """What `--require` calls it."""
        ...

    def check(self) -> None:
        """Raises ToolchainError when a tool is missing."""
        ...

    def build(self, sources: Sources, folder: Path) -> Image:
        """Compile into `folder`; raises ToolchainError when a tool is missing or fails."""
        ...

    def run(self, image: Image, folder: Path, *, count_instructions: bool = False) -> None:
        """Run over `folder`/input.bin into `folder`/output.bin; raises ToolchainError."""
        ...


@dataclass(frozen=True)
class HostBoard:
    """This computer."""

    flags: tuple[str, ...] = host.FLAGS
    name: str = "host"

    def check(self) -> None:
        host.find_compiler()

    def build(self, sources: Sources, folder: Path) -> Image:
        emulated = resource_dir("firmware/emulated")
        program = host.compile_executable(
            [emulated / "board_host.c", *sources.harness, *sources.runtime, *sources.model],
            folder / ("image.exe" if os.name == "nt" else "image"),
            include_dirs=[emulated, *sources.include_dirs],
            defines=sources.defines,
            flags=self.flags,
        )
        return Image(program, host.find_compiler().version, self.flags)

    def run(self, image: Image, folder: Path, *, count_instructions: bool = False) -> None:
        run([image.path.resolve()], cwd=folder, timeout_s=RUN_TIMEOUT_S)


@dataclass(frozen=True)
class CortexM4Board:
    """A Cortex-M4F in QEMU: the instruction set, not the timing."""

    flags: tuple[str, ...] = arm.FLAGS
    name: str = "cortex-m4"

    def check(self) -> None:
        arm.find_compiler()
        arm.check_c_library()
        qemu.find_emulator()

    def build(self, sources: Sources, folder: Path) -> Image:
        emulated = resource_dir("firmware/emulated")
        board = ("startup_mps2.c", "board_mps2.c", "calls_mps2.S", "semihosting.c")
        elf = arm.compile_elf(
            {
                "harness": [*(emulated / name for name in board), *sources.harness],
                "runtime": sources.runtime,
                "model": sources.model,
            },
            folder / "image.elf",
            linker_script=emulated / "mps2_an386.ld",
            include_dirs=[emulated, *sources.include_dirs],
            defines=sources.defines,
            flags=self.flags,
        )
        return Image(elf, arm.find_compiler().version, (*arm.MACHINE, *self.flags))

    def run(self, image: Image, folder: Path, *, count_instructions: bool = False) -> None:
        qemu.run_elf(image.path, folder, count_instructions=count_instructions, timeout_s=RUN_TIMEOUT_S)


BOARDS: dict[str, Board] = {"host": HostBoard(), "cortex-m4": CortexM4Board()}
