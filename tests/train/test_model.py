from dataclasses import replace

import numpy as np
import pytest

from tinygest.core.contract import Activity, FeatureInput, SlidingSegmenter, WindowInput
from tinygest.core.errors import ContractError
from tinygest.signalpath import extract
from tinygest.train.augment import Augmentation
from tinygest.train.data import segment_spans
from tinygest.train.fit import FitOptions
from tinygest.train.model import TrainOptions, train_model
from tinygest.train.scores import training_scores
from tinygest.train.validation import held_out_answers, join

QUICK = TrainOptions(augmentation=Augmentation(n_copies=4), fit=FitOptions(n_steps=200), n_threads=1)
FAMILIES = ("dense", "cnn")


@pytest.mark.parametrize("family", FAMILIES)
def test_learns_new_people_and_answers_in_int8_as_in_float(family, burst_recordings, needs_tflm):
    *train, held_out = burst_recordings(4)
    model = train_model("punch", train, replace(QUICK, family=family))
    assert model.family == family
    assert isinstance(model.contract.input, FeatureInput if family == "dense" else WindowInput)
    answers = held_out_answers(model, [held_out], ("x", "y", "z"))
    assert answers.scores().accuracy == 1
    assert all(0 <= margin <= 255 for margin in answers.margins)
    scores = training_scores(model, train)
    assert scores.n == 36
    assert scores.float_accuracy == scores.int8_accuracy == scores.same_answer == 1
    assert scores.largest_difference < 0.1
    assert model.keras.startswith(b"PK")
    assert sum(model.n_examples.values()) * 4 == model.n_copies


@pytest.mark.parametrize("family", FAMILIES)
def test_the_device_quantises_to_what_training_saw(family, burst_recordings):
    data = burst_recordings(2)
    model = train_model("punch", data, replace(QUICK, family=family))
    recording, track = data[0]
    spans = segment_spans(track.segments)
    raw = extract.raw_inputs(recording.samples, spans, model.contract.sensor, model.contract.input)
    seen = model.normalisation.apply(raw)
    quantisation = model.contract.quantisation
    q = extract.inputs(recording.samples, spans, model.contract).astype(float)
    real = (q - quantisation.input_zero_point) * quantisation.input_scale
    inside = np.abs(seen) < 0.95 * min(np.abs(real).max(), 5)
    assert np.abs(real - seen)[inside].max() <= 1.01 * quantisation.input_scale


@pytest.mark.parametrize("family", FAMILIES)
def test_same_seed_same_bytes(family, burst_recordings):
    data, options = burst_recordings(2), replace(QUICK, family=family)
    first, again = (train_model("punch", data, options) for _ in range(2))
    other = train_model("punch", data, replace(options, seed=2))
    assert first.tflite == again.tflite
    assert first.contract == again.contract
    assert first.tflite != other.tflite


def test_a_given_segmenter_is_kept(burst_recordings):
    segmenter = SlidingSegmenter(length_ms=600, hop_ms=200)
    options = replace(QUICK, segmenter=segmenter, activity=Activity((1,) * 6))
    model = train_model("punch", burst_recordings(2), options)
    assert model.contract.segmenter == segmenter
    assert model.contract.activity == Activity((1,) * 6)
    assert model.contract.classes == ("x", "y", "z", "unknown")


def test_channels_can_be_left_out(burst_recordings):
    options = replace(QUICK, channels=("ax", "ay", "az"))
    model = train_model("punch", burst_recordings(2), options)
    assert model.contract.input.channels == ("ax", "ay", "az", "|a|")
    with pytest.raises(ContractError, match=r"channel 'qx' is not known"):
        train_model("punch", burst_recordings(2), replace(QUICK, channels=("qx",)))


def test_a_reserved_word_is_refused_before_any_work(burst_recordings):
    with pytest.raises(ContractError, match="reserved word"):
        train_model("while", [], QUICK)


def test_isolated_captures_train_too(burst_captures):
    model = train_model("wand", burst_captures(), QUICK)
    assert isinstance(model.contract.segmenter, SlidingSegmenter)
    assert set(held_out_answers(model, burst_captures()[:1], ("x",)).answer) == {"x"}


def test_answers_of_folds_join():
    parts = [held_out_answers(None, [], ("x",)) for _ in range(2)]  # type: ignore[arg-type]
    assert join(parts).scores().n == 0
