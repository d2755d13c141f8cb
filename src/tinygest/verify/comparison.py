"""Traces of boards against Python and TFLM, and how much of them was the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import ModelContract
from tinygest.core.errors import VerifyError
from tinygest.core.recording import Recording
from tinygest.verify.compare import Traced, count_bytes, require_equal
from tinygest.verify.expected import (
    Expectation,
    expect,
    expected_bytes,
    expected_events,
    expected_segments,
    logits_of,
)
from tinygest.verify.report import StageResult
from tinygest.verify.runner import Runner
from tinygest.verify.stream import Trace
from tinygest.verify.tflm import Tflm

PYTHON, TFLM = "python", "tflm"


@dataclass(frozen=True)
class Oracle:
    """Logits of every segment of one recording, (k, n_classes), and whose they are."""

    logits: NDArray[np.int8]
    source: str


@dataclass
class Comparison:
    """Counts grow with every batch that is the same; the first difference raises VerifyError."""

    contract: ModelContract
    tflm: Tflm | None
    n_compared: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    n_bytes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    n_recordings: int = 0
    n_samples: int = 0
    n_gaps: int = 0
    n_segments: int = 0

    def add(
        self, batch: Sequence[Recording], traced: Sequence[Runner], shipped: Callable[[], Sequence[Runner]]
    ) -> None:
        """Run a batch everywhere and compare. Without TFLM the first board's logits are the oracle.

        traced: libraries that tell every stage; shipped: asked when those are right, the same libraries
        without trace hooks, of which the events are compared.
        """
        expectations = [expect(recording, self.contract) for recording in batch]
        oracles = self._ask_tflm(expectations)
        for runner in traced:
            traces = runner.run(batch).recordings
            for expected, trace in zip(expectations, traces, strict=True):
                self._compare_path(runner.board.name, expected, trace)
            if oracles is None:
                oracles = [
                    self._oracle(runner.board.name, expected, trace)
                    for expected, trace in zip(expectations, traces, strict=True)
                ]
            for expected, trace, oracle in zip(expectations, traces, oracles, strict=True):
                self._compare_answers(runner.board.name, expected, trace, oracle)
        for runner in shipped():
            traces = runner.run(batch).recordings
            for expected, trace, oracle in zip(expectations, traces, oracles or (), strict=True):
                self._compare_events(
                    (runner.board.name, "events as shipped", PYTHON), expected, trace, oracle
                )
        self._count(batch, expectations)

    def stages(self) -> tuple[StageResult, ...]:
        """What was compared, in the order in which it was."""
        return tuple(
            StageResult(*key, n_compared=n, n_bytes=self.n_bytes[key]) for key, n in self.n_compared.items()
        )

    def _ask_tflm(self, expectations: Sequence[Expectation]) -> list[Oracle] | None:
        if self.tflm is None:
            return None
        return [Oracle(self.tflm.run(expected.inputs), TFLM) for expected in expectations]

    def _oracle(self, target: str, expected: Expectation, trace: Trace) -> Oracle:
        logits = logits_of(trace.logits, len(expected.spans), len(self.contract.classes))
        if logits is None:
            raise VerifyError(
                f"stage logits on {target}, recording {expected.recording.id}: not one value of each class "
                "for each segment"
            )
        return Oracle(logits, target)

    def _compare_path(self, target: str, expected: Expectation, trace: Trace) -> None:
        segments = expected_segments(expected)
        inputs = expected_bytes(expected, expected.inputs)
        self._compare((target, "segments", PYTHON), expected, trace.segments, segments)
        self._compare((target, "inputs", PYTHON), expected, trace.inputs, inputs)

    def _compare_answers(self, target: str, expected: Expectation, trace: Trace, oracle: Oracle) -> None:
        if oracle.source != target:
            logits = expected_bytes(expected, oracle.logits)
            self._compare((target, "logits", oracle.source), expected, trace.logits, logits)
        self._compare_events((target, "events", PYTHON), expected, trace, oracle)

    def _compare_events(
        self, key: tuple[str, str, str], expected: Expectation, trace: Trace, oracle: Oracle
    ) -> None:
        events = expected_events(expected, self.contract, oracle.logits)
        self._compare(key, expected, trace.events, events)

    def _compare(
        self,
        key: tuple[str, str, str],
        expected: Expectation,
        found: Sequence[Traced],
        wanted: Sequence[Traced],
    ) -> None:
        target, stage, against = key
        where = f"stage {stage} on {target}, recording {expected.recording.id}"
        require_equal(found, wanted, where, against, expected.timeline)
        self.n_compared[key] += len(wanted)
        self.n_bytes[key] += count_bytes(wanted)

    def _count(self, batch: Sequence[Recording], expectations: Sequence[Expectation]) -> None:
        self.n_recordings += len(batch)
        self.n_samples += sum(len(recording.samples) for recording in batch)
        self.n_gaps += sum(len(recording.info.gaps) for recording in batch)
        self.n_segments += sum(len(expected.spans) for expected in expectations)
