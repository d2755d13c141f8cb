"""The command line on the simulated set and on real recordings: floors well below what is measured."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("needs_host_compiler")]


def tinygest(*words):
    command = [sys.executable, "-m", "tinygest", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_simulated_boxing(tmp_path):
    tinygest("init", tmp_path / "p", "--example", "boxing")
    words = ("evaluate", "--split", "grouped:2", "--quick", "--family", "dense", "--json")
    main = json.loads(tinygest("-p", tmp_path / "p", *words))["main"]
    assert main["events"]["macro_f1"] > 0.5
    assert main["segments"]["accuracy"] > 0.85
    assert main["events"]["false_alarms"]["hours"] > 0.5


@pytest.mark.parametrize(
    ("name", "split", "floors"),
    [
        ("nano33_spells", "blocks:2", (0.8, None)),
        ("magic_wand", "grouped:2", (0.75, None)),
        ("uhh_gestures", "grouped:2", (0.9, 0.7)),
        ("tug_watch", "grouped:2", (0.75, 0.3)),  # judged as its windows show the intervals
        ("utd_mhad", "grouped:2", (0.65, None)),
    ],
)
def test_real_recordings(shared_dir, tmp_path, name, split, floors):
    """floors: segment accuracy, and event macro-F1 where the recordings are continuous."""
    accuracy, event_f1 = floors
    tinygest("init", tmp_path / "p")
    tinygest("-p", tmp_path / "p", "import", shared_dir / "data" / name, "--format", "imu-csv")
    words = ("evaluate", "--split", split, "--quick", "--family", "dense", "--json")
    main = json.loads(tinygest("-p", tmp_path / "p", *words))["main"]
    assert main["segments"]["accuracy"] > accuracy
    assert (main["events"] is None) == (event_f1 is None)
    if event_f1 is not None:
        assert main["events"]["macro_f1"] > event_f1
