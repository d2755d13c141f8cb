"""The virtual board as a program with a serial port and without a radio."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tinygest.simulate.virtual_image import cached_virtual_board

REPOSITORY = Path(__file__).resolve().parents[2]
MODEL = REPOSITORY / "tests" / "golden" / "library" / "tg_punch" / "src"


def build() -> Path:
    """The firmware with the golden model; compiled once for all tests and kept in the user's cache."""
    if shutil.which("c++") is None:
        pytest.skip("c++ is absent")
    return cached_virtual_board(MODEL)


@contextmanager
def serial_board(program: Path, folder: Path, *options: str) -> Iterator[Path]:
    """Runs it; gives the path of its port."""
    port = folder / "port"
    command = [program, "--no-radio", f"--serial-link={port}", *options]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 10
        while not port.exists():
            assert time.monotonic() < end
            assert process.poll() is None
            time.sleep(0.01)
        yield port
    finally:
        process.stdin.close()
        try:
            process.wait(5)
        finally:
            process.kill()
