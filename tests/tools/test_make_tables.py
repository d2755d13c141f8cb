"""The committed tables are what the script makes, and the script makes what it says."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "make_tables.py"


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_tables", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_committed_files_are_up_to_date(tables: ModuleType) -> None:
    for name, text in tables.files().items():
        assert (tables.SOURCES / name).read_text(encoding="utf-8") == text, "run tools/make_tables.py"


def test_turns_are_on_the_unit_circle(tables: ModuleType) -> None:
    turns = np.array(tables.fft_turns()).reshape(-1, 2) / 2**31
    assert np.abs(turns - np.exp(2j * np.pi * np.arange(16) / 32).view(float).reshape(-1, 2)).max() < 1e-9


def test_squares_of_the_window_add_up_to_12(tables: ModuleType) -> None:
    """What the power in tg_feature_spectrum.c is scaled by: both halves over 32 points."""
    half = np.array(tables.fft_hann()) / 2**31
    assert 2 * (half**2).sum() == pytest.approx(12, abs=1e-7)


def test_kernel_passes_slow_motion_and_nothing_that_would_alias(tables: ModuleType) -> None:
    """Its frequency response, as a share of the slower rate's Nyquist frequency."""
    side = np.array(tables.resampler_kernel(), float)
    kernel = np.concatenate([side[:0:-1], side])
    times = np.arange(-len(side) + 1, len(side)) / tables.PHASES
    shares = np.linspace(0, 8, 1601)
    response = np.cos(np.pi * shares[:, None] * times) @ kernel / kernel.sum()
    assert np.abs(response[shares <= 0.4] - 1).max() < 0.0003
    assert np.abs(response[shares <= 0.5] - 1).max() < 0.003
    assert 20 * np.log10(np.abs(response[shares >= 1]).max()) < -66
    assert shares[np.abs(response) < 0.5**0.5][0] == pytest.approx(0.68, abs=0.01)


def test_kernel_has_no_steps_and_fits_its_sums(tables: ModuleType) -> None:
    kernel = np.array(tables.resampler_kernel())
    assert np.abs(np.diff(kernel)).max() < 2**10  # interpolation in 32 bits
    assert 4 * 2 * np.abs(kernel).sum() / tables.PHASES < 2**19  # weights at the largest ratio
