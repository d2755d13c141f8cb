"""What a virtual board's sensor measures: a recording, or a boxer without end."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tinygest.simulate.blocks import Block, session_blocks
from tinygest.simulate.imu import Part, draw_unit
from tinygest.simulate.people import Person
from tinygest.simulate.performer import Mark
from tinygest.simulate.radio.board import Start, VirtualBoard
from tinygest.simulate.script import Action, training_script

AHEAD_S = 3.0
"""So much of a feed lies ready in the board, in its own time."""
STILL_S = 10.0
_UNIT = 7


class Feeder(Protocol):
    """Called at each start of sampling, cancelled at the next."""

    async def run(self, board: VirtualBoard, start: Start) -> None: ...


async def keep_feeding(board: VirtualBoard, feeder: Feeder) -> None:
    """Until it is cancelled: whenever the board starts its stream, the feed begins anew."""
    start = asyncio.create_task(board.next_start())
    current: asyncio.Task[None] | None = None
    try:
        while True:
            running = {current} if current and not current.done() else set()
            await asyncio.wait({start, *running}, return_when=asyncio.FIRST_COMPLETED)
            if current and current.done() and not current.cancelled():
                current.result()  # raises what went wrong with the feed
            if not start.done():
                continue
            if current:
                current.cancel()
                await asyncio.wait([current])
            board.clear_feed()
            current = asyncio.create_task(feeder.run(board, start.result()))
            start = asyncio.create_task(board.next_start())
    finally:
        for task in (start, current):
            if task:
                task.cancel()


@dataclass
class Replay:
    """Rows (n, 6) in canonical counts at rate_hz.

    They are brought to the sensor's rate, and come back at the project's rate through the board's own
    resampler. exact: rows go out as they are, for a central that starts RAW and gets them back unchanged;
    the sensor is silent afterwards.
    """

    rows: npt.NDArray[np.int16]
    rate_hz: float
    exact: bool = False
    loop: bool = False
    _made: dict[float, npt.NDArray[np.int16]] = field(default_factory=dict, repr=False)

    def prepare(self, part_rate_hz: float) -> npt.NDArray[np.int16]:
        """The rows at the sensor's rate: what was prepared comes without delay."""
        if part_rate_hz not in self._made:
            self._made[part_rate_hz] = resampled(self.rows, self.rate_hz, part_rate_hz)
        return self._made[part_rate_hz]

    async def run(self, board: VirtualBoard, start: Start) -> None:
        if self.exact:
            await board.play(self.rows, self.rate_hz, start)
            return
        rows = await asyncio.to_thread(self.prepare, start.rate_hz)
        still = np.repeat(rows[-1:], round(STILL_S * start.rate_hz), axis=0)
        endless = itertools.repeat(rows) if self.loop else itertools.chain([rows], itertools.repeat(still))
        await _pace(board, start, endless, start.rate_hz)


def resampled(rows: npt.NDArray[np.int16], rate_hz: float, part_rate_hz: float) -> npt.NDArray[np.int16]:
    """As the sensor would have measured the same motion; polyphase filter of scipy."""
    from scipy.signal import resample_poly

    ratio = Fraction(part_rate_hz / rate_hz).limit_denominator(1000)
    if ratio == 1:
        return rows
    made = resample_poly(rows.astype(float), ratio.numerator, ratio.denominator, axis=0, padtype="line")
    return np.asarray(np.clip(np.rint(made), -32767, 32767), np.int16)


async def _pace(
    board: VirtualBoard,
    start: Start,
    pieces: Iterator[npt.NDArray[np.int16]],
    rate_hz: float,
    *,
    part_counts: bool = False,
    on_begin: Callable[[float], None] = lambda _at_s: None,
) -> None:
    """Rows go to the board some seconds before they are due. on_begin: told when it begins to play them."""
    loop = asyncio.get_running_loop()
    speed = board.options.speed
    began: float | None = None
    sent_s = 0.0
    for piece in pieces:
        for chunk in np.array_split(piece, max(1, round(len(piece) / rate_hz))):
            if began is None:
                began = loop.time()
            await board.feed(chunk)
            if sent_s == 0:
                began_to_play = board.begin_feed(rate_hz, part_counts=part_counts, start=start)
                began_to_play.add_done_callback(lambda future: on_begin(future.result()))
            sent_s += len(chunk) / rate_hz
            await asyncio.sleep(max(0.0, (sent_s - AHEAD_S) / speed - (loop.time() - began)))


@dataclass
class Boxer:
    """A simulated boxer who trains without end, with one unit of the part on one hand.

    on_mark: told of each punch, some seconds before the board sees it: the how manyth stream of this board,
    and the punch in the event loop's time.
    """

    person: Person
    side: str
    part: Part
    seed: int
    on_mark: Callable[[int, Mark], None] = field(default=lambda _stream, _mark: None)
    _n_runs: int = 0

    async def run(self, board: VirtualBoard, start: Start) -> None:
        self._n_runs += 1
        seed = self.seed + self._n_runs - 1
        unit = draw_unit(self.part, np.random.default_rng((_UNIT, self.seed)))
        unit = replace(unit, rate_hz=unit.rate_hz * start.rate_hz / self.part.nominal_rate_hz)
        blocks = session_blocks(self.person, endless_script(seed), self.side, unit, seed)
        teller = _Teller(partial(self.on_mark, self._n_runs), 1 / unit.rate_hz, board.options.speed)
        rows = _rows(blocks, teller)
        await _pace(board, start, rows, unit.rate_hz, part_counts=True, on_begin=teller.begin)


def _rows(blocks: Iterator[Block], teller: _Teller) -> Iterator[npt.NDArray[np.int16]]:
    for block in blocks:
        for mark in block.marks:
            teller.tell(mark)
        yield block.raw


@dataclass
class _Teller:
    """Marks of a session -> marks in the event loop's time, once it is known when the session began."""

    on_mark: Callable[[Mark], None]
    delay_s: float
    """Of the sensor: the first row is made a period after the feed began."""
    speed: float
    _began_s: float | None = None
    _held: list[Mark] = field(default_factory=list)

    def begin(self, at_s: float) -> None:
        self._began_s = at_s
        for mark in self._held:
            self.tell(mark)

    def tell(self, mark: Mark) -> None:
        if self._began_s is None:
            self._held.append(mark)
            return
        start_s, stop_s = (
            self._began_s + (at_s + self.delay_s) / self.speed for at_s in (mark.start_s, mark.stop_s)
        )
        self.on_mark(Mark(start_s, stop_s, mark.label))


def endless_script(seed: int) -> Iterator[Action]:
    """One training round after another."""
    return itertools.chain.from_iterable(training_script(seed + i) for i in itertools.count(0, 1000))
