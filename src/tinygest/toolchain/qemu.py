"""The emulated Cortex-M4: QEMU's mps2-an386, bare metal, files by semihosting."""

from __future__ import annotations

import shutil
from pathlib import Path

from tinygest.core.errors import ToolchainError
from tinygest.toolchain.process import Output, run

COMMAND = "qemu-system-arm"
REMEDY = "install it (Debian: `apt install qemu-system-arm`, elsewhere: qemu.org)"

MACHINE = ("-M", "mps2-an386", "-nodefaults", "-display", "none")
SEMIHOSTING = ("-semihosting-config", "enable=on,target=native")
COUNTING = ("-icount", "shift=7")  # 128 ns an instruction; firmware/emulated/board_mps2.c says why


def find_emulator() -> str:
    """Path of qemu-system-arm; raises ToolchainError when it is not there."""
    path = shutil.which(COMMAND)
    if path is None:
        raise ToolchainError(f"the emulator {COMMAND} was not found; {REMEDY}")
    return path


def emulator_version() -> str:
    """First line of `qemu-system-arm --version`."""
    return run([find_emulator(), "--version"]).stdout.splitlines()[0]


def run_elf(
    elf: Path, folder: Path, *, count_instructions: bool = False, timeout_s: float = 600.0
) -> Output:
    """Run an image whose files are read from and written to `folder`.

    count_instructions: virtual time follows the instructions, so that the image can count them (slower).
    Raises ToolchainError with what the image printed when it ends with another status than 0.
    """
    counting = COUNTING if count_instructions else ()
    command = [find_emulator(), *MACHINE, *SEMIHOSTING, *counting, "-kernel", elf.resolve()]
    return run(command, cwd=folder, timeout_s=timeout_s)
