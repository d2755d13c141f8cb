"""The segmenter fitted from ten labelled examples per label, against one fitted from all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from models_bench.accuracy import Sides, sides
from models_bench.sets import SETS, project_of
from models_bench.work import Work
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.metrics.quality import segment_quality
from tinygest.signalpath.path import find_segments
from tinygest.train.data import segment_spans, training_data
from tinygest.train.segmenter_choice import SegmenterChoice, choose_segmenter

N_EXAMPLES = 10
CONTINUOUS = ("uhh_gestures",)  # with pauses; the others have nothing to cut


def run(work: Work, names: Sequence[str], seeds: Iterable[int]) -> None:
    for name in names:
        if name in CONTINUOUS:
            for seed in seeds:
                work.once(f"few.{name}.{seed}", lambda name=name, seed=seed: compare(work, name, seed))


def compare(work: Work, name: str, seed: int) -> dict[str, Any]:
    """F1 of segments at IoU 0.5, whatever their label, on people held out."""
    counts = {"all": np.zeros(3, int), "few": np.zeros(3, int)}
    for train, test in sides(project_of(work, name), SETS[name].split, seed):
        for which, own in (("all", train), ("few", with_few(train, seed))):
            counts[which] += judge(choose_segmenter(training_data(own)), test)
    scores = {which: float(2 * n[0] / max(1, n[1] + n[2])) for which, n in counts.items()}
    return scores | {"share": scores["few"] / scores["all"]}


def judge(choice: SegmenterChoice, test: Sides) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """[matched, true, found]"""
    total = np.zeros(3, np.int64)
    for recording, track in test:
        info = recording.info
        found = find_segments(
            recording.samples, info.gaps, info.contract, choice.activity, choice.segmenter
        ).spans
        quality = segment_quality(segment_spans(track.segments), found)
        total += (quality.n_matched, quality.n_true, quality.n_found)
    return total


def with_few(recordings: Sides, seed: int) -> Sides:
    """Ten segments of each label, drawn from all people; only their surroundings count as reviewed."""
    order = [(i, j) for i, (_, track) in enumerate(recordings) for j in range(len(track.segments))]
    kept: Counter[str] = Counter()
    chosen: dict[int, list[int]] = {}
    for k in np.random.default_rng(seed).permutation(len(order)).tolist():
        i, j = order[k]
        label = recordings[i][1].segments[j].label or ""
        if label and kept[label] < N_EXAMPLES:
            kept[label] += 1
            chosen.setdefault(i, []).append(j)
    return [
        (
            recording,
            LabelTrack(tuple(track.segments[j] for j in own), around(track.segments, own, recording)),
        )
        for i, (recording, track) in enumerate(recordings)
        if (own := sorted(chosen.get(i, [])))
    ]


def around(segments: Sequence[Segment], own: Sequence[int], recording: object) -> tuple[Interval, ...]:
    """From the end of the segment before each example to the start of the one after it."""
    n_samples = recording.info.n_samples  # type: ignore[attr-defined]
    spans: list[tuple[int, int]] = []
    for j in own:
        start = segments[j - 1].stop if j else 0
        stop = segments[j + 1].start if j + 1 < len(segments) else n_samples
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], stop)
        else:
            spans.append((start, stop))
    return tuple(Interval(a, b) for a, b in spans if b > a)
