"""Instructions of the signal path on an emulated Cortex-M4: python tools/bench_path.py

Six channels: what a sample costs while nothing happens, what a segment costs, feature by feature, and the
resampler apart. Built by GCC with -O2, and as PlatformIO builds the library for a user.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from path_costs import (
    DEFAULT_KINDS,
    N_SOURCES,
    OTHER_KINDS,
    Extraction,
    Idle,
    measure_extraction,
    measure_idle,
)

from tinygest.toolchain import arm
from tinygest.toolchain.boards import CortexM4Board

HEAD = ("what", "-O2", "as PlatformIO builds")
BOARDS = (CortexM4Board(arm.SPEED_FLAGS), CortexM4Board(arm.PLATFORMIO_FLAGS))

Row = tuple[str, str, str]


def rows() -> Iterator[Row]:
    """What is counted, and its instructions by either build."""
    yield from idle_rows([measure_idle(board) for board in BOARDS])
    yield from extraction_rows([measure_extraction(board) for board in BOARDS])


def idle_rows(measured: list[dict[str, Idle]]) -> Iterator[Row]:
    for name in measured[0]:
        yield row(f"a sample: ring, activity, {name}; mean", (each[name].mean for each in measured))
        yield row(f"a sample: ring, activity, {name}; most", (each[name].longest for each in measured))


def extraction_rows(measured: list[Extraction]) -> Iterator[Row]:
    for n in measured[0].features:
        yield row(f"default features, segment of {n}", (each.features[n] for each in measured))
    for n in measured[0].window:
        yield row(f"default window, segment of {n}", (each.window[n] for each in measured))
    yield row("points and sums behind all features, segment of 100", (each.points for each in measured))
    for kinds, which in ((DEFAULT_KINDS, "default"), (OTHER_KINDS, "not default")):
        for name in kinds:
            what = f"`{name}` of {N_SOURCES} channels, {which}"
            yield row(what, (each.kinds[name] for each in measured))
    yield row("6 correlations, default", (each.pairs for each in measured))
    yield row("resampler, 238 to 100 Hz: an output, mean", (each.pull[0] for each in measured))
    yield row("resampler: an output, most", (each.pull[1] for each in measured))
    yield row("resampler: an input, most", (each.push for each in measured))


def row(what: str, counts: Iterable[float]) -> Row:
    speed, size = (f"{count:,.0f}" for count in counts)
    return what, speed, size


def main(write: Callable[[str], object] = sys.stdout.write) -> None:
    for cells in (HEAD, ("---",) * len(HEAD), *rows()):
        write(f"| {' | '.join(cells)} |\n")


if __name__ == "__main__":
    main()
