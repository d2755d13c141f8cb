"""A small imu-csv data set on disk, to be damaged by tests."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

HEADER = "t_s,ax,ay,az,gx,gy,gz"


class DataSet:
    """Two recordings of 40 samples, two people, gestures wave and tap."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.description = {
            "rate_hz": 100,
            "acc_unit": "g",
            "gyro_unit": "deg/s",
            "gravity": True,
            "continuous": True,
        }
        (root / "rec").mkdir(parents=True)
        rng = np.random.default_rng(1)
        self.values = {name: np.round(rng.normal(0, 1, (40, 6)), 3) for name in ("one.csv", "two.csv")}
        for name, values in self.values.items():
            rows = (f"{i / 100:.2f}," + ",".join(map(str, row)) for i, row in enumerate(values))
            self.write(f"rec/{name}", "\n".join((HEADER, *rows)) + "\n")
        self.write(
            "labels.csv",
            "file,start_sample,end_sample,label,subject\n"
            "one.csv,5,10,wave,S1\none.csv,10,20,tap,S1\ntwo.csv,0,40,wave,S2\n",
        )
        self.describe()

    def describe(self, **changes: object) -> None:
        """Write dataset.json with changes; None takes a key away."""
        merged = {**self.description, **changes}
        self.write("dataset.json", json.dumps({k: v for k, v in merged.items() if v is not None}))

    def write(self, name: str, text: str | bytes) -> None:
        (self.root / name).write_bytes(text if isinstance(text, bytes) else text.encode())

    def text(self, name: str) -> str:
        return (self.root / name).read_text()

    def replace(self, name: str, old: str, new: str) -> None:
        """Change the first place where `old` stands."""
        text = self.text(name)
        assert old in text
        self.write(name, text.replace(old, new, 1))


@pytest.fixture
def dataset(tmp_path: Path) -> DataSet:
    return DataSet(tmp_path / "gestures")
