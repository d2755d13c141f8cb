"""A simulated session as a board would have delivered it: canonical counts at the project's rate."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from tinygest.core.errors import UsageError
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Recording, RecordingInfo, RecordingMeta, Samples
from tinygest.core.sensor import imu_contract
from tinygest.signalpath.resample import ResamplerStream
from tinygest.simulate.blocks import session_blocks
from tinygest.simulate.driver import canonical_counts, measure_rate
from tinygest.simulate.imu import Unit, draw_unit, find_board
from tinygest.simulate.people import Person
from tinygest.simulate.performer import Mark
from tinygest.simulate.script import Action

PROJECT_RATE_HZ = 100.0
SIDES = ("left", "right")
_UNIT, _CLOCK = 7, 8


@dataclass(frozen=True)
class Chunk:
    """What the board sends next."""

    samples: Samples  # (n, 6)
    marks: tuple[Mark, ...]
    """Punches that ended meanwhile, in seconds of true time since the first sample."""
    n_clipped: tuple[int, ...]
    """Per channel, samples of the part at the end of its range."""


@dataclass(frozen=True)
class SimulatedBoard:
    """One person wearing one unit on one hand for one session; the seed decides all that is left open.

    The same person, script, side and seed give the same motion on every board.
    """

    person: Person
    board: str
    seed: int
    side: str = "right"
    rate_hz: float = PROJECT_RATE_HZ

    def __post_init__(self) -> None:
        find_board(self.board)
        if self.side not in SIDES:
            raise UsageError(f"side {self.side!r} is not known; use one of {', '.join(SIDES)}")

    @property
    def unit(self) -> Unit:
        """The piece of hardware that is worn."""
        return draw_unit(find_board(self.board), np.random.default_rng((_UNIT, self.seed)))

    @property
    def measured_part_rate_hz(self) -> float:
        """What the driver takes the part's rate to be."""
        return measure_rate(self.unit, np.random.default_rng((_CLOCK, self.seed)))

    @property
    def true_rate_hz(self) -> float:
        """Rate of the samples by a perfect clock: the project's, but for the error of measurement."""
        return self.rate_hz * self.unit.rate_hz / self.measured_part_rate_hz

    def stream(self, script: Iterable[Action]) -> Iterator[Chunk]:
        """Samples chunk by chunk (some seconds each), for as long as the script lasts."""
        unit = self.unit
        resampler = ResamplerStream(6, self.measured_part_rate_hz, self.rate_hz)
        for block in session_blocks(self.person, script, self.side, unit, self.seed):
            counts = canonical_counts(unit.part, block.raw)
            n_clipped = ((counts == 32767) | (counts == -32768)).sum(axis=0)
            yield Chunk(resampler.push(counts), block.marks, tuple(int(n) for n in n_clipped))


def simulate_session(
    person: Person,
    script: Iterable[Action],
    board: str,
    seed: int,
    *,
    side: str = "right",
    session: str = "A",
    recording_id: str = "",
) -> tuple[Recording, LabelTrack]:
    """Perform a finite script and record it, with every punch labelled and all time reviewed.

    Raises UsageError for a board or side that is not known.
    """
    device = SimulatedBoard(person, board, seed, side)
    chunks = list(device.stream(script))
    samples = np.concatenate([chunk.samples for chunk in chunks])
    marks = [mark for chunk in chunks for mark in chunk.marks]
    meta = RecordingMeta(subject=person.name, side=side, session=session, fields={"board": board})
    name = recording_id or f"{person.name.lower()}_{side}_{session.lower()}"
    recording = Recording(name, _info(device, samples, chunks), meta, samples)
    return recording, _track(marks, device.true_rate_hz, len(samples))


def _info(device: SimulatedBoard, samples: Samples, chunks: list[Chunk]) -> RecordingInfo:
    part = device.unit.part
    contract = imu_contract(device.rate_hz)
    n_clipped = np.sum([chunk.n_clipped for chunk in chunks], axis=0)
    return RecordingInfo(
        contract=contract,
        n_samples=len(samples),
        measured_rate_hz=device.true_rate_hz,
        device=f"simulated {part.name}",
        source={
            "simulated": True,
            "made_by": "tinygest.simulate: no person and no sensor took part",
            "person": device.person.name,
            "seed": device.seed,
            "board": device.board,
            "part_rate_hz": device.unit.rate_hz,
            "measured_part_rate_hz": device.measured_part_rate_hz,
        },
        n_clipped={name: int(n) for name, n in zip(contract.channel_names, n_clipped, strict=True) if n},
    )


def _track(marks: list[Mark], rate_hz: float, n_samples: int) -> LabelTrack:
    """Seconds to rows: row k stands for the time k / rate_hz."""
    spans = [(math.ceil(mark.start_s * rate_hz), math.ceil(mark.stop_s * rate_hz)) for mark in marks]
    segments = tuple(
        Segment(start, stop, mark.label, "import") for mark, (start, stop) in zip(marks, spans, strict=True)
    )
    return LabelTrack(segments, (Interval(0, n_samples),)).check(n_samples)
