"""What a split needs to know about a recording, and recordings cut down to one side of a split."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from msgspec import structs

from tinygest.core.canonical import canonical_json, sha256_hex
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Gap, Recording


class Piece(msgspec.Struct, frozen=True, order=True, array_like=True):
    """Rows [start, stop) of one recording: the unit that a fold trains on or is tested on."""

    recording: str
    start: int
    stop: int


def whole_pieces(recordings: Iterable[tuple[Recording, LabelTrack]]) -> list[Piece]:
    """One piece a recording: all of it."""
    return [Piece(recording.id, 0, recording.info.n_samples) for recording, _ in recordings]


@dataclass(frozen=True)
class RecordingFacts:
    """Everything about a recording that decides on which side of a split it may be."""

    id: str
    subject: str
    n_samples: int
    segments: tuple[Segment, ...]
    """Labelled ones only, in order."""
    content: str
    """Hash of the samples: the same capture under two names must not be on both sides."""
    fingerprint: str
    """Hash of everything that a result can depend on: samples, physics, metadata, labels."""

    @property
    def whole(self) -> Piece:
        return Piece(self.id, 0, self.n_samples)

    @property
    def labels(self) -> frozenset[str]:
        return frozenset(segment.label for segment in self.segments if segment.label)


def facts_of(recording: Recording, track: LabelTrack) -> RecordingFacts:
    """The facts of one recording."""
    content = sha256_hex(np.ascontiguousarray(recording.samples).reshape(-1).view(np.uint8).data)
    learnt = [recording.info, structs.replace(recording.meta, notes=""), track]
    return RecordingFacts(
        id=recording.id,
        subject=recording.meta.subject,
        n_samples=recording.info.n_samples,
        segments=tuple(segment for segment in track.segments if segment.label),
        content=content,
        fingerprint=sha256_hex(content.encode(), *map(canonical_json, learnt)),
    )


def cut(recording: Recording, track: LabelTrack, pieces: Sequence[Piece]) -> tuple[Recording, LabelTrack]:
    """The recording with only these pieces left, laid end to end with a gap where rows are missing.

    What the fold must not see is not there at all, so nothing can be fitted on it by mistake. Labels
    and reviewed time are shifted along; a segment that a border cuts in two is left out.
    """
    rows: list[slice] = []
    segments: list[Segment] = []
    reviewed: list[Interval] = []
    gaps: list[Gap] = []
    n_before = 0
    for start, stop in _joined(pieces):
        shift = n_before - start
        gaps += [Gap(n_before)] if n_before else []
        gaps += [Gap(gap.at + shift, gap.n_missing) for gap in recording.info.gaps if start < gap.at < stop]
        segments += [
            structs.replace(segment, start=segment.start + shift, stop=segment.stop + shift)
            for segment in track.segments
            if start <= segment.start and segment.stop <= stop
        ]
        reviewed += [
            Interval(max(span.start, start) + shift, min(span.stop, stop) + shift)
            for span in track.reviewed
            if span.start < stop and start < span.stop
        ]
        rows.append(slice(start, stop))
        n_before += stop - start
    info = structs.replace(recording.info, n_samples=n_before, gaps=tuple(gaps))
    kept = [recording.samples[own] for own in rows]
    # One piece, often the whole recording, is a view: a fold of whole recordings copies no sample.
    shorter = replace(recording, info=info, samples=kept[0] if len(kept) == 1 else np.concatenate(kept))
    return shorter, LabelTrack(tuple(segments), tuple(reviewed)).check(n_before)


def row_before_cut(pieces: Sequence[Piece], row: int) -> int:
    """The row of the whole recording that `cut` made row `row`."""
    for start, stop in _joined(pieces):
        if row < stop - start:
            return start + row
        row -= stop - start
    raise ValueError(f"row {row} lies behind the pieces")


def _joined(pieces: Sequence[Piece]) -> list[tuple[int, int]]:
    """Spans in order, those that touch made one: time goes on across their border."""
    spans: list[tuple[int, int]] = []
    for piece in sorted(pieces):
        if spans and spans[-1][1] == piece.start:
            spans[-1] = (spans[-1][0], piece.stop)
        else:
            spans.append((piece.start, piece.stop))
    return spans
