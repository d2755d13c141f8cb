"""From a table of physical values to a recording: the part that all CSV formats share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import ContractError, FormatError, StoreError
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.formats.base import Imported, ImportOptions, Remark
from tinygest.formats.convert import conversions, is_rotation, make_contract, to_counts
from tinygest.formats.csv_table import CsvText
from tinygest.formats.timing import TimeError, Timing, read_timing

RATE_TOLERANCE = 0.02
MOSTLY_CLIPPED = 0.05  # of the samples: the unit is wrong, or the recording is useless


@dataclass(frozen=True)
class Capture:
    """One file as it was recorded."""

    table: CsvText
    file: str
    """As a person finds it again, relative to the data set."""
    dataset: str
    channels: tuple[str, ...]
    values: NDArray[np.float64]
    """(n, len(channels)), in the units below."""
    time_s: NDArray[np.float64] | None
    rate_hz: float
    accel_unit: str
    gyro_unit: str
    gravity: bool
    continuous: bool
    subject: str = ""
    segments: tuple[Segment, ...] = ()
    annotated: bool = False
    """Somebody labelled this file: what has no label was seen and is nothing."""
    source: dict[str, Any] = field(default_factory=dict)
    """More to remember about where it came from."""


def build(capture: Capture, options: ImportOptions) -> Imported:
    """Convert, check and describe; raises FormatError with the file."""
    n_samples = len(capture.values)
    if n_samples == 0:
        raise FormatError("holds no samples", capture.table.path)
    borders = () if capture.continuous else _borders(capture.segments, n_samples)
    timing = _timing(capture, borders)
    gaps = sorted((*map(Gap, borders), *timing.gaps), key=lambda gap: gap.at)
    try:
        recording = _convert(capture, tuple(gaps), timing.rate_hz, options)
    except (ContractError, StoreError) as error:
        raise FormatError(str(error), capture.table.path) from error
    faults = _faults(capture, recording, options)
    remarks = (*faults, *_remarks(capture, recording.info))
    return Imported(recording, _track(capture, n_samples, options), remarks)


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
        frame=options.frame or f"imported:{capture.dataset}",
        counts_per_g=options.counts_per_g,
        counts_per_dps=options.counts_per_dps,
    )
    samples, n_clipped = to_counts(capture.values, units, contract)
    source = {
        **capture.source,
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
        raise capture.table.refuse(error.row, "time runs backwards here") from error


def _meta(capture: Capture, options: ImportOptions) -> RecordingMeta:
    labels = {segment.label for segment in capture.segments}
    return RecordingMeta(
        subject=capture.subject or options.subject,
        side=options.side,
        session=options.session,
        default_label=next(iter(labels)) or "" if len(labels) == 1 else "",
    )


def _track(capture: Capture, n_samples: int, options: ImportOptions) -> LabelTrack:
    complete = capture.annotated and capture.continuous and options.reviewed
    return LabelTrack(capture.segments, (Interval(0, n_samples),) if complete else ())


def _recording_id(capture: Capture, options: ImportOptions) -> str:
    """The file's name without what an id cannot hold."""
    return options.prefix + re.sub(r"[^A-Za-z0-9_.-]+", "_", capture.table.path.stem)


def _faults(capture: Capture, recording: Recording, options: ImportOptions) -> list[Remark]:
    """What makes a channel useless: refused, or only told if the person accepts it."""
    name, samples = capture.table.path.name, recording.samples
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
        raise FormatError(f"{reason} (--accept-faults imports it all the same)", capture.table.path)
    return found


def _remarks(capture: Capture, info: RecordingInfo) -> list[Remark]:
    name = capture.table.path.name
    remarks = []
    measured = info.measured_rate_hz
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
