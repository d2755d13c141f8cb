"""Peak memory of training on hours of recordings.

    python tools/bench_memory.py --hours 2 100

The simulated boxers of the example, repeated until each recording lasts an hour; `tinygest train` in a
process of its own, with validation by people held out.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from msgspec import structs

from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Recording
from tinygest.core.resources import resource_dir
from tinygest.store.project import Project

EXAMPLE = "datasets/boxing_simulated"


def hour_of(recording: Recording, track: LabelTrack, number: int) -> tuple[Recording, LabelTrack]:
    """The recording end to end with itself until an hour is full."""
    n = recording.info.n_samples
    times = int(-(-3600 * recording.info.contract.rate_hz // n))
    segments = tuple(
        Segment(s.start + k * n, s.stop + k * n, s.label, s.source)
        for k in range(times)
        for s in track.segments
    )
    # A last bit that differs, so that no two recordings hold the same samples.
    samples = np.tile(recording.samples, (times, 1))
    samples[0] ^= number & 1
    samples[1] ^= number >> 1
    info = structs.replace(recording.info, n_samples=times * n, gaps=())
    longer = replace(recording, id=f"hour_{number}", info=info, samples=samples)
    return longer, LabelTrack(segments, (Interval(0, times * n),))


def make_project(root: Path, hours: int) -> None:
    example = Project.open(resource_dir(EXAMPLE))
    entries = example.recordings()
    project = Project.create(root, example.config)
    for number in range(hours):
        name = entries[number % len(entries)].id
        project.add(*hour_of(example.load(name), example.labels(name), number))


def peak_mb(hours: int) -> tuple[float, float]:
    """(MB, seconds) of one `tinygest train`. Peaks of ended children only ever grow: small ones first."""
    with tempfile.TemporaryDirectory(prefix="tinygest-memory-") as folder:
        make_project(Path(folder) / "p", hours)
        command = [sys.executable, "-m", "tinygest", "-p", f"{folder}/p", "train", "--name", "m"]
        started = time.monotonic()
        subprocess.run([*command, "--family", "dense", "--json"], check=True, stdout=subprocess.DEVNULL)
        seconds = time.monotonic() - started
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--hours", type=int, nargs="+", default=[2, 20, 100])
    print(
        "| hours at 100 Hz, six channels | signal, MB | peak of `train`, MB | seconds |\n|---|---|---|---|"
    )
    for hours in sorted(parser.parse_args().hours):
        signal_mb = hours * 3600 * 100 * 6 * 2 / 1e6
        peak, seconds = peak_mb(hours)
        print(f"| {hours} | {signal_mb:.0f} | {peak:.0f} | {seconds:.0f} |", flush=True)


if __name__ == "__main__":
    main()
