"""A finished model's compiled library over chosen recordings: found events against true ones."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import structs

from tinygest.core.errors import DatasetError
from tinygest.core.progress import Progress, silent
from tinygest.core.recording import Recording
from tinygest.evaluate.data import whole_pieces
from tinygest.evaluate.folds import SegmentAnswer, StreamResult
from tinygest.evaluate.summary import IOU, IOU_LOOSE, EventSummary, score_answers, summarise_events
from tinygest.metrics import FoundEvent, SegmentScores
from tinygest.store.bundles import Bundle
from tinygest.store.project import Project
from tinygest.train.data import Labelled
from tinygest.workflow.answers import make_answers
from tinygest.workflow.judging import classify, stream
from tinygest.workflow.thresholds import TradeOff, trade_off_of


class RecordingTest(msgspec.Struct, frozen=True):
    """One recording. Isolated captures have no stream, hence segments but no events."""

    recording: str
    subject: str
    was_trained_on: bool
    events: EventSummary | None
    segments: SegmentScores
    found: tuple[FoundEvent, ...]
    """In the stream, with rows of the recording."""
    answers: tuple[SegmentAnswer, ...]
    """For every labelled segment, given its true span."""


class ModelTest(msgspec.Struct, frozen=True):
    """Every recording, and all of them in one pot."""

    model: str
    model_id: str
    runner: str
    """What gave the answers."""
    where: str
    recordings: tuple[RecordingTest, ...]
    events: EventSummary | None
    events_loose: EventSummary | None
    """The same at IoU 0.3."""
    segments: SegmentScores
    notes: tuple[str, ...]
    trade_off: TradeOff | None = None
    """What other thresholds would give on the same streams."""


def run_test(
    project: Project,
    name: str | None = None,
    where: str = "",
    progress: Progress = silent,
    *,
    with_trade_off: bool = True,
) -> ModelTest:
    """Compile a bundle's library and run it over the recordings that `where` chooses.

    name: of the model, the newest when None; with_trade_off: a model that has thresholds is compiled and
    run once more without them. Raises StoreError when there is none, DatasetError when
    nothing was chosen, ContractError when a recording is of another sensor.
    """
    bundle = project.bundle(name)
    recordings = _load(project, bundle, where)
    pieces = whole_pieces(recordings)
    with tempfile.TemporaryDirectory(prefix="tinygest-test-") as folder:
        progress("compiling the library", 0, 3)
        answers = make_answers(bundle.contract, bundle.tflite, Path(folder))
        progress("streaming recordings", 1, 3)
        streams = stream(answers, recordings, pieces)
        progress("classifying segments", 2, 3)
        segments = classify(answers, bundle.contract, recordings, pieces)
        progress("classifying segments", 3, 3)
    trade_off = trade_off_of(bundle, recordings, streams) if streams and with_trade_off else None
    return ModelTest(
        model=str(bundle),
        model_id=bundle.model_id,
        runner=answers.name,
        where=where,
        recordings=tuple(_row(recording, bundle, streams, segments) for recording, _ in recordings),
        events=summarise_events(streams, IOU) if streams else None,
        events_loose=summarise_events(streams, IOU_LOOSE) if streams else None,
        segments=score_answers(segments),
        notes=tuple(_notes(bundle, recordings)),
        trade_off=trade_off,
    )


def _load(project: Project, bundle: Bundle, where: str) -> list[Labelled]:
    entries = project.recordings(where)
    if not entries:
        raise DatasetError("no recording was chosen; import some, or widen --where")
    for entry in entries:
        bundle.contract.require_sensor(entry.info.contract, f"recording {entry.id}")
    return [(project.load(entry.id), project.labels(entry.id)) for entry in entries]


def _row(
    recording: Recording, bundle: Bundle, streams: Sequence[StreamResult], answers: Sequence[SegmentAnswer]
) -> RecordingTest:
    own = [one for one in streams if one.recording == recording.id]
    segments = [one for one in answers if one.recording == recording.id]
    return RecordingTest(
        recording=recording.id,
        subject=recording.meta.subject,
        was_trained_on=recording.id in bundle.lock.recordings,
        events=summarise_events(own, IOU) if own else None,
        segments=score_answers(segments),
        found=tuple(_moved(event, one.start) for one in own for event in one.found),
        answers=tuple(segments),
    )


def _moved(event: FoundEvent, by: int) -> FoundEvent:
    return structs.replace(
        event, start=event.start + by, stop=event.stop + by, decided_at=event.decided_at + by
    )


def _notes(bundle: Bundle, recordings: Sequence[Labelled]) -> list[str]:
    """What a reader must know before believing a number."""
    notes = []
    n_trained = sum(recording.id in bundle.lock.recordings for recording, _ in recordings)
    if n_trained:
        notes.append(
            f"{n_trained} of {len(recordings)} recordings trained this model: their scores say nothing "
            "about new data; `tinygest evaluate` does"
        )
    used = {segment.label for _, track in recordings for segment in track.segments if segment.label}
    unknown = sorted(used - set(bundle.contract.labels))
    if unknown:
        notes.append(f"the model has not learnt {', '.join(unknown)}, so these cannot be recognised")
    return notes
