"""Everyday motion is as large and as quick as that of real people (UTD-MHAD, wrist, 50 Hz)."""

import csv

import numpy as np
import pytest
from scipy.signal import resample_poly

from tinygest.simulate.blocks import session_blocks
from tinygest.simulate.imu import BOARDS, perfect_unit
from tinygest.simulate.people import make_person
from tinygest.simulate.script import Daily, Pause

PAIRS = pytest.mark.parametrize(
    ("simulated", "real"), [("clap", "clap"), ("wave", "wave"), ("push door", "push")]
)


def real_actions(folder, label):
    with (folder / "labels.csv").open() as file:
        names = [row["file"] for row in csv.DictReader(file) if row["label"] == label]
    return [np.loadtxt(folder / "rec" / name, delimiter=",", skiprows=1)[:, 1:] for name in names]


def simulated_actions(name):
    unit = perfect_unit(BOARDS["rev2"])
    for seed in range(16):
        script = [Pause(0.5), Daily(name), Pause(1.0)]
        blocks = session_blocks(make_person("P", seed), script, "right", unit, seed)
        physical = np.concatenate([block.raw for block in blocks]) / unit.counts
        yield resample_poly(physical, 1, 4, padtype="line")


def peaks(actions):
    """Median over actions of the largest |acceleration| and |rotation|."""
    sizes = [
        [np.linalg.norm(a[:, :3], axis=1).max(), np.linalg.norm(a[:, 3:], axis=1).max()] for a in actions
    ]
    return np.median(sizes, axis=0)


@PAIRS
def test_peaks_are_those_of_real_motion(shared_dir, simulated, real):
    ratio = peaks(simulated_actions(simulated)) / peaks(
        real_actions(shared_dir / "data" / "utd_mhad", real)
    )
    assert (ratio > 0.5).all(), ratio
    assert (ratio < 2).all(), ratio
