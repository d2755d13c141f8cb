"""Messages of one board -> batches of samples on one time line, over all its links.

Nothing is interpolated and nothing is dropped silently: a batch says how many samples are missing before
it and why, and everything odd is counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np

from tinygest.core.errors import ProtocolError
from tinygest.core.recording import Samples
from tinygest.core.sensor import SensorContract
from tinygest.gateway.clock import WRAP_MS, DeviceClock
from tinygest.protocol.continuity import Continuity, Step
from tinygest.protocol.samples import SampleFrame, decode_samples
from tinygest.protocol.ssi_v1 import RowReader
from tinygest.transport.inbox import Message

LATE_S = 0.25
"""A frame that much later than the quickest one was kept waiting."""
MAX_MISSING = (1 << 32) - 1
NAN = float("nan")


class Cause(IntEnum):
    """Why the signal does not go on from the row before. The journal stores the numbers."""

    CONTINUES = 0
    LOST = 1
    """Frames were lost on the link."""
    BOARD = 2
    """The board itself lost samples."""
    LINK_DOWN = 3
    """The link was down; the board's clock tells for how long."""
    BOARD_RESTARTED = 4
    """The board was switched off or reset; the host's clock tells for how long, to some 50 ms."""


@dataclass(frozen=True)
class Batch:
    """Samples that came together. samples: (n, n_channels)."""

    samples: Samples
    first_index: int
    """Of the time line that begins with the session and runs over missing samples."""
    missing: int
    """Samples that are missing just before; with a cause, 0 means that nobody knows."""
    cause: Cause
    device_s: float
    """Board's clock when the last row was ready; not a number where the board does not say."""
    host_s: float
    """Host's monotonic clock when they came."""
    own_index: int | None = None
    """As the board itself counts since START, and in its events; None where it tells none."""


@dataclass
class Counts:
    """Since the session began."""

    n_samples: int = 0
    n_lost: int = 0
    """Samples that were sent and did not arrive."""
    n_board_lost: int = 0
    n_down: int = 0
    """Samples of the time in which there was no link."""
    n_repeated: int = 0
    n_late: int = 0
    """Frames that came much later than others."""
    n_malformed: int = 0
    n_dropped: int = 0
    """Messages that found this host's queue full."""
    n_restarts: int = 0
    """Of the board."""
    n_links: int = 0

    def copy(self) -> Counts:
        return replace(self)


@dataclass
class _TimeLine:
    next_index: int = 0
    last_device_s: float = NAN
    last_host_s: float = NAN


@dataclass
class FrameStream:
    """Of boards that speak our protocol: every loss is seen."""

    contract: SensorContract
    counts: Counts = field(default_factory=Counts)
    _line: _TimeLine = field(default_factory=_TimeLine)
    _clock: DeviceClock = field(default_factory=DeviceClock)
    _continuity: Continuity = field(default_factory=Continuity)
    _has_restarted: bool = False
    _is_first: bool = True
    _quickest: float = float("inf")

    def begin_link(self, uptime_ms: int | None, host_s: float) -> None:
        """A new link: its stream begins at index 0."""
        has_restarted = self._clock.begin_link(uptime_ms, host_s)
        if has_restarted:
            self.counts.n_restarts += 1
            self._quickest = float("inf")
        # A link on which nothing came has told nobody of the restart before it.
        self._has_restarted = has_restarted or (self._has_restarted and self._is_first)
        self._continuity = Continuity()
        self._is_first = True
        self.counts.n_links += 1

    def feed(self, message: Message) -> Batch | None:
        """None for what is no news: a repeated frame, or one that is not what the protocol says."""
        try:
            frame = decode_samples(message.payload, len(self.contract.channels))
        except ProtocolError:
            self.counts.n_malformed += 1
            return None
        step, missing = self._continuity.step(frame)
        if step == Step.REPEATED:
            self.counts.n_repeated += len(frame.samples)
            return None
        device_s = self._clock.seconds(frame.device_ms, message.at_s)
        cause, missing = self._judge(step, missing, frame, device_s, message.at_s)
        self._note_delay(device_s, message.at_s)
        times = {"device_s": device_s, "host_s": message.at_s}
        batch = _advance(self._line, self.counts, frame.samples, missing=missing, cause=cause, **times)
        return replace(batch, own_index=frame.first_index)

    def board_s(self, uptime_ms: int, host_s: float) -> float:
        """The board's clock, as `device_s` of batches has it."""
        return self._clock.seconds(uptime_ms % WRAP_MS, host_s)

    def _judge(
        self, step: Step, missing: int, frame: SampleFrame, device_s: float, host_s: float
    ) -> tuple[Cause, int]:
        if step == Step.GAP:
            self.counts.n_board_lost += missing
            return Cause.BOARD, missing
        if step != Step.RESTARTED:
            self.counts.n_lost += missing
            return (Cause.LOST if missing else Cause.CONTINUES), missing
        is_first, self._is_first = self._is_first, False
        if self._line.next_index == 0:
            self.counts.n_lost += frame.first_index  # lost before any came; the time line begins after
            return Cause.CONTINUES, 0
        missing = self._missing_since_the_last(len(frame.samples), device_s, host_s)
        self.counts.n_down += missing
        restarted = self._has_restarted or not is_first
        return (Cause.BOARD_RESTARTED if restarted else Cause.LINK_DOWN), missing

    def _missing_since_the_last(self, n: int, device_s: float, host_s: float) -> int:
        """Samples between the last row before the link broke and the first one of the new stream."""
        if self._has_restarted or not device_s > self._line.last_device_s:
            elapsed_s = host_s - self._line.last_host_s
        else:
            elapsed_s = device_s - self._line.last_device_s
        return min(max(0, round(elapsed_s * self.contract.rate_hz) - n), MAX_MISSING)

    def _note_delay(self, device_s: float, host_s: float) -> None:
        delay = host_s - device_s
        self._quickest = min(self._quickest, delay)
        self.counts.n_late += delay > self._quickest + LATE_S


@dataclass
class RowStream:
    """Of boards that speak only SSI: rows without index or time. In v2 lost frames are seen, in v1 not."""

    contract: SensorContract
    columns: tuple[int, ...]
    """Of a row on the link, those that the contract has, in its order."""
    n_columns: int
    counts: Counts = field(default_factory=Counts)
    _line: _TimeLine = field(default_factory=_TimeLine)
    _reader: RowReader = field(init=False)
    _sequence: int | None = None
    _is_new_link: bool = True

    def __post_init__(self) -> None:
        self._reader = RowReader(self.n_columns)

    def begin_link(self, uptime_ms: int | None, host_s: float) -> None:
        self._reader = RowReader(self.n_columns)
        self._sequence = None
        self._is_new_link = True
        self.counts.n_links += 1

    def feed(self, message: Message) -> Batch | None:
        """None while no row is whole, and for a repeated frame."""
        n_lost_frames = self._lost_frames(message.sequence)
        if n_lost_frames is None:
            return None
        if n_lost_frames:
            self._reader = RowReader(self.n_columns)  # half a row of before is no beginning
        rows = self._reader.feed(message.payload)
        if not len(rows):
            return None
        missing = min(n_lost_frames * len(rows), MAX_MISSING)
        cause = Cause.LOST if missing else Cause.CONTINUES
        self.counts.n_lost += missing
        if self._is_new_link and self._line.next_index:
            cause, missing = Cause.LINK_DOWN, self._missing_since_the_last(len(rows), message.at_s)
            self.counts.n_down += missing
        self._is_new_link = False
        samples = np.ascontiguousarray(rows[:, self.columns])
        times = {"device_s": NAN, "host_s": message.at_s}
        return _advance(self._line, self.counts, samples, missing=missing, cause=cause, **times)

    def _lost_frames(self, sequence: int | None) -> int | None:
        """None: seen already."""
        last, self._sequence = self._sequence, sequence
        if sequence is None or last is None or sequence < last:  # v1, the first one, or counted anew
            return 0
        if sequence == last:
            return None
        return sequence - last - 1

    def _missing_since_the_last(self, n: int, host_s: float) -> int:
        elapsed_s = host_s - self._line.last_host_s
        return min(max(0, round(elapsed_s * self.contract.rate_hz) - n), MAX_MISSING)


Stream = FrameStream | RowStream


def _advance(
    line: _TimeLine,
    counts: Counts,
    samples: Samples,
    *,
    missing: int,
    cause: Cause,
    device_s: float,
    host_s: float,
) -> Batch:
    first = line.next_index + missing
    line.next_index = first + len(samples)
    line.last_device_s, line.last_host_s = device_s, host_s
    counts.n_samples += len(samples)
    return Batch(samples, first, missing, cause, device_s, host_s)
