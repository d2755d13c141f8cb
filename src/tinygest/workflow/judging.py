"""Held-out recordings through a model: events of streams, answers for given segments."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import ModelContract
from tinygest.core.labels import UNKNOWN, LabelTrack, Segment
from tinygest.core.recording import Recording
from tinygest.evaluate.data import Piece, cut
from tinygest.evaluate.folds import SegmentAnswer, StreamResult
from tinygest.metrics import StreamTruth, TrueEvent
from tinygest.signalpath import extract
from tinygest.signalpath.decision import judge
from tinygest.signalpath.path import seen_spans
from tinygest.signalpath.plan import MAX_SEGMENT
from tinygest.train.data import Labelled
from tinygest.workflow.answers import Answers


def truth_of(recording: Recording, track: LabelTrack) -> StreamTruth:
    """What a person said about one recording."""
    return StreamTruth(
        n_rows=recording.info.n_samples,
        rate_hz=recording.info.contract.rate_hz,
        events=tuple(TrueEvent(s.start, s.stop, s.label) for s in track.segments if s.label),
        unnamed=tuple((s.start, s.stop) for s in track.segments if not s.label),
        reviewed=tuple((span.start, span.stop) for span in track.reviewed),
    )


def stream(answers: Answers, recordings: Sequence[Labelled], pieces: Sequence[Piece]) -> list[StreamResult]:
    """Stream each piece of a continuous recording from a fresh start."""
    by_id = {recording.id: (recording, track) for recording, track in recordings}
    continuous = [piece for piece in sorted(pieces) if by_id[piece.recording][0].info.continuous]
    cuts = [cut(*by_id[piece.recording], [piece]) for piece in continuous]
    found = answers.events([recording for recording, _ in cuts])
    return [
        StreamResult(recording.id, recording.meta.subject, piece.start, truth_of(recording, track), events)
        for piece, (recording, track), events in zip(continuous, cuts, found, strict=True)
    ]


def classify(
    answers: Answers, contract: ModelContract, recordings: Sequence[Labelled], pieces: Sequence[Piece]
) -> list[SegmentAnswer]:
    """Answer for every labelled segment inside the pieces, shown as `seen_spans` says.

    A segment too long for the device is answered with unknown: nothing there could hold it.
    """
    asked = [(recording, _inside(track, recording.id, pieces)) for recording, track in recordings]
    inputs = [np.empty((0, 0), np.int8)]
    for recording, segments in asked:
        contract.require_sensor(recording.info.contract, f"recording {recording.id}")
        spans = np.array([(s.start, s.stop) for s in segments if _fits(s)], np.int64).reshape(-1, 2)
        if len(spans):
            spans = seen_spans(spans, contract.segmenter, contract.sensor, len(recording.samples))
            inputs.append(extract.inputs(recording.samples, spans, contract))
    said = iter(_verdicts(answers, contract, np.concatenate(inputs[1:] or inputs)))
    return [
        SegmentAnswer(
            recording.id,
            recording.meta.subject,
            segment.start,
            segment.stop,
            segment.label or "",
            *(next(said) if _fits(segment) else (UNKNOWN, 0)),
        )
        for recording, segments in asked
        for segment in segments
    ]


def _inside(track: LabelTrack, recording_id: str, pieces: Sequence[Piece]) -> list[Segment]:
    """Labelled segments that lie in one of the recording's pieces."""
    own = [piece for piece in pieces if piece.recording == recording_id]
    return [
        segment
        for segment in track.segments
        if segment.label
        and any(piece.start <= segment.start and segment.stop <= piece.stop for piece in own)
    ]


def _fits(segment: Segment) -> bool:
    return segment.stop - segment.start <= MAX_SEGMENT


def _verdicts(answers: Answers, contract: ModelContract, inputs: NDArray[np.int8]) -> list[tuple[str, int]]:
    """(label, score) for each row of inputs."""
    if len(inputs) == 0:
        return []
    verdicts = judge(answers.logits(inputs), contract)
    pairs = zip(verdicts.labels.tolist(), verdicts.scores.tolist(), strict=True)
    return [(contract.labels[label], score) for label, score in pairs]
