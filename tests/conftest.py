"""Fixtures that every test may use: shared data and tools that may be absent."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract

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
def board_cache(needs_host_compiler: None) -> Iterator[None]:
    """Programs of virtual boards are kept from run to run, so that each is compiled once."""
    if sys.platform != "linux" or shutil.which("c++") is None:
        pytest.skip("the virtual board needs Linux and c++")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(REPOSITORY / ".pytest_cache" / "boards"))
        yield


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


# Small made-up recordings: bursts whose direction is their label, with pauses between.
BURST_RATE_HZ = 50.0
BURST, PAUSE = 30, 40  # samples
BURST_DIRECTIONS = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}

BurstRecording = tuple[Recording, LabelTrack]


def burst(direction: tuple[int, int, int], rng: np.random.Generator) -> np.ndarray:
    """(BURST, 6) one push to and fro along an axis, turning about it."""
    time = np.linspace(0, 1, BURST)
    size = rng.normal(1.0, 0.1)
    push = size * np.sin(2 * np.pi * time)[:, np.newaxis] * np.array(direction)
    turn = size * np.sin(np.pi * time)[:, np.newaxis] * np.array(direction)
    return np.concatenate([push * 4000, turn * 3000], axis=1)


def make_burst_recording(
    name: str, labels: list[str], *, seed: int, subject: str, reviewed: bool
) -> BurstRecording:
    """A continuous recording: pause, burst, pause, ..., at rest with gravity on z and a little noise."""
    rng = np.random.default_rng(seed)
    n = PAUSE + len(labels) * (BURST + PAUSE)
    samples = rng.normal(0, 20, (n, 6))
    samples[:, 2] += 2048
    segments = []
    for i, label in enumerate(labels):
        start = PAUSE + i * (BURST + PAUSE)
        samples[start : start + BURST] += burst(BURST_DIRECTIONS[label], rng)
        segments.append(Segment(start, start + BURST, label))
    info = RecordingInfo(imu_contract(BURST_RATE_HZ), n)
    meta = RecordingMeta(subject=subject)
    track = LabelTrack(tuple(segments), (Interval(0, n),) if reviewed else ())
    return Recording(name, info, meta, np.rint(samples).astype(np.int16)), track.check(n)


@pytest.fixture(scope="session")
def burst_recordings() -> Callable[..., list[BurstRecording]]:
    """burst_recordings(n_subjects=3, labels="xyz", n_each=4, reviewed=True) -> one recording a subject."""

    def make(n_subjects: int = 3, labels: str = "xyz", n_each: int = 4, *, reviewed: bool = True):
        return [
            make_burst_recording(f"r{i}", list(labels) * n_each, seed=i, subject=f"S{i}", reviewed=reviewed)
            for i in range(n_subjects)
        ]

    return make


@pytest.fixture(scope="session")
def burst_captures() -> Callable[..., list[BurstRecording]]:
    """burst_captures(n=6, labels="xy") -> isolated captures of growing length, laid end to end by label."""

    def make(n: int = 6, labels: str = "xy"):
        made = []
        for number, label in enumerate(labels):
            rng = np.random.default_rng(number)
            lengths = [BURST + 5 * (i + 1) for i in range(n)]
            pieces = []
            for length in lengths:
                piece = rng.normal(0, 20, (length, 6))
                piece[:BURST] += burst(BURST_DIRECTIONS[label], rng)
                pieces.append(piece)
            stops = np.cumsum(lengths).tolist()
            segments = tuple(
                Segment(stop - length, stop, label) for stop, length in zip(stops, lengths, strict=True)
            )
            gaps = tuple(Gap(stop) for stop in stops[:-1])
            info = RecordingInfo(imu_contract(BURST_RATE_HZ), stops[-1], gaps, continuous=False)
            samples = np.rint(np.concatenate(pieces)).astype(np.int16)
            made.append((Recording(f"c_{label}", info, RecordingMeta(), samples), LabelTrack(segments)))
        return made

    return make
