"""What every exporter is given and gives, and what they share."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from tinygest.core.errors import FormatError
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import MAX_TEXT, Gap, Recording, RecordingInfo
from tinygest.core.sensor import Channel
from tinygest.core.units import canonical_unit
from tinygest.formats.base import Remark
from tinygest.formats.convert import is_rotation
from tinygest.formats.spans import n_merged

GUARD_DIGITS = 3
"""Decimals beyond the size of one count: rounding then never reaches half a count."""


@dataclass(frozen=True)
class Item:
    """One recording to be written."""

    recording: Recording
    track: LabelTrack


@dataclass(frozen=True)
class ExportOptions:
    """What the person says."""

    key: str = ""
    """Signs (Edge Impulse)."""


Exporter = Callable[[Iterable[Item], Path, ExportOptions], list[Remark]]
"""Writes into an empty folder; the remarks say what the format could not hold."""


def in_units(recording: Recording, acceleration: str, rotation: str) -> NDArray[np.float64]:
    """(n, c) physical values, rounded to a few decimals more than a count has."""
    columns = [
        _physical(recording.samples[:, i], channel, rotation if is_rotation(channel.name) else acceleration)
        for i, channel in enumerate(recording.info.contract.channels)
    ]
    return np.column_stack(columns)


def count_size(channel: Channel, unit: str) -> float:
    """One count in `unit`."""
    return 1 / (channel.counts_per_unit * canonical_unit(unit)[1])


def unbroken(item: Item, breaks: Callable[[Gap], bool]) -> list[Item]:
    """The recording cut at the gaps for which `breaks`: parts get names of their own."""
    recording, track = item.recording, item.track
    info = recording.info
    edges = [0, *(gap.at for gap in info.gaps if breaks(gap)), info.n_samples]
    if len(edges) == 2:
        return [item]
    parts = []
    for number, (start, stop) in enumerate(itertools.pairwise(edges), start=1):
        gaps = tuple(Gap(g.at - start, g.n_missing) for g in info.gaps if start < g.at < stop)
        part = structs.replace(info, n_samples=stop - start, gaps=gaps, n_clipped={})
        name = f"{recording.id[: MAX_TEXT - 6]}_{number:05}"
        cut = Recording(name, part, recording.meta, recording.samples[start:stop])
        parts.append(Item(cut, _cut_track(track, start, stop)))
    return parts


class Names:
    """Refuses the second use of a file name."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def take(self, name: str) -> str:
        if name in self._used:
            raise FormatError(f"two recordings would be written to {name!r}; export them one by one")
        self._used.add(name)
        return name


@dataclass
class Losses:
    """Counts what a format cannot hold, over all recordings."""

    counts: dict[str, int]
    first: dict[str, str]

    @classmethod
    def none(cls) -> Losses:
        return cls({}, {})

    def add(self, kind: str, n: int, recording_id: str) -> None:
        if n:
            self.counts[kind] = self.counts.get(kind, 0) + n
            self.first.setdefault(kind, recording_id)

    def add_merged(self, item: Item) -> None:
        """For formats in which neighbours with one label become one."""
        self.add("neighbouring segments with one label become one", n_merged(item.track), item.recording.id)

    def add_physics(self, info: RecordingInfo, recording_id: str) -> None:
        """For formats without room for the measured rate, the clock and clipped samples."""
        known = [info.measured_rate_hz, info.clock_fit, *info.n_clipped.values()]
        self.add(
            "measured rate, clock and clipped samples are left out", any(map(bool, known)), recording_id
        )

    def remarks(self) -> list[Remark]:
        return [Remark(kind, f"{n}, first in {self.first[kind]}") for kind, n in self.counts.items()]


def _physical(counts: NDArray[np.int16], channel: Channel, unit: str) -> NDArray[np.float64]:
    size = count_size(channel, unit)
    return np.round(counts * size, max(0, math.ceil(-math.log10(size))) + GUARD_DIGITS)


def _cut_track(track: LabelTrack, start: int, stop: int) -> LabelTrack:
    def moved(span: Segment | Interval) -> dict[str, int]:
        return {"start": max(span.start, start) - start, "stop": min(span.stop, stop) - start}

    return LabelTrack(
        tuple(structs.replace(s, **moved(s)) for s in track.segments if s.start < stop and s.stop > start),
        tuple(structs.replace(i, **moved(i)) for i in track.reviewed if i.start < stop and i.stop > start),
    )
