"""Make datasets/boxing_simulated: the example project, recorded by nobody.

    python tools/make_boxing_dataset.py            # the shipped set
    python tools/make_boxing_dataset.py --out DIR  # anywhere else

The same numpy and pyarrow give the same bytes.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from tinygest.simulate.boxing_set import boxing_sessions, simulate_boxing
from tinygest.simulate.movements import PUNCH_LABELS
from tinygest.store.config import ProjectConfig
from tinygest.store.layout import PRIVATE
from tinygest.store.project import Project

SHIPPED = Path(__file__).resolve().parent.parent / "datasets" / "boxing_simulated"
CONFIG = ProjectConfig(
    labels=PUNCH_LABELS,
    fields={"board": "revision of the board that was worn: rev1 (LSM9DS1), rev2 (BMI270)"},
)


def make(out: Path) -> Project:
    """Write the set as a project folder; a README.md that is there stays."""
    for name in ("recordings", "labels", "models", "tinygest.toml"):
        path = out / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    project = Project.create(out, CONFIG)
    with project.intake() as intake:
        for session in boxing_sessions():
            intake.add(*simulate_boxing(session))
    shutil.rmtree(out / PRIVATE)  # lock and undo history belong to the person who works with it
    return project


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, default=SHIPPED, help="folder of the project")
    out = parser.parse_args().out
    entries = make(out).recordings()
    n_bytes = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    minutes = sum(entry.info.n_samples / entry.info.contract.rate_hz for entry in entries) / 60
    print(f"{out}: {len(entries)} recordings, {minutes:.0f} min, {n_bytes / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
