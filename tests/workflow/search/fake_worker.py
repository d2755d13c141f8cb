"""A worker whose trials take a moment and compute nothing: `python fake_worker.py PROJECT URL SECONDS`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tinygest.store.project import Project
from tinygest.workflow.costs import Cost
from tinygest.workflow.search import run
from tinygest.workflow.search.attempt import Outcome


def pretend(seconds):
    """An `attempt` that sleeps; larger networks are better and cost more."""

    def attempt(chosen, material, rivals, note):
        size = chosen.get("hidden", chosen.get("width"))
        cost = Cost(1000 + 10 * size, 100 + size, 5000 + size, 10)
        note("cost", {name: getattr(cost, name) for name in cost.__struct_fields__})
        time.sleep(seconds)
        note("scores", [size / 100])
        return Outcome(size / 100, None, cost)

    return attempt


def main() -> None:
    root, url, seconds = sys.argv[1:]
    run.attempt = pretend(float(seconds))
    run.why_not_measurable = lambda: ""
    run.compile_runtime = lambda folder: None
    print("ready", flush=True)
    run.join_search(Project.open(Path(root)), run.SearchOptions(storage=url))


if __name__ == "__main__":
    main()
