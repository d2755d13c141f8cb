"""Golden vectors for the self-test of a generated library: what it answers on this computer.

They come from the generated C itself, compiled here, so the self-test says whether another machine
computes the same. That this is right is what `verify` shows.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from tinygest.core.contract import ModelContract
from tinygest.core.event import Event
from tinygest.core.recording import Recording
from tinygest.generate.classifier_library import generate_library
from tinygest.generate.network_library import generate_network
from tinygest.generate.vectors import NetworkVectors, StreamVectors, random_inputs
from tinygest.signalpath.path import find_segments
from tinygest.toolchain.boards import HostBoard
from tinygest.verify.library import open_library
from tinygest.verify.network import build_network, run_network
from tinygest.verify.runner import build_runner
from tinygest.verify.stream import Trace

N_VECTORS = 8
MAX_SAMPLES = 1000
"""Of a golden stream: 12 kB of flash in an image that links the self-test."""
WARM_UP_S = 1.0
"""Before the first movement, for the slow average of the activity."""
MAX_EVENTS = 3
MAX_TRIES = 20


def network_vectors(tflite: bytes, name: str, n_inputs: int) -> NetworkVectors:
    """Random inputs through the compiled network; raises ToolchainError without a C compiler."""
    inputs = random_inputs(N_VECTORS, n_inputs)
    with tempfile.TemporaryDirectory(prefix="tinygest-golden-") as temporary:
        folder = Path(temporary)
        generate_network(tflite, name, folder / "library")
        image = build_network(HostBoard(), open_library(folder / "library", name), folder / "build")
        return NetworkVectors(inputs, run_network(HostBoard(), image, inputs, folder / "run").outputs)


def stream_vectors(
    contract: ModelContract, tflite: bytes, recordings: Iterable[Recording]
) -> StreamVectors | None:
    """The first stretch of the recordings in which the model tells an event; None if there is none.

    Raises ToolchainError without a C compiler.
    """
    with tempfile.TemporaryDirectory(prefix="tinygest-golden-") as temporary:
        folder = Path(temporary)
        generate_library(contract, tflite, folder / "library")
        sources = open_library(folder / "library", contract.name).stream_sources(traced=True)
        runner = build_runner(HostBoard(), sources, folder / "build")
        for stretch in _stretches(contract, recordings):
            (trace,) = runner.run([stretch], ends=False).recordings
            if trace.events:
                return _vectors(stretch, trace)
    return None


def _stretches(contract: ModelContract, recordings: Iterable[Recording]) -> Iterator[Recording]:
    """Pieces of recordings of this sensor that hold a segment, from a reset on; at most MAX_TRIES."""
    n_left = MAX_TRIES
    warm_up = round(WARM_UP_S * contract.sensor.rate_hz)
    for recording in recordings:
        if recording.info.contract != contract.sensor:
            continue
        for first, last in recording.spans():
            piece = recording.samples[first:last]
            spans, _ = find_segments(piece, (), contract.sensor, contract.activity, contract.segmenter)
            n_covered = 0  # by the first half of the stretch before: windows overlap
            for start, _stop in spans.tolist():
                if start < n_covered:
                    continue
                if n_left == 0:
                    return
                n_covered = max(0, start - warm_up) + MAX_SAMPLES // 2
                n_left -= 1
                yield _cut(recording, first + max(0, start - warm_up), last)


def _cut(recording: Recording, start: int, stop: int) -> Recording:
    """Rows [start, stop) of an unbroken piece as a recording, at most MAX_SAMPLES of them."""
    samples = recording.samples[start : min(stop, start + MAX_SAMPLES)]
    info = msgspec.structs.replace(recording.info, n_samples=len(samples), gaps=())
    return replace(recording, info=info, samples=samples)


def _vectors(stretch: Recording, trace: Trace) -> StreamVectors:
    """The first events of the trace, and no more samples than they need."""
    traced = trace.events[:MAX_EVENTS]
    logits = {entry.at: np.frombuffer(entry.values, np.int8) for entry in trace.logits}
    events = tuple(Event(e.start, e.length, e.label, e.score, e.at) for e in traced)
    samples = stretch.samples[: events[-1].decided_at + 1]
    return StreamVectors(samples, events, np.stack([logits[event.decided_at] for event in events]))
