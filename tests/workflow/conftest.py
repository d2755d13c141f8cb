"""A project with three made-up people who shake a sensor along x or along y."""

from __future__ import annotations

import numpy as np
import pytest

from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.store.project import Project
from tinygest.train.augment import Augmentation
from tinygest.train.fit import FitOptions
from tinygest.train.model import TrainOptions

RATE_HZ = 50.0
LENGTH = 40  # samples of one shake
PAUSE = 60
LABELS = ("along x", "along y")


def shakes(name, subject, order, seed, continuous=True):
    """A recording with one shake of 0.8 s for each entry of `order`, at rest in between."""
    rng = np.random.default_rng(seed)
    n_samples = PAUSE + len(order) * (LENGTH + PAUSE)
    signal = np.tile([0.0, 0.0, 1.0], (n_samples, 1))
    strength = rng.uniform(1.5, 2.5)
    segments = []
    for k, label in enumerate(order):
        start = PAUSE + k * (LENGTH + PAUSE)
        time_s = np.arange(LENGTH) / RATE_HZ
        signal[start : start + LENGTH, LABELS.index(label)] += strength * np.sin(
            2 * np.pi * rng.uniform(4, 6) * time_s + 1
        )
        segments.append(Segment(start, start + LENGTH, label))
    signal += rng.normal(0, 0.01, signal.shape)
    gaps = (Gap(PAUSE // 2, 3),) if continuous else tuple(Gap(s.start - PAUSE // 2) for s in segments)
    info = RecordingInfo(
        imu_contract(RATE_HZ, rotation=False), n_samples, gaps, device="made up", continuous=continuous
    )
    samples = np.clip(np.rint(signal * 2048), -32768, 32767).astype(np.int16)
    track = LabelTrack(tuple(segments), (Interval(0, n_samples),) if continuous else ())
    return Recording(name, info, RecordingMeta(subject=subject), samples), track


def fill(project, subjects=("S1", "S2", "S3"), continuous=True):
    for number, subject in enumerate(subjects):
        order = [LABELS[k % 2] for k in range(8)]
        project.add(*shakes(f"{subject}_a", subject, order, seed=10 * number, continuous=continuous))
        project.add(
            *shakes(f"{subject}_b", subject, order[:6], seed=10 * number + 1, continuous=continuous)
        )
    return project


@pytest.fixture(scope="session")
def quick_training():
    """Enough for two shakes, in a second."""
    return TrainOptions(
        fit=FitOptions(n_steps=150, n_epochs=3), augmentation=Augmentation(n_copies=4), n_threads=1
    )


@pytest.fixture(scope="session")
def shaken(tmp_path_factory):
    """Six continuous recordings of three people. Read only."""
    return fill(Project.create(tmp_path_factory.mktemp("shaken") / "p"))


@pytest.fixture(scope="session")
def shaken_captures(tmp_path_factory):
    """The same as isolated captures. Read only."""
    return fill(Project.create(tmp_path_factory.mktemp("captures") / "p"), continuous=False)


@pytest.fixture
def new_project(tmp_path):
    """An empty project of the test's own."""
    return Project.create(tmp_path / "p")


@pytest.fixture(scope="session")
def make_shakes():
    return shakes
