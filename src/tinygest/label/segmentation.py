"""Finding segments with the device's own segmenter, and proposing them as labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec import structs

from tinygest.core.contract import (
    Activity,
    AdaptiveSegmenter,
    HysteresisSegmenter,
    PeakSegmenter,
    Segmenter,
    SlidingSegmenter,
    TriggerSegmenter,
)
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Recording
from tinygest.core.sensor import SensorContract
from tinygest.core.units import COUNTS_PER_DPS, COUNTS_PER_G
from tinygest.signalpath.path import find_segments
from tinygest.signalpath.plan import MAX_SEGMENT

# Found on the UHH hand gestures (10 gestures, 4 people): start 2500, stop at half of it and a merge
# of 100 ms gave the best event F1 of a grid, .98 at IoU .3; see docs/labelling.md.
LEVEL_PER_CHANNEL = 2500 / 6
STOP_SHARE = 0.5

Span = tuple[int, int]


@dataclass(frozen=True)
class Proposal:
    """Labels with what a segmenter proposes, and what became of its spans."""

    track: LabelTrack
    n_proposed: int
    n_in_the_way: int
    """Spans that would have touched what a person labelled or reviewed."""


def sensible_activity(sensor: SensorContract) -> Activity:
    """Weights that make 1 g and 125 degrees/s count alike, 2048 each, whatever the sensor's counts."""
    canonical = {"g": COUNTS_PER_G, "deg/s": COUNTS_PER_DPS}
    weights = (16 * canonical[channel.unit] / channel.counts_per_unit for channel in sensor.channels)
    return Activity(tuple(max(1, min(255, round(weight))) for weight in weights))


def sensible_segmenter(kind: str, sensor: SensorContract) -> Segmenter:
    """Parameters to begin with, for `sensible_activity`; kind: the tag of a segmenter."""
    level = round(LEVEL_PER_CHANNEL * len(sensor.channels))
    longest_ms = MAX_SEGMENT * 1000 / sensor.rate_hz
    match kind:
        case "trigger":
            return TriggerSegmenter(
                level, length_ms=min(1000.0, longest_ms), pre_ms=min(250.0, longest_ms / 4)
            )
        case "sliding":
            length_ms = min(1000.0, longest_ms)
            return SlidingSegmenter(length_ms, hop_ms=length_ms)
        case "peak":
            length_ms = min(1000.0, longest_ms)
            return PeakSegmenter(
                level, length_ms, pre_ms=length_ms / 2, horizon_ms=length_ms / 4, level_share=0.2
            )
        case "adaptive":
            return AdaptiveSegmenter(
                start_share=0.3,
                stop_share=0.3 * STOP_SHARE,
                peak_ms=10_000.0,
                start_level=round(level / 2),
                stop_level=round(level / 2 * STOP_SHARE),
                min_ms=150.0,
                max_ms=min(3000.0, longest_ms),
                pre_ms=50.0,
                post_ms=50.0,
                merge_ms=100.0,
            )
        case _:
            return HysteresisSegmenter(
                level,
                round(level * STOP_SHARE),
                min_ms=150.0,
                max_ms=min(3000.0, longest_ms),
                pre_ms=50.0,
                post_ms=50.0,
                merge_ms=100.0,
            )


def find_spans(recording: Recording, activity: Activity, segmenter: Segmenter) -> list[Span]:
    """Rows [start, stop) of what the segmenter finds, in order; raises ContractError."""
    info = recording.info
    found = find_segments(recording.samples, info.gaps, info.contract, activity, segmenter)
    return sorted((int(start), int(stop)) for start, stop in found.spans)


def propose(track: LabelTrack, spans: Iterable[Span], label: str | None) -> Proposal:
    """Replace earlier proposals by new ones; what a person made, imported or reviewed stays.

    An earlier proposal is a segment of the segmenter that nobody has touched or reviewed. A span that
    overlaps anything that stays, reviewed time or the proposal before it is left out.
    """
    kept = answered(track).segments
    taken = [*_spans(kept), *_spans(track.reviewed)]
    proposed: list[Segment] = []
    n_in_the_way = 0
    for start, stop in spans:
        follows = not proposed or proposed[-1].stop <= start
        if follows and not any(a < stop and start < b for a, b in taken):
            proposed.append(Segment(start, stop, label, "segmenter"))
        else:
            n_in_the_way += 1
    segments = sorted((*kept, *proposed), key=lambda segment: segment.start)
    return Proposal(structs.replace(track, segments=tuple(segments)), len(proposed), n_in_the_way)


def answered(track: LabelTrack) -> LabelTrack:
    """The track without proposals that no person has answered yet."""
    kept = (segment for segment in track.segments if not _is_open(segment, track))
    return structs.replace(track, segments=tuple(kept))


def _spans(spans: Iterable[Segment | Interval]) -> list[Span]:
    return [(span.start, span.stop) for span in spans]


def _is_open(segment: Segment, track: LabelTrack) -> bool:
    """A proposal that no person has answered yet."""
    seen = any(span.start < segment.stop and segment.start < span.stop for span in track.reviewed)
    return segment.source == "segmenter" and not seen
