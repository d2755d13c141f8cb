"""Recordings out of a project and in again, compared row by row."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.formats.base import Imported, ImportOptions, Remark
from tinygest.formats.convert import CHANNELS, make_contract
from tinygest.formats.export_base import ExportOptions, Item
from tinygest.formats.registry import exporter, open_source, recognise

LABELS = ("jab", "left hook", "Cross-2", "0")
RATES = (50.0, 100.0, 62.5, 104.17)
TEXT = st.text("abcXYZ 0-9_äß,;\"'|", max_size=8).map(str.strip)

SETS = st.sampled_from([CHANNELS, CHANNELS[:3], CHANNELS[3:]])


@st.composite
def items(draw: st.DrawFn, name: str = "rec-1", channels=SETS):
    """A recording with gaps and labels; segments do not cross gaps."""
    n = draw(st.integers(2, 60))
    seed = draw(st.integers(0, 1 << 20))
    names = draw(channels)
    rng = np.random.default_rng(seed)
    samples = rng.integers(-32768, 32768, (n, len(names))).astype(np.int16)
    contract = make_contract(
        names,
        draw(st.sampled_from(RATES)),
        gravity=draw(st.booleans()),
        frame=draw(st.sampled_from(["board", "imported:x"])),
        counts_per_g=draw(st.sampled_from([2048.0, 8192.0, 1000.0])),
        counts_per_dps=draw(st.sampled_from([16.384, 14.2857])),
    )
    cuts = sorted(draw(st.sets(st.integers(1, n - 1), max_size=6)))
    gap_rows = [cut for cut in cuts if draw(st.booleans())]
    gaps = tuple(Gap(row, draw(st.integers(0, 9))) for row in gap_rows)
    edges = [0, *cuts, n]
    spans = list(itertools.pairwise(edges))
    segments = tuple(
        Segment(a, b, draw(st.sampled_from((*LABELS, None))), "import")
        for a, b in spans
        if draw(st.booleans())
    )
    reviewed = tuple(Interval(a, b) for a, b in spans if draw(st.booleans()))
    meta = RecordingMeta(subject=draw(TEXT), side=draw(TEXT), session=draw(TEXT), fields={"glove": "8 oz"})
    return Item(
        Recording(name, RecordingInfo(contract, n, gaps), meta, samples), LabelTrack(segments, reviewed)
    )


def there_and_back(
    format_name: str, sent: Iterable[Item], options: ImportOptions | None = None, key: str = ""
) -> tuple[list[Imported], list[Remark]]:
    """What comes back, sorted by id, and what the export said."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        out.mkdir()
        remarks = exporter(format_name)[0](sent, out, ExportOptions(key))
        assert recognise(out) == format_name
        source = open_source(format_name, out, options or ImportOptions(accept_faults=True))
        return sorted(source.recordings, key=lambda back: back.recording.id), remarks


def meaning(track: LabelTrack, n: int) -> list[str]:
    """What each row is: a label, background, or nothing known."""
    rows = ["?"] * n
    for interval in track.reviewed:
        rows[interval.start : interval.stop] = ["background"] * (interval.stop - interval.start)
    for segment in track.segments:
        rows[segment.start : segment.stop] = [segment.label or "unnamed"] * (segment.stop - segment.start)
    return rows


def joined(backs: list[Imported]) -> tuple[np.ndarray, list[str]]:
    """Samples and meaning of all parts, one after the other."""
    samples = np.concatenate([back.recording.samples for back in backs])
    rows = [text for back in backs for text in meaning(back.track, back.recording.info.n_samples)]
    return samples, rows
