"""Small made-up recordings for the tests of this package."""

from __future__ import annotations

import numpy as np
import pytest

from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.evaluate.data import RecordingFacts


def facts(name, subject, labels, n_samples=1000, content=None):
    """A recording with one 40-row segment a label, evenly spread."""
    pitch = n_samples // max(len(labels), 1)
    segments = tuple(Segment(i * pitch + 10, i * pitch + 50, label) for i, label in enumerate(labels))
    return RecordingFacts(
        name, subject, n_samples, segments, content or f"hash of {name}", f"all of {name}"
    )


def crowd(n_subjects=4, n_recordings=3, labels=("jab", "hook", "jab", "hook")):
    """n_subjects people with n_recordings each."""
    return [facts(f"r{s}_{r}", f"S{s}", labels) for s in range(n_subjects) for r in range(n_recordings)]


def recording(name="r", *, n_samples=200, segments=(), reviewed=(), gaps=(), subject="S1"):
    """A Recording and its LabelTrack; samples count up so that every row is told apart."""
    samples = np.arange(n_samples * 3).reshape(-1, 3).astype(np.int16)
    info = RecordingInfo(
        imu_contract(100.0, rotation=False), n_samples, tuple(Gap(at, missing) for at, missing in gaps)
    )
    track = LabelTrack(
        tuple(Segment(*segment) for segment in segments), tuple(Interval(*span) for span in reviewed)
    )
    return Recording(name, info, RecordingMeta(subject=subject), samples), track


@pytest.fixture(scope="session")
def make_facts():
    return facts


@pytest.fixture(scope="session")
def make_crowd():
    return crowd


@pytest.fixture(scope="session")
def make_recording():
    return recording
