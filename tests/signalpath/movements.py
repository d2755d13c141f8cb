"""Segments of one channel for property tests: movements, noise, and what only a defect produces."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

LENGTHS = st.one_of(st.sampled_from([1, 2, 3, 4, 5, 7, 8, 63, 64, 65, 2047, 2048]), st.integers(1, 300))
SHAPES = ("noise", "tone", "walk", "step", "impulse", "rails", "constant", "nearly constant")


def make(shape: str, n: int, amplitude: int, seed: int) -> NDArray[np.int16]:
    """int16 (n,); the same for the same arguments."""
    random = np.random.default_rng(seed)
    t = np.arange(n)
    offset = int(random.integers(-amplitude, amplitude + 1))
    if shape == "noise":
        x = random.integers(-amplitude, amplitude + 1, n)
    elif shape == "tone":
        x = offset + amplitude * np.sin(2 * np.pi * (random.uniform(0, 0.5) * t + random.random()))
    elif shape == "walk":
        x = np.cumsum(random.integers(-amplitude // 8 - 1, amplitude // 8 + 2, n))
    elif shape == "step":
        x = np.where(t < random.integers(n + 1), offset, amplitude)
    elif shape == "impulse":
        x = np.where(t == random.integers(n), amplitude, offset)
    elif shape == "rails":
        x = random.choice([-32768, 32767], n)
    elif shape == "constant":
        x = np.full(n, offset)
    else:
        x = offset + random.choice([-1, 0, 1], n, p=[0.02, 0.96, 0.02])
    return np.clip(np.round(x), -32768, 32767).astype(np.int16)


def channels() -> st.SearchStrategy[NDArray[np.int16]]:
    """One channel of a segment, int16 (n,), 1 to 2048 samples."""
    return st.builds(
        make,
        st.sampled_from(SHAPES),
        LENGTHS,
        st.sampled_from([1, 3, 20, 200, 2048, 20000, 32768]),
        st.integers(0, 2**32 - 1),
    )


def segments(n_channels: int) -> st.SearchStrategy[NDArray[np.int16]]:
    """int16 (n, n_channels), 1 to 2048 samples; each channel of its own shape."""

    def build(n: int, columns: list[tuple[str, int, int]]) -> NDArray[np.int16]:
        return np.stack([make(shape, n, amplitude, seed) for shape, amplitude, seed in columns], axis=1)

    column = st.tuples(
        st.sampled_from(SHAPES), st.sampled_from([1, 20, 2048, 32768]), st.integers(0, 2**32 - 1)
    )
    return st.builds(build, LENGTHS, st.lists(column, min_size=n_channels, max_size=n_channels))
