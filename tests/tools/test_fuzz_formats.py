"""A short run of the fuzzer: that it runs, and what it finds in a second. `make fuzz` goes on longer."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "fuzz_formats.py"

pytest.importorskip("atheris")


def load_tool():
    spec = importlib.util.spec_from_file_location("fuzz_formats", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_importer_has_a_target():
    from tinygest.formats.registry import IMPORTERS

    assert {target[0] for target in load_tool().targets().values()} == set(IMPORTERS)


def run(seconds, *names):
    command = [sys.executable, str(TOOL), "--seconds", str(seconds), *names]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_second_of_two_targets():
    finished = run(1, "sensiml-dcli", "edge-impulse-cbor")
    assert finished.returncode == 0, finished.stdout
    assert "2 of 2 targets held" in finished.stdout


@pytest.mark.slow
def test_ten_seconds_of_every_target():
    finished = run(10)
    assert finished.returncode == 0, finished.stdout
