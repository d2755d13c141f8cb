"""The figures of docs/benchmarks.md: python tools/bench.py [--sets FOLDER] [--only NAME ...]

Runs every benchmark in turn and prints Markdown on standard output. FOLDER holds real recordings in the
layout `imu-csv`, one set a folder; without it the simulated set that ships with tinygest stands alone.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
N_STARTS = 15
# One family, to stay short, and without the easier splits, which `evaluate` prints beside it.
EVALUATE = ("--family", "dense", "--quick")


def run(*arguments: str | Path) -> tuple[str, float]:
    """(standard output, seconds) of `tinygest ARGUMENTS`; stops the benchmark if it fails."""
    command = [sys.executable, "-m", "tinygest", *map(str, arguments)]
    started = time.perf_counter()
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{finished.stderr}")
    return finished.stdout, time.perf_counter() - started


def table(head: tuple[str, ...], rows: Iterator[tuple[Any, ...]] | list[tuple[Any, ...]]) -> None:
    """A Markdown table."""
    print("|", " | ".join(head), "|")
    print("|", " | ".join("---" for _ in head), "|")
    for row in rows:
        print("|", " | ".join(str(cell) for cell in row), "|", flush=True)
    print()


def bench_start() -> None:
    """How long the command line takes to answer."""
    print(f"## Start: median of {N_STARTS} runs\n")
    seconds = {
        verb: [run(*verb.split())[1] for _ in range(N_STARTS)] for verb in ("--help", "train --help")
    }
    table(
        ("command", "seconds"),
        [(f"`tinygest {v}`", f"{statistics.median(s):.2f}") for v, s in seconds.items()],
    )


def bench_signalpath() -> None:
    """Samples a second, offline."""
    from bench_signalpath import measure

    print("## Signal path offline: one thread, six channels, best of five runs\n")
    table(("figure", "value"), list(measure().items()))


def bench_path() -> None:
    """Instructions of the signal path on the device."""
    from bench_path import HEAD, rows

    print("## Signal path on a Cortex-M4: instructions, six channels\n")
    table(HEAD, rows())


def bench_decisions() -> None:
    """Whole decisions of the default networks."""
    from bench_decisions import HEAD, rows

    print("## Whole decisions on a Cortex-M4: instructions\n")
    table(HEAD, rows())


def bench_import() -> None:
    """Rows a second from CSV, and memory that does not grow."""
    from bench_import import results

    print("## Import of CSV: 100 Hz, six channels, labels, an hour a file\n")
    table(("set", "speed", "memory"), results(100))


def bench_kernels(rivals: Path | None) -> None:
    """Networks alone, against other generators where `rivals` says where to install them."""
    from bench_kernels import HEAD, MODELS, compare
    from bench_rivals import install

    print("## Networks alone\n")
    if MODELS.is_dir():
        table(HEAD, compare(MODELS, install(rivals) if rivals else None))
    else:
        print(f"{MODELS} is absent: `python tools/bench_kernels.py --models FOLDER` takes others.\n")


def bench_revisions() -> None:
    """What a model of one board revision loses on the other."""
    from bench_revisions import HEAD, compare, rows

    print("## One model on both board revisions: simulated, two of six people held out\n")
    table(HEAD, rows(compare(n_people=6, held_out={5, 6})))


def bench_radio() -> None:
    """Virtual boards over the virtual radio."""
    from bench_radio import HEAD, results

    print("## Virtual boards over the virtual radio: real time, four seconds each\n")
    table(HEAD, (result.row() for result in results(4.0)))


def bench_gateway() -> None:
    """Eight boards recorded for ten minutes."""
    from bench_gateway import HEAD, measure

    print("## The gateway: eight boards at 200 Hz, ten minutes\n")
    table(HEAD, [measure().row()])


def bench_plans() -> None:
    """Memory plans of random networks."""
    from bench_plans import N_NETWORKS, measure, rows

    print("## Memory plans of random networks\n")
    table(("what", "how much"), rows(measure(N_NETWORKS)))


def bench_search() -> None:
    """Fifty trials on PostgreSQL, two workers, one killed."""
    from bench_search import run_benchmark

    run_benchmark()


def bench_sets(folder: Path | None) -> None:
    """The main job on whole sets, with everything it measures on the way."""
    print("## The main job on recordings\n")
    print(
        "One recipe for all; `evaluate --family dense --quick` holds whole subjects out (recordings or\n"
        "blocks of time where there is one subject).\n"
    )
    head = ("set", "bytes that differ", "events equal on Cortex-M4", "parameters", "flash", "RAM", "stack")
    head += ("instructions: idle sample", "decision", "segment accuracy", "event macro-F1 @.5 / @.3")
    head += ("false alarms per hour (95 %), hours", "delay median, s", "train s", "evaluate s")
    table(head, (main_job(name, source) for name, source in sets(folder)))


def bench_models(folder: Path | None) -> None:
    """Models on people they never met; hours, resumed where it was stopped."""
    if folder is None:
        print("## Models on people they never met\n\nNot without `--sets`.\n")
        return
    subprocess.run([sys.executable, ROOT / "tools" / "bench_models.py", "--data", folder], check=True)


def bench_memory() -> None:
    """Training on a hundred hours."""
    print("## Memory of training\n", flush=True)
    subprocess.run([sys.executable, ROOT / "tools" / "bench_memory.py"], check=True)


def sets(folder: Path | None) -> Iterator[tuple[str, Path | None]]:
    """(name, folder), the simulated set first."""
    yield "boxing_simulated", None
    for source in sorted(folder.iterdir()) if folder else ():
        if (source / "dataset.json").is_file():
            yield source.name, source


def main_job(name: str, source: Path | None) -> tuple[Any, ...]:
    """One row: import, train, generate, verify, profile, evaluate in a project of its own."""
    with tempfile.TemporaryDirectory(prefix="tinygest-bench-") as temporary:
        project, library = Path(temporary) / name, Path(temporary) / "library"
        if source is None:
            run("init", project, "--example", "boxing")
        else:
            run("init", project)
            run("-p", project, "import", source, "--format", "imu-csv")
        trained, train_s = run("-p", project, "train", "--name", "m", "--no-measure", "--json")
        run("-p", project, "generate", "m", "--out", library)
        verified, _ = run("-p", project, "verify", "m", "--require", "cortex-m4,tflm", "--json")
        profiled, _ = run("-p", project, "profile", "m", "--json")
        evaluated, evaluate_s = run("-p", project, "evaluate", *EVALUATE, "--json")
    return (
        name,
        *verified_cells(json.loads(verified)),
        json.loads(trained)["n_parameters"],
        *profiled_cells(json.loads(profiled)),
        *evaluated_cells(json.loads(evaluated)),
        f"{train_s:.0f}",
        f"{evaluate_s:.0f}",
    )


def verified_cells(report: dict[str, Any]) -> tuple[Any, ...]:
    """`verify` ends with an error when a byte differs, so reaching this is the zero."""
    events = next(s for s in report["stages"] if s["target"] == "cortex-m4" and s["stage"] == "events")
    return 0, events["n_compared"]


def profiled_cells(report: dict[str, Any]) -> tuple[Any, ...]:
    instructions = report["instructions"]
    spread = [instructions[name] for name in ("idle_push", "deciding_push")]
    means = [f"{s['mean']:,.0f}" if s else "-" for s in spread]
    ram = report["ram"]["state"] + report["ram"]["static"]
    return (f"{report['flash']['library']:,}", f"{ram:,}", report["stack"]["measured"], *means)


def evaluated_cells(report: dict[str, Any]) -> tuple[Any, ...]:
    main = report["main"]
    accuracy = f"{main['segments']['accuracy']:.3f}"
    if not main["events"]:
        return accuracy, "not continuous", "-", "-"
    alarms, delay = main["events"]["false_alarms"], main["events"]["delay"]
    scores = f"{main['events']['macro_f1']:.3f} / {main['events_loose']['macro_f1']:.3f}"
    return accuracy, scores, alarm_cell(alarms), f"{delay['median_s']:.2f}" if delay["n"] else "-"


def alarm_cell(rate: dict[str, Any]) -> str:
    if rate["per_hour"] is None:
        return "nothing reviewed and unlabelled"
    return f"{rate['per_hour']:.1f} ({rate['low']:.1f} to {rate['high']:.1f}), {rate['hours']:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sets", type=Path, help="folder with real recordings")
    parser.add_argument("--rivals", type=Path, help="folder to install other generators of C in")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=[
            "start",
            "signalpath",
            "path",
            "decisions",
            "kernels",
            "import",
            "revisions",
            "radio",
            "plans",
            "search",
            "sets",
            "models",
            "memory",
        ],
        help="some of them",
    )
    arguments = parser.parse_args()
    benches: dict[str, Callable[[], None]] = {
        "start": bench_start,
        "signalpath": bench_signalpath,
        "path": bench_path,
        "decisions": bench_decisions,
        "kernels": lambda: bench_kernels(arguments.rivals),
        "import": bench_import,
        "revisions": bench_revisions,
        "radio": bench_radio,
        "gateway": bench_gateway,
        "plans": bench_plans,
        "search": bench_search,
        "sets": lambda: bench_sets(arguments.sets),
        "models": lambda: bench_models(arguments.sets),
        "memory": bench_memory,
    }
    print(
        f"<!-- {platform.machine()}, {platform.python_implementation()} {platform.python_version()} -->\n"
    )
    for name in arguments.only or benches:
        benches[name]()


if __name__ == "__main__":
    main()
