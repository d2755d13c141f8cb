"""The five real sets as projects."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from models_bench.work import Work
from tinygest.core.labels import LabelTrack, Segment
from tinygest.formats.base import ImportOptions
from tinygest.store.project import Project
from tinygest.workflow.importing import import_data

PIECE = 120  # samples: how the data's README cuts the streams of `negative` in magic_wand


@dataclass(frozen=True)
class Set:
    """A set's protocol."""

    split: str = "loso"
    cut: str = ""
    """Label whose long segments are cut into pieces of PIECE samples."""
    must: float = 0.0
    aim: float = 0.0
    baseline: float | None = None
    """Plain statistics and a random forest, from the README of the data."""


SETS = {
    "utd_mhad": Set(must=0.885, aim=0.92, baseline=0.885),
    "uhh_gestures": Set(must=0.99, aim=0.998, baseline=0.962),
    "magic_wand": Set(cut="negative", must=0.985, aim=0.995, baseline=0.901),
    "tug_watch": Set(must=0.991, aim=0.993, baseline=0.991),
    "nano33_spells": Set(split="blocks:5", must=0.0, aim=0.97),
}


def project_of(work: Work, name: str) -> Project:
    """The set imported, once."""
    root = work.folder / name
    if (root / "tinygest.toml").is_file():
        return Project.open(root)
    project = Project.create(root)
    import_data(project, work.data / name, "imu-csv", ImportOptions())
    if SETS[name].cut:
        for entry in project.recordings():
            project.save_labels(entry.id, in_pieces(project.labels(entry.id), SETS[name].cut))
    return project


def in_pieces(track: LabelTrack, label: str) -> LabelTrack:
    """Segments of a label, longer than two pieces, cut into pieces."""
    segments: list[Segment] = []
    for segment in track.segments:
        if segment.label == label and segment.stop - segment.start > 2 * PIECE:
            starts = range(segment.start, segment.stop - PIECE + 1, PIECE)
            segments += [msgspec.structs.replace(segment, start=a, stop=a + PIECE) for a in starts]
        else:
            segments.append(segment)
    return LabelTrack(tuple(segments), track.reviewed)
