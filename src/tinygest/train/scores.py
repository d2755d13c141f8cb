"""What the trained network answers on the segments it was trained on: a check of the conversion.

These are not results. How good a model is on new people is `tinygest evaluate`'s to say.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.signalpath import extract
from tinygest.train.data import Labelled, marked, segment_spans
from tinygest.train.model import TrainedModel

MAX_CHECKED = 1000  # the reference interpreter takes up to a millisecond an inference


class TrainingScores(msgspec.Struct, frozen=True):
    """On marked training segments, at most MAX_CHECKED of them."""

    n: int
    """0 when every segment is longer than the device can hold: then nothing else is known."""
    float_accuracy: float | None = None
    int8_accuracy: float | None = None
    """None where the interpreter of TensorFlow Lite Micro is not installed."""
    same_answer: float | None = None
    """Share on which the int8 network answers what the float network answers."""
    largest_difference: float | None = None
    """Between an int8 and a float logit, as a share of the float logits' range."""


def training_scores(model: TrainedModel, recordings: list[Labelled]) -> TrainingScores:
    """Run float and int8 over the marked segments of the training recordings."""
    if not any(marked(one, model.contract.classes) for one in recordings):
        return TrainingScores(0)
    logits, inputs, truth = _answers(model, recordings)
    right = logits.argmax(axis=1) == truth
    quantised = int8_logits(model.tflite, inputs)
    if quantised is None:
        return TrainingScores(len(truth), float(right.mean()))
    quantisation = model.contract.quantisation
    real = (quantised - np.float32(quantisation.output_zero_point)) * np.float32(quantisation.output_scale)
    return TrainingScores(
        n=len(truth),
        float_accuracy=float(right.mean()),
        int8_accuracy=float((quantised.argmax(axis=1) == truth).mean()),
        same_answer=float((quantised.argmax(axis=1) == logits.argmax(axis=1)).mean()),
        largest_difference=float(np.abs(real - logits).max() / max(np.ptp(logits), 1e-9)),
    )


def int8_logits(tflite: bytes, inputs: NDArray[np.int8]) -> NDArray[np.int8] | None:
    """(k, n_inputs) -> (k, n_classes) by the real TensorFlow Lite Micro; None where it is absent."""
    try:
        from tflite_micro import runtime
    except ImportError:
        return None
    interpreter = runtime.Interpreter.from_bytes(tflite)
    shape = interpreter.get_input_details(0)["shape"]
    rows = []
    for row in inputs:
        interpreter.set_input(row.reshape(shape), 0)
        interpreter.invoke()
        rows.append(interpreter.get_output(0).reshape(-1))
    return np.array(rows, np.int8)


def _answers(
    model: TrainedModel, recordings: list[Labelled]
) -> tuple[NDArray[np.float32], NDArray[np.int8], NDArray[np.int64]]:
    """Float logits, int8 inputs and true classes of marked segments, spread evenly over all."""
    classes = model.contract.classes
    logits, inputs, truth = [], [], []
    n_marked = sum(len(marked(one, classes)) for one in recordings)
    every = -(-n_marked // MAX_CHECKED)
    n_seen = 0
    for recording, track in recordings:
        segments = marked((recording, track), classes)
        chosen = segments[-n_seen % every :: every]
        n_seen += len(segments)
        if chosen:
            spans = model.seen(recording, segment_spans(chosen))
            logits.append(model.float_logits(recording.samples, spans))
            inputs.append(extract.inputs(recording.samples, spans, model.contract))
            truth += [classes.index(segment.label or "") for segment in chosen]
    return np.concatenate(logits), np.concatenate(inputs), np.array(truth, np.int64)
