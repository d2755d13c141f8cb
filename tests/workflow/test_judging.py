"""Held-out pieces are streamed from their own start, and every labelled segment gets an answer."""

from __future__ import annotations

import numpy as np
import pytest
import small_models

from tinygest.core.contract import (
    Activity,
    HysteresisSegmenter,
    ModelContract,
    Quantisation,
    WindowInput,
)
from tinygest.core.errors import ContractError
from tinygest.core.labels import LabelTrack, Segment
from tinygest.core.recording import Gap
from tinygest.core.sensor import imu_contract
from tinygest.evaluate.data import Piece
from tinygest.metrics import FoundEvent
from tinygest.signalpath.plan import MAX_SEGMENT
from tinygest.verify.stream import TracedEvent
from tinygest.workflow.answers import CompiledAnswers, StandInAnswers, as_found, counted_in_rows
from tinygest.workflow.judging import classify, stream, truth_of

CONTRACT = ModelContract(
    name="shakes",
    sensor=imu_contract(50.0, rotation=False),
    activity=Activity((16, 16, 16)),
    segmenter=HysteresisSegmenter(100, 50, 100.0, 2000.0),
    input=WindowInput(8, ("ax", "ay", "az"), ("absolute",) * 3, (0.0,) * 3, (1000.0,) * 3),
    quantisation=Quantisation(0.05, 0, 0.1, 0),
    classes=("along x", "along y"),
)


class Oracle:
    """Finds one event in every recording, and answers the first class, sure of it."""

    name = "oracle"

    def __init__(self):
        self.streamed = []

    def events(self, recordings):
        self.streamed = list(recordings)
        return [(FoundEvent(5, 9, "along x", 200, 9),) for _ in recordings]

    def logits(self, inputs):
        assert inputs.shape[1] == 24
        return np.tile(np.array([100, -100], np.int8), (len(inputs), 1))


def test_each_piece_is_a_stream_of_its_own(make_shakes):
    recording, track = make_shakes("r", "S1", ["along x", "along y", "along x"], seed=1)
    oracle = Oracle()
    results = stream(oracle, [(recording, track)], [Piece("r", 140, 360), Piece("r", 0, 120)])
    assert [result.start for result in results] == [0, 140]
    np.testing.assert_array_equal(oracle.streamed[1].samples, recording.samples[140:360])
    assert [(event.start, event.label) for event in results[1].truth.events] == [
        (20, "along y"),
        (120, "along x"),
    ]
    assert results[1].truth.reviewed == ((0, 220),)
    assert results[1].found[0].start == 5


def test_isolated_captures_are_not_streamed(make_shakes):
    recording, track = make_shakes("r", "S1", ["along x"], seed=1, continuous=False)
    assert stream(Oracle(), [(recording, track)], [Piece("r", 0, 160)]) == []


def test_truth_tells_unnamed_segments_apart(make_shakes):
    recording, track = make_shakes("r", "S1", ["along x", "along y"], seed=1)
    first, second = track.segments
    truth = truth_of(recording, LabelTrack((first, Segment(second.start, second.stop)), track.reviewed))
    assert len(truth.events) == 1
    assert truth.unnamed == ((second.start, second.stop),)


def test_only_segments_inside_the_pieces_are_asked(make_shakes):
    recording, track = make_shakes("r", "S1", ["along x", "along y", "along x"], seed=1)
    answers = classify(Oracle(), CONTRACT, [(recording, track)], [Piece("r", 150, 360)])
    assert [(answer.start, answer.label, answer.answer) for answer in answers] == [
        (160, "along y", "along x"),
        (260, "along x", "along x"),
    ]
    assert {answer.score for answer in answers} == {200}


def test_a_segment_too_long_for_the_device_is_unknown(make_shakes):
    recording, _ = make_shakes("r", "S1", ["along x"] * 25, seed=1)
    long = Segment(0, MAX_SEGMENT + 1, "along x")
    short = Segment(MAX_SEGMENT + 5, MAX_SEGMENT + 45, "along x")
    answers = classify(
        Oracle(),
        CONTRACT,
        [(recording, LabelTrack((long, short)))],
        [Piece("r", 0, recording.info.n_samples)],
    )
    assert [(answer.answer, answer.score) for answer in answers] == [("unknown", 0), ("along x", 200)]


def test_nothing_to_ask(make_shakes):
    recording, _ = make_shakes("r", "S1", ["along x"], seed=1)
    assert classify(Oracle(), CONTRACT, [(recording, LabelTrack())], [Piece("r", 0, 160)]) == []


def test_another_sensor_is_refused(make_shakes):
    recording, track = make_shakes("r", "S1", ["along x"], seed=1)
    other = type(CONTRACT)(
        **{name: getattr(CONTRACT, name) for name in CONTRACT.__struct_fields__}
        | {"sensor": imu_contract(100.0, rotation=False)}
    )
    with pytest.raises(ContractError, match="rate 100 Hz against 50 Hz"):
        classify(Oracle(), other, [(recording, track)], [Piece("r", 0, 160)])


def test_a_stream_is_counted_in_rows(make_shakes):
    recording, _ = make_shakes("r", "S1", ["along x"], seed=1)
    assert recording.info.gaps == (Gap(30, 3),)
    counted = counted_in_rows(recording)
    assert counted.info.gaps == (Gap(30, 0),)
    np.testing.assert_array_equal(counted.samples, recording.samples)
    assert as_found([TracedEvent(107, 60, 40, 0, 7)], CONTRACT) == (FoundEvent(60, 100, "unknown", 7, 107),)


@pytest.mark.usefixtures("needs_host_compiler", "needs_tflm")
def test_gaps_of_every_length_give_the_same_events_in_rows(tmp_path):
    """A clock that is set in mid-recording leaves a gap longer than the device's index counts."""
    case = small_models.feature_case()
    samples = small_models.bursts(5, 900)
    recordings = [
        small_models.make_recording(f"gap{n_missing}", samples, [Gap(400, n_missing)])
        for n_missing in (0, 37, 2**32 - 200, 170_000_000_000)
    ]
    compiled = CompiledAnswers(case.contract, case.tflite, tmp_path).events(recordings)
    stand_in = StandInAnswers(case.contract, case.tflite).events(recordings)
    assert any(event.start >= 400 for event in compiled[0])
    assert compiled == stand_in == [compiled[0]] * len(recordings)
