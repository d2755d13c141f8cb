"""The streaming classifier is its stages, one after the other; and the stages survive sanitizers."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tinygest.core.contract import (
    Activity,
    Decision,
    FeatureInput,
    HysteresisSegmenter,
    ModelContract,
    Quantisation,
)
from tinygest.core.recording import Gap
from tinygest.core.sensor import Channel, SensorContract
from tinygest.signalpath.decision import decide
from tinygest.signalpath.path import find_segments

from .conftest import LIBRARY, REPOSITORY, WARNINGS, host_compiler, run

SANITIZERS = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


def build(name: str, out: Path, *options: str) -> Path:
    """tests/c/<name>.c with the whole library, under sanitizers."""
    program = out / name
    sources = [REPOSITORY / "tests" / "c" / f"{name}.c", *sorted(LIBRARY.glob("*.c"))]
    run(host_compiler(), "-std=c99", *WARNINGS, *SANITIZERS, *options, f"-I{LIBRARY}", *sources,
        "-o", program)  # fmt: skip
    return program


@pytest.fixture(scope="module")
def classifier(needs_host_compiler: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("classifier_stream", tmp_path_factory.mktemp("classifier"), "-DTINYGEST_TRACE")


def test_random_configurations_and_streams(needs_host_compiler: None, tmp_path: Path) -> None:
    assert run(build("path_stress", tmp_path)) == "ok\n"


def test_an_event_by_hand(classifier: Path) -> None:
    quiet, active = "s 0 0 ", "s 100 0 "
    told = run(classifier, input="l " + 2 * quiet + 2 * active + 4 * quiet + "l").splitlines()
    # Active samples 2 and 3 with one before and after; told when three samples were quiet.
    assert told == [
        "arguments -1 -1 -1 -1 -1",
        "scores 0 0",
        "segment 1 4",
        "input 50 0",
        "logits 50 1",
        "event 1 49 1 4",
        "scores 50 1",
    ]


def test_a_network_that_fails_gives_no_event_and_the_next_segment_is_answered(classifier: Path) -> None:
    movement = "s 0 0 s 100 0 s 100 0 s 0 0 s 0 0 s 0 0 "
    told = run(classifier, input="f " + movement + "s 0 0 s 0 0 " + movement).splitlines()
    assert told[1:] == [
        *("segment 0 4", "input 50 0", "status -2"),
        *("segment 8 4", "input 50 0", "logits 50 1", "event 1 49 8 4"),
    ]


def test_skip_drops_the_open_segment_and_indices_run_on(classifier: Path) -> None:
    movement = "s 0 0 s 100 0 s 100 0 s 0 0 s 0 0 s 0 0 "
    told = run(classifier, input="s 0 0 s 100 0 g 1000 " + movement + "r l " + movement).splitlines()
    starts = [line for line in told if line.startswith(("segment", "scores"))]
    assert starts == ["segment 1002 4", "scores 0 0", "segment 0 4"]


def test_the_end_of_a_stream_tells_what_is_open_and_starts_anew(classifier: Path) -> None:
    open_at_3 = "s 0 0 s 100 0 s 100 0 s 0 0 "
    told = run(classifier, input=open_at_3 + "e e " + open_at_3 + "f e").splitlines()
    assert told[1:] == [
        *("segment 0 4", "input 50 0", "logits 50 1", "event 1 49 0 4"),
        *("segment 4 4", "input 50 0", "status -2"),
    ]


def test_the_classifier_is_its_stages(classifier: Path) -> None:
    """The same stream through the C classifier and through Python's calls, stage by stage."""
    contract = toy_contract()
    random = np.random.default_rng(5)
    moving = np.repeat(random.random(300) < 0.3, 10)[:, None]
    samples = np.where(moving, random.integers(-120, 120, (3000, 2)), 0).astype(np.int16)
    gaps = [Gap(at) for at in (700, 701, 1500, 2222)]

    found = find_segments(samples, gaps, contract.sensor, contract.activity, contract.segmenter)
    means = [np.trunc(samples[start:stop].mean(axis=0)) for start, stop in found.spans]
    inputs = np.clip(means, -128, 127).astype(np.int8)
    n_runs = np.arange(1, len(inputs) + 1)
    logits = inputs + np.stack([0 * n_runs, n_runs], axis=1)
    logits = logits.astype(np.int8)
    events = decide(logits, found.spans, contract, found.emitted_at, gaps, n_rows=len(samples))

    told = run(classifier, input=commands(samples, gaps)).splitlines()
    assert len(found.spans) > 50
    assert len(events) > 10
    assert kept(told, "segment") == [[a, b - a] for a, b in found.spans.tolist()]
    assert kept(told, "input") == inputs.tolist()
    assert kept(told, "logits") == logits.tolist()
    assert kept(told, "event") == [[e.label, e.score, e.start, e.length] for e in events]


def toy_contract() -> ModelContract:
    """What tests/c/classifier_stream.c is configured with; a millisecond is a sample."""
    channels = tuple(Channel(name, "acceleration", "g", 100.0) for name in ("a", "b"))
    return ModelContract(
        name="toy",
        sensor=SensorContract(channels, 1000.0, "board"),
        activity=Activity(weights=(16, 16), baseline_ms=16384, smooth_ms=1),
        segmenter=HysteresisSegmenter(50, 50, min_ms=1, max_ms=40, pre_ms=1, post_ms=1, merge_ms=2),
        input=FeatureInput(channels=("a", "b"), features=("mean",)),
        quantisation=Quantisation(1.0, 0, 1.0, 0),
        classes=("left", "right"),
        decision=Decision(thresholds={"left": 20, "right": 20}, refractory_ms=5),
    )


def commands(samples: np.ndarray, gaps: list[Gap]) -> str:
    edges = [0, *(gap.at for gap in gaps), len(samples)]
    pieces = ["".join(f"s {a} {b} " for a, b in samples[i:j]) for i, j in pairwise(edges)]
    return "g 0 ".join(pieces) + "e"


def kept(told: list[str], kind: str) -> list[list[int]]:
    return [[int(n) for n in line.split()[1:]] for line in told if line.startswith(kind + " ")]
