"""Fixtures that every test may use: shared data and tools that may be absent."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
HOST_COMPILERS = (os.environ.get("CC") or "cc", "cc", "gcc", "clang")


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Bench models and real recordings beside the checkout, or where TINYGEST_SHARED points."""
    path = Path(os.environ.get("TINYGEST_SHARED") or REPOSITORY.parent / "shared")
    if not path.is_dir():
        pytest.skip(f"{path} is absent; set TINYGEST_SHARED")
    return path


@pytest.fixture(scope="session")
def needs_host_compiler() -> None:
    """Skip without a C compiler for this machine."""
    if not any(map(shutil.which, HOST_COMPILERS)) and find_spec("ziglang") is None:
        pytest.skip("no C compiler for this machine")


@pytest.fixture(scope="session")
def needs_arm() -> None:
    """Skip without a C compiler for Cortex-M4."""
    if shutil.which("arm-none-eabi-gcc") is None:
        pytest.skip("arm-none-eabi-gcc is absent")


@pytest.fixture(scope="session")
def needs_qemu(needs_arm: None) -> None:
    """Skip without the Cortex-M4 compiler and its emulator."""
    if shutil.which("qemu-system-arm") is None:
        pytest.skip("qemu-system-arm is absent")


@pytest.fixture(scope="session")
def needs_tflm() -> None:
    """Skip without the TensorFlow Lite Micro interpreter for Python."""
    if find_spec("tflite_micro") is None:
        pytest.skip("tflite_micro is absent")
