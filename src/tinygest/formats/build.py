"""From a table of physical values to a recording: the part that all formats share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import ContractError, FormatError, LabelError, StoreError
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.units import COUNTS_PER_DPS, COUNTS_PER_G
from tinygest.formats.base import Imported, ImportOptions, Remark
from tinygest.formats.convert import conversions, is_rotation, make_contract, to_counts
from tinygest.formats.described import Described
from tinygest.formats.files import id_text, is_text
from tinygest.formats.timing import MAX_MISSING, TimeError, Timing, read_timing

RATE_TOLERANCE = 0.02
MOSTLY_CLIPPED = 0.05  # of the samples: the unit is wrong, or the recording is useless


@dataclass(frozen=True)
class Capture:
    """One recording as its file has it."""

    path: Path
    """For errors."""
    name: str
    """Becomes the recording's id, without what an id cannot hold."""
    file: str
    """As a person finds it again, relative to the data set."""
    dataset: str
    channels: tuple[str, ...]
    values: NDArray[np.float64]
    """(n, len(channels)), in the units below."""
    rate_hz: float
    accel_unit: str
    gyro_unit: str
    gravity: bool
    continuous: bool
    time_s: NDArray[np.float64] | None = None
    gaps: tuple[Gap, ...] = ()
    """Those that the format knows itself."""
    subject: str = ""
    described: Described = field(default_factory=Described)
    """What else the data say, where the person says nothing."""
    segments: tuple[Segment, ...] = ()
    borders_are_breaks: bool = True
    """Unless continuous, time is broken wherever a segment begins or ends; else only at `gaps`."""
    annotated: bool = False
    """Somebody labelled this file: what has no label was seen and is nothing."""
    reviewed: tuple[Interval, ...] | None = None
    """What the format itself says to be seen; None: by `annotated`."""
    refuse: Callable[[int, str], FormatError] | None = None
    """(row, reason) -> an error that names the row's place in the file."""
    source: dict[str, Any] = field(default_factory=dict)
    """More to remember about where it came from."""


def build(capture: Capture, options: ImportOptions) -> Imported:
    """Convert, check and describe; raises FormatError with the file."""
    n_samples = len(capture.values)
    if n_samples == 0:
        raise FormatError("holds no samples", capture.path)
    if not is_text(capture.file + capture.dataset):
        raise FormatError("has a name that is not UTF-8; rename it, or its folder", capture.path)
    known = capture.continuous or not capture.borders_are_breaks
    borders = () if known else _borders(capture.segments, n_samples)
    timing = _timing(capture, borders)
    gaps = _all_gaps((*map(Gap, borders), *timing.gaps, *capture.gaps))
    _check_missing(capture, gaps)
    try:
        recording = _convert(capture, gaps, timing.rate_hz, options)
        track = _track(capture, n_samples, options).check(n_samples)
    except (ContractError, StoreError, LabelError) as error:
        raise FormatError(str(error), capture.path) from error
    faults = _faults(capture, recording, options)
    remarks = (*faults, *_remarks(capture, recording.info))
    return Imported(recording, track, remarks)


def _all_gaps(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Sorted, one a row: of several the one that knows how much is missing."""
    missing: dict[int, int] = {}
    for gap in gaps:
        missing[gap.at] = max(gap.n_missing, missing.get(gap.at, 0))
    return tuple(Gap(at, missing[at]) for at in sorted(missing))


def _check_missing(capture: Capture, gaps: tuple[Gap, ...]) -> None:
    """Raises FormatError if more is missing than an index of samples can count."""
    if sum(gap.n_missing for gap in gaps) > MAX_MISSING:
        row = max(gaps, key=lambda gap: gap.n_missing).at
        reason = f"time jumps here, and more than {MAX_MISSING} samples would be missing; split the file"
        if capture.refuse is None:
            raise FormatError(reason, capture.path, f"row {row}")
        raise capture.refuse(row, reason)


def _convert(
    capture: Capture, gaps: tuple[Gap, ...], measured_rate_hz: float | None, options: ImportOptions
) -> Recording:
    """Samples in counts, with everything that is known about them."""
    units = tuple(
        capture.gyro_unit if is_rotation(name) else capture.accel_unit for name in capture.channels
    )
    contract = make_contract(
        capture.channels,
        capture.rate_hz,
        gravity=capture.gravity,
        frame=options.frame or capture.described.text("frame") or f"imported:{capture.dataset}",
        counts_per_g=options.counts_per_g or capture.described.counts_per_g or COUNTS_PER_G,
        counts_per_dps=options.counts_per_dps or capture.described.counts_per_dps or COUNTS_PER_DPS,
    )
    samples, n_clipped = to_counts(capture.values, units, contract)
    source = {
        **capture.source,
        **({"metadata": capture.described.other} if capture.described.other else {}),
        "dataset": capture.dataset,
        "file": capture.file,
        "rate_hz": capture.rate_hz,
        "channels": conversions(units, contract),
    }
    info = RecordingInfo(
        contract,
        len(samples),
        gaps=gaps,
        measured_rate_hz=measured_rate_hz,
        source=source,
        n_clipped=n_clipped,
        continuous=capture.continuous,
    )
    return Recording(_recording_id(capture, options), info, _meta(capture, options), samples)


def _borders(segments: tuple[Segment, ...], n_samples: int) -> tuple[int, ...]:
    """Rows where one separate capture ends or another begins."""
    edges = {edge for segment in segments for edge in (segment.start, segment.stop)}
    return tuple(sorted(edges - {0, n_samples}))


def _timing(capture: Capture, borders: tuple[int, ...]) -> Timing:
    if capture.time_s is None:
        return Timing(None, ())
    try:
        return read_timing(capture.time_s, borders)
    except TimeError as error:
        reason = "time runs backwards here"
        if capture.refuse is None:
            raise FormatError(reason, capture.path, f"row {error.row}") from error
        raise capture.refuse(error.row, reason) from error


def _meta(capture: Capture, options: ImportOptions) -> RecordingMeta:
    labels = {segment.label for segment in capture.segments}
    said = capture.described
    return RecordingMeta(
        subject=capture.subject or said.text("subject") or options.subject,
        side=said.text("side") or options.side,
        session=said.text("session") or options.session,
        default_label=said.text("default_label") or (next(iter(labels)) or "" if len(labels) == 1 else ""),
        notes=said.text("notes"),
        fields=said.fields,
    )


def _track(capture: Capture, n_samples: int, options: ImportOptions) -> LabelTrack:
    if capture.reviewed is not None:
        return LabelTrack(capture.segments, capture.reviewed)
    complete = capture.annotated and capture.continuous and options.reviewed
    return LabelTrack(capture.segments, (Interval(0, n_samples),) if complete else ())


def _recording_id(capture: Capture, options: ImportOptions) -> str:
    return options.prefix + id_text(capture.name)


def _faults(capture: Capture, recording: Recording, options: ImportOptions) -> list[Remark]:
    """What makes a channel useless: refused, or only told if the person accepts it."""
    name, samples = capture.path.name, recording.samples
    found = []
    for channel, n in recording.info.n_clipped.items():
        if n > MOSTLY_CLIPPED * len(samples):
            share = f"{100 * n / len(samples):.0f} % of {channel} is"
            found.append(
                Remark("mostly clipped", f"{name}: {share} outside the range of int16; is the unit right?")
            )
    # A rate's worth of samples: shorter pieces may well stand still.
    if len(samples) > capture.rate_hz:
        still = np.flatnonzero((samples == samples[0]).all(axis=0))
        found += [Remark("constant channel", f"{name}: {capture.channels[i]} never changes") for i in still]
    if found and not options.accept_faults:
        reason = found[0].detail.removeprefix(f"{name}: ")
        raise FormatError(f"{reason} (--accept-faults imports it all the same)", capture.path)
    return found


def _remarks(capture: Capture, info: RecordingInfo) -> list[Remark]:
    name = capture.path.name
    remarks = []
    measured = info.measured_rate_hz
    if measured is None and capture.time_s is not None and len(capture.time_s) > 1:
        remarks.append(
            Remark("times that hardly advance", f"{name}: they show neither the rate nor missing samples")
        )
    if measured is not None and abs(measured / capture.rate_hz - 1) > RATE_TOLERANCE:
        remarks.append(
            Remark(
                f"times do not fit the rate of {capture.rate_hz:g} Hz",
                f"{name}: {measured:.1f} Hz by its times",
            )
        )
    for channel, n in info.n_clipped.items():
        remarks.append(Remark("clipped samples", f"{name}: {n} of {channel}"))
    n_missing = sum(gap.n_missing for gap in info.gaps)
    if n_missing:
        remarks.append(Remark("missing samples by their times", f"{name}: {n_missing}"))
    return remarks
