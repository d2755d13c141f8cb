"""PlatformIO: build and upload, and what its failures mean."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from tinygest.core.errors import FlashError
from tinygest.flash.project import FirmwareProject
from tinygest.toolchain.process import first_diagnostic

BUILD_TIMEOUT_S = 1800.0
"""The first build downloads compiler and core, some 300 MB."""
UPLOAD_TIMEOUT_S = 180.0
MAX_FLASH = 983_040 - 4096
"""Behind the bootloader, less the page that keeps name and side."""
MAX_RAM = 262_144 - 24_576
"""Static; ArduinoBLE takes 16,056 bytes from the heap and 4 kB for a thread's stack when it starts."""
SIZES = re.compile(r"^(RAM|Flash):.*\(used (\d+) bytes from (\d+) bytes\)", re.MULTILINE)
ENVIRONMENT = {
    "PLATFORMIO_SETTING_ENABLE_TELEMETRY": "no",
    "PLATFORMIO_DISABLE_UPGRADE_CHECK": "true",
}

# What PlatformIO or its tools print -> what to do. The first that is found counts.
_TOO_BIG = "the image is too big for the board: {line}; use a smaller model"
_NO_BOOTLOADER = (
    "the board did not enter its bootloader: press its reset button twice, quickly, so that the orange"
    " light pulses, and try again"
)
_NO_PERMISSION = (
    "this user may not open {port}: on Linux add yourself to the group dialout (`sudo usermod -aG dialout"
    " $USER`) and log in again"
)
REMEDIES = (
    (
        r"HTTPClientError|InternetConnectionError|You are not connected to the Internet",
        "PlatformIO cannot reach its registry, from which it takes compiler and Arduino core the first"
        " time: connect this computer to the internet, or build offline as docs/firmware.md says",
    ),
    (
        r"UnknownPackageError|Could not find the package",
        "PlatformIO does not find a package that platformio.ini names: {line}",
    ),
    (r"program size .* greater than maximum|region .* overflowed", _TOO_BIG),
    (r"Permission denied|Access is denied", _NO_PERMISSION),
    (r"Couldn't find a board on the selected port|No device found on|No new port|SAM-BA", _NO_BOOTLOADER),
    (r"could not open port|specify `upload_port`", "the board is not on {port} any more: connect it again"),
    (
        r"is for no board",
        "this platform is the stand-in that compiles and does not upload; see docs/firmware.md",
    ),
    (
        r"tg_models\.h: No such file",
        "the project holds no model: write it with `tinygest firmware DIR --model MODEL`",
    ),
)


@dataclass(frozen=True)
class ImageSize:
    """Bytes of the whole image, as PlatformIO counts them; 0 when it did not say."""

    flash: int
    ram: int


@dataclass(frozen=True)
class PlatformIO:
    """command: how to call it."""

    command: tuple[str, ...] = (sys.executable, "-m", "platformio")

    def build(self, project: FirmwareProject) -> ImageSize:
        """Raises FlashError with the remedy."""
        printed = self._run(project, BUILD_TIMEOUT_S)
        used = {name: int(size) for name, size, _ in SIZES.findall(printed)}
        size = ImageSize(used.get("Flash", 0), used.get("RAM", 0))
        check_size(size)
        return size

    def upload(self, project: FirmwareProject, port: str) -> None:
        """Raises FlashError with the remedy."""
        self._run(project, UPLOAD_TIMEOUT_S, "-t", "upload", "--upload-port", port, port=port)

    def _run(self, project: FirmwareProject, timeout_s: float, *more: str, port: str = "") -> str:
        self.check()
        words = [*self.command, "run", "-d", str(project.folder), "-e", project.env, *more]
        try:
            done = subprocess.run(
                words,
                env=os.environ | ENVIRONMENT,
                timeout=timeout_s,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                errors="replace",
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise FlashError(f"PlatformIO did not end within {timeout_s:g} s; try again") from None
        except OSError as error:
            raise FlashError(f"PlatformIO cannot be started: {error}") from error
        (project.folder / "platformio.log").write_text(done.stdout, encoding="utf-8")
        if done.returncode != 0:
            raise FlashError(explain(done.stdout, port, project.folder / "platformio.log"))
        return done.stdout

    def check(self) -> None:
        """Raises FlashError when PlatformIO is not installed."""
        if self.command[1:] == ("-m", "platformio") and find_spec("platformio") is None:
            raise FlashError("PlatformIO is missing: install it with `pip install platformio`")


def check_size(size: ImageSize) -> None:
    """Against what the board has left; raises FlashError."""
    for what, used, most in (("flash", size.flash, MAX_FLASH), ("RAM", size.ram, MAX_RAM)):
        if used > most:
            line = f"{used:,} bytes of {what}, and {most:,} are there"
            raise FlashError(_TOO_BIG.format(line=line))


def explain(printed: str, port: str, log: Path) -> str:
    """A sentence with the remedy for what PlatformIO printed; unknown failures name the log."""
    lines: Sequence[str] = [line.strip() for line in printed.splitlines() if line.strip()]
    for pattern, remedy in REMEDIES:
        for line in lines:
            if re.search(pattern, line, re.IGNORECASE):
                return remedy.format(line=line, port=port or "the port")
    return f"PlatformIO failed: {first_diagnostic(printed)}; all that it said is in {log}"
