"""PlatformIO builds the firmware without a network, and our code stays within its budget."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec

import pytest

from .conftest import REPOSITORY

FAILS_WITHOUT = ("arm-none-eabi-g++", "c++")


def firmware_test(*options: str) -> str:
    if find_spec("SCons") is None or find_spec("platformio") is None:
        pytest.skip("platformio or scons is absent")
    command = [sys.executable, "tools/firmware_test.py", *options]
    finished = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout[-3000:] + finished.stderr[-1000:]
    return finished.stdout


@pytest.fixture
def needs_compilers() -> None:
    for tool in FAILS_WITHOUT:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is absent")


def test_images_are_within_their_budget(needs_compilers: None) -> None:
    told = firmware_test("--boards-only")
    print(told)
    assert told.count("bytes of flash (at most 40000)") == 2


@pytest.mark.slow
def test_everything_that_needs_no_network(needs_compilers: None, needs_qemu: None) -> None:
    told = firmware_test()
    assert told.count("Collected 2 tests") == 3  # virtual, and twice on the emulated Cortex-M4
    suites = (REPOSITORY / "firmware" / "test").glob("test_*/test_main.cpp")
    n_cases = sum(suite.read_text().count("    RUN(") for suite in suites)
    assert n_cases > 20
    assert f"{n_cases} succeeded" in told
    assert "FAILED" not in told
