"""How models do on people they never met: int8, in C, one default recipe for all sets.

    python tools/bench_models.py                                  # everything; hours on a laptop
    python tools/bench_models.py --sets utd_mhad --seeds 1 --parts accuracy
    python tools/bench_models.py --write docs/benchmarks.md       # tables of all that is known so far

Every result is kept below --work (folds in the cache of each set's project, the rest as JSON), so a
run that was stopped goes on where it was. Real sets are read from --data, in the layout `imu-csv`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from models_bench import accuracy, alarms, few, rejection, tables
from models_bench.sets import SETS
from models_bench.work import Work

PARTS = {
    "accuracy": accuracy.run,
    "unknown": rejection.run,
    "few": few.run,
    "alarms": alarms.run,
}


def main() -> None:
    root = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--data", type=Path, default=root.parent / "shared" / "data", help="real recordings"
    )
    parser.add_argument("--work", type=Path, default=root / "build" / "bench_models", help="kept results")
    parser.add_argument("--sets", default=",".join(SETS), help="some of them, with commas between")
    parser.add_argument("--parts", default=",".join(PARTS), help="some of them")
    parser.add_argument("--seeds", type=int, default=3, help="1, 2, ... so many")
    parser.add_argument("--jobs", type=int, default=1, help="folds at a time")
    parser.add_argument("--hours", type=float, default=10.0, help="of simulated everyday motion")
    parser.add_argument("--write", type=Path, help="put the tables into a section of this file")
    arguments = parser.parse_args()
    work = Work(arguments.work, arguments.data, arguments.jobs, arguments.hours)
    if not arguments.write:
        for part in arguments.parts.split(","):
            PARTS[part](work, arguments.sets.split(","), range(1, arguments.seeds + 1))
    text = tables.render(work)
    print(text)
    if arguments.write:
        tables.replace_section(arguments.write, text)


if __name__ == "__main__":
    main()
