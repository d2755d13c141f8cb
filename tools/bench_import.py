"""How fast and with how much memory a large CSV set is imported.

    python tools/bench_import.py --hours 100

Writes hours of 100 Hz, six channels and labels, an hour a file, imports them into a new project in one
process and prints rows a second of processor time and the most memory that was held.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RATE_HZ = 100
ROWS_AN_HOUR = 3600 * RATE_HZ
CHANNELS = ("ax", "ay", "az", "gx", "gy", "gz")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--hours", type=int, default=100)
    parser.add_argument("--inside", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.inside:
        print(json.dumps(measure(arguments.inside, arguments.hours)))
        return
    for row in results(arguments.hours):
        print("; ".join(row))


def results(hours: int) -> list[tuple[str, str, str]]:
    """Figures of a small set and of one of `hours`: (set, rows a second, memory)."""
    rows = []
    for n in sorted({2, hours}):
        with tempfile.TemporaryDirectory() as folder:
            write_set(Path(folder), n)
            command = [sys.executable, __file__, "--inside", folder, "--hours", str(n)]
            finished = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found = json.loads(finished.stdout)
        speed = f"{found['rows_per_second'] / 1e6:.2f} million rows a second and core"
        rows.append((f"{n} hours", speed, f"{found['memory_mb']:.0f} MB at most"))
    return rows


def write_set(folder: Path, hours: int) -> None:
    """Noise with four decimals, and a label a minute."""
    import numpy as np

    from tinygest.formats.csv_table import write_columns

    (folder / "set").mkdir()
    time_s = np.arange(ROWS_AN_HOUR) / RATE_HZ
    labels = np.where(time_s % 60 < 1, "wave", "")
    for hour in range(hours):
        noise = np.random.default_rng(hour).normal(0, 1, (ROWS_AN_HOUR, len(CHANNELS)))
        values = np.round(noise * [1, 1, 1, 100, 100, 100], 4)
        columns = dict(zip(CHANNELS, values.T, strict=True))
        write_columns(folder / "set" / f"h{hour:03}.csv", {"t_s": time_s, **columns, "label": labels})


def measure(folder: Path, hours: int) -> dict[str, float]:
    """The import alone: packages are loaded before."""
    import pyarrow.csv
    import pyarrow.parquet

    from tinygest.formats.base import CsvLayout, ImportOptions
    from tinygest.store.project import Project
    from tinygest.workflow.importing import import_data

    assert pyarrow.csv
    assert pyarrow.parquet
    project = Project.create(folder / "project")
    layout = CsvLayout(time_column="t_s", label_column="label")
    options = ImportOptions(rate_hz=RATE_HZ, accel_unit="g", gyro_unit="deg/s", layout=layout)
    start = time.process_time()
    result = import_data(project, folder / "set", "csv", options)
    seconds = time.process_time() - start
    assert result.n_segments == 60 * hours
    return {
        "rows_per_second": hours * ROWS_AN_HOUR / seconds,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
