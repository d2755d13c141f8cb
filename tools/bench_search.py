"""A search on PostgreSQL with two workers, one of them killed: python tools/bench_search.py [--trials 50]

Every trial really trains, is compiled, judged and measured, on a small made-up set. Checked at the end:
as many finished trials as were asked for, the killed worker's trial done once more by the other, no
finished trial touched again. Prints Markdown. Without a PostgreSQL server it says so and ends.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

import postgres  # noqa: E402

from tinygest.core.errors import StoreError  # noqa: E402
from tinygest.core.labels import Interval, LabelTrack, Segment  # noqa: E402
from tinygest.core.recording import Recording, RecordingInfo, RecordingMeta  # noqa: E402
from tinygest.core.sensor import imu_contract  # noqa: E402
from tinygest.store.project import Project  # noqa: E402
from tinygest.workflow.search.result import result_of  # noqa: E402
from tinygest.workflow.search.study import Search, join  # noqa: E402

RATE_HZ, LENGTH, PAUSE = 50.0, 30, 40
DIRECTIONS = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}
FAST = ("--steps", "60", "--copies", "2", "--patience", "20")
FINISHED = ("COMPLETE", "PRUNED")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--trials", type=int, default=50)
    run_benchmark(parser.parse_args().trials)


def run_benchmark(n_trials: int = 50) -> None:
    """Run, check and print; ends the process with a message if a check fails."""
    reason = postgres.why_not()
    if reason:
        print(f"## Search\n\nNot run: {reason}.\n")
        return
    with tempfile.TemporaryDirectory() as folder, postgres.server() as url:
        root = Path(folder) / "P"
        make_project(root)
        started = time.perf_counter()
        before = search_with_a_kill(root, url, n_trials)
        seconds = time.perf_counter() - started
        with closing(join(url, "search", 20)) as search:
            report(search, n_trials, before, seconds)


def make_project(root: Path) -> None:
    """Two people who push along x, y or z, with noise enough that not everything is right."""
    project = Project.create(root)
    for number in range(2):
        rng = np.random.default_rng(number)
        labels = list(DIRECTIONS) * 4
        n = PAUSE + len(labels) * (LENGTH + PAUSE)
        samples = rng.normal(0, 20, (n, 6))
        samples[:, 2] += 2048
        segments = []
        for i, label in enumerate(labels):
            start = PAUSE + i * (LENGTH + PAUSE)
            push = np.sin(2 * np.pi * np.linspace(0, 1, LENGTH))[:, np.newaxis] * DIRECTIONS[label]
            push = rng.normal(1.0, 0.2) * push + rng.normal(0, 0.25, 3)
            samples[start : start + LENGTH] += np.concatenate([push * 4000, push * 3000], axis=1)
            segments.append(Segment(start, start + LENGTH, label))
        info = RecordingInfo(imu_contract(RATE_HZ), n)
        recording = Recording(
            f"r{number}", info, RecordingMeta(subject=f"S{number}"), np.rint(samples).astype(np.int16)
        )
        project.add(recording, LabelTrack(tuple(segments), (Interval(0, n),)))


def search_with_a_kill(root: Path, url: str, n_trials: int) -> dict[int, Any]:
    """Finished trials at the moment of the kill."""
    first = start_worker(root, url, "--trials", str(n_trials))
    wait_for(url, first, 1)
    second = start_worker(root, url, "--worker")
    wait_for(url, second, n_trials // 5, measured=True)
    second.kill()
    second.wait()
    with closing(join(url, "search", 20)) as search:
        before = {trial.number: (trial.state, trial.values) for trial in search.trials(*FINISHED)}
    if first.wait() != 0:
        sys.exit("the other worker failed")
    return before


def start_worker(root: Path, url: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tinygest", "-p", str(root), "search", "--json", *FAST, *words]
    environment = {**os.environ, "TINYGEST_STORAGE": url}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)


def wait_for(url: str, worker: subprocess.Popen[bytes], n_finished: int, *, measured: bool = False) -> None:
    """Until so many trials are finished; measured: and this worker is past the first fold of one."""
    while worker.poll() is None:
        time.sleep(0.5)
        try:
            with closing(join(url, "search", 20)) as search:
                own = [
                    t for t in search.trials("RUNNING") if is_of(t, worker.pid) and "cost" in t.user_attrs
                ]
                if len(search.trials(*FINISHED)) >= n_finished and (own or not measured):
                    return
        except StoreError:
            continue  # the study does not exist yet
    sys.exit("a worker ended too early")


def is_of(trial: Any, pid: int) -> bool:
    return str(trial.user_attrs.get("worker", "")).endswith(f":{pid}")


def report(search: Search, n_trials: int, before: dict[int, Any], seconds: float) -> None:
    trials = search.trials()
    after = {trial.number: (trial.state, trial.values) for trial in trials}
    lost = [trial for trial in trials if trial.state.name == "FAIL"]
    retries = Counter(trial.system_attrs.get("failed_trial") for trial in trials)
    finished = search.trials(*FINISHED)
    checks = {
        f"finished trials: {len(finished)} of {n_trials}": len(finished) == n_trials,
        f"lost with their worker: {len(lost)}": len(lost) == 1,
        "done once more by the other": all(retries[trial.number] == 1 for trial in lost),
        f"finished before the kill and unchanged after it: {len(before)}": before.items() <= after.items(),
    }
    result = result_of(search, "event macro-F1", "")
    print("## Search: two workers on PostgreSQL, one killed in the middle of a trial\n")
    print("| check | holds |\n| --- | --- |")
    for what, holds in checks.items():
        print(f"| {what} | {'yes' if holds else 'NO'} |")
    states = Counter(row.state for row in result.rows)
    told = ", ".join(f"{n} {state}" for state, n in sorted(states.items()))
    print(f"\n{seconds:.0f} s; {told}. Not beaten by any other:\n")
    print("| trial | event macro-F1 | flash | RAM | instructions | model |\n|" + " --- |" * 6)
    for row in result.front:
        print(
            f"| {row.number} | {row.score:.1%} | {row.flash_bytes} | {row.ram_bytes} | {row.instructions} "
            f"| {row.model} |"
        )
    print()
    if not all(checks.values()):
        sys.exit("a check failed")


if __name__ == "__main__":
    main()
