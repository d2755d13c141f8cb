"""The parts of the benchmark that do not train."""

from __future__ import annotations

import json

import numpy as np
import pytest

from models_bench import few, tables
from models_bench.sets import PIECE, in_pieces
from models_bench.work import Work
from tinygest.core.labels import Interval, LabelTrack, Segment
from tinygest.core.recording import Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract


@pytest.fixture
def work(tmp_path):
    return Work(tmp_path, tmp_path, 1, 1.0)


def test_long_segments_of_a_label_are_cut():
    track = LabelTrack(
        (Segment(0, 1000, "negative"), Segment(1000, 1100, "negative"), Segment(1200, 2000, "wing"))
    )
    cut = in_pieces(track, "negative").segments
    assert [s.stop - s.start for s in cut] == [PIECE] * 8 + [100, 800]


def test_a_result_is_computed_once(work, capsys):
    calls = []

    def compute():
        calls.append(1)
        return {"int8": 0.5}

    assert work.once("accuracy.a.1", compute) == work.once("accuracy.a.1", compute)
    assert len(calls) == 1
    assert list(work.known("accuracy")) == ["a.1"]


def test_few_examples_are_few_and_their_surroundings_reviewed():
    segments = tuple(Segment(100 * k + 20, 100 * k + 60, "ab"[k % 2]) for k in range(40))
    info = RecordingInfo(imu_contract(50.0), 4000)
    recording = Recording("r", info, RecordingMeta(subject="S1"), np.zeros((4000, 6), np.int16))
    ((_, track),) = few.with_few([(recording, LabelTrack(segments, (Interval(0, 4000),)))], seed=1)
    labels = [segment.label for segment in track.segments]
    assert (labels.count("a"), labels.count("b")) == (10, 10)
    track.check(4000)
    for segment in track.segments:
        assert any(span.start <= segment.start and segment.stop <= span.stop for span in track.reviewed)
    left_out = [s for s in segments if s not in track.segments]
    assert not any(a.start <= s.start and s.stop <= a.stop for a in track.reviewed for s in left_out)


def test_tables_and_their_place(work, tmp_path):
    for seed in (1, 2):
        result = {"n": 431, "int8": 0.88 + seed / 100, "float": 0.9, "n_folds": 4}
        work.once(f"accuracy.utd_mhad.{seed}", lambda result=result: result)
        work.once(f"plain.utd_mhad.{seed}", lambda: {"accuracy": 0.88})
    rejected = {"rejected": 3, "n": 4, "kept_right": 9, "n_known": 10}
    work.once("unknown.utd_mhad.wave", lambda: rejected)
    text = tables.render(work)
    assert "| utd_mhad | 431 | 0.895 ± 0.007 | 0.885 (0.920) | 0.880 ± 0.000 (0.885) |" in text
    assert "| utd_mhad | 1 | 0.75 | 0.900 | wave 0.75 |" in text
    page = tmp_path / "benchmarks.md"
    page.write_text("# Benchmarks\n\nBefore.\n")
    tables.replace_section(page, text)
    tables.replace_section(page, "## New\n")
    assert page.read_text() == f"# Benchmarks\n\nBefore.\n\n{tables.BEGIN}\n## New\n{tables.END}\n"
    assert json.loads((tmp_path / "results" / "unknown.utd_mhad.wave.json").read_text())["n"] == 4
