"""Recordings in, a trained and converted model out."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinygest.core.contract import Activity, Decision, FeatureInput, ModelContract, Segmenter
from tinygest.core.names import check_identifier
from tinygest.core.progress import Progress, silent
from tinygest.core.recording import Recording, Samples
from tinygest.signalpath import extract
from tinygest.signalpath.path import seen_spans
from tinygest.signalpath.plan import plan_path
from tinygest.train.activity_weights import activity_weights
from tinygest.train.augment import Augmentation
from tinygest.train.backend import load_tensorflow, quiet
from tinygest.train.convert import convert
from tinygest.train.data import Labelled, Spans, TrainingData, training_data
from tinygest.train.examples import gather, raw_examples
from tinygest.train.fit import Examples, FitOptions, History, fit, predict, suited
from tinygest.train.inputs import Representation, build, default_input, n_groups, shaped, with_normalisation
from tinygest.train.networks import Family, NetworkSize, n_parameters
from tinygest.train.normalise import Normalisation, measure
from tinygest.train.segmenter_choice import SegmenterChoice, check_window_fits, choose_segmenter
from tinygest.train.segmenter_kinds import KINDS


@dataclass(frozen=True)
class TrainOptions:
    """What a person may choose; the defaults are the recipe of docs/training.md."""

    family: Family = "dense"
    seed: int = 1
    labels: tuple[str, ...] = ()
    """To learn; empty: all that segments carry."""
    label_order: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    """Of the sensor contract, to look at; empty: all."""
    activity: Activity | None = None
    kinds: tuple[str, ...] = ()
    """Of segmenters, to fit where none is given; empty: all."""
    segmenter: Segmenter | None = None
    """None: fitted on the training data."""
    representation: Representation = field(default_factory=Representation)
    size: NetworkSize = field(default_factory=NetworkSize)
    augmentation: Augmentation = field(default_factory=Augmentation)
    fit: FitOptions = field(default_factory=FitOptions)
    n_threads: int = 1
    """Cores for TensorFlow in this process, 0 for all. One, because how a sum is dealt out to threads
    decides its last bit; and so small a network trains no faster on more."""


@dataclass(frozen=True)
class TrainedModel:
    """Everything that training knows of a model."""

    contract: ModelContract
    tflite: bytes
    keras: bytes
    """A `.keras` archive of the float model."""
    history: History
    choice: SegmenterChoice
    n_examples: dict[str, int]
    """Of each class: marked segments and the segmenter's finds, without augmented copies."""
    n_copies: int
    n_parameters: int
    seconds: float
    normalisation: Normalisation = field(repr=False)
    network: Any = field(repr=False)
    """The float Keras model."""

    @property
    def family(self) -> Family:
        return "dense" if isinstance(self.contract.input, FeatureInput) else "cnn"

    def seen(self, recording: Recording, spans: Spans) -> Spans:
        """(k, 2) what the network is shown of given segments."""
        contract = self.contract
        return seen_spans(spans, contract.segmenter, contract.sensor, recording.info.n_samples)

    def float_logits(self, samples: Samples, spans: Spans) -> NDArray[np.float32]:
        """(k, n_classes) what the float network answers to the same integers the device extracts."""
        raw = extract.raw_inputs(samples, spans, self.contract.sensor, self.contract.input)
        return predict(self.network, shaped(self.normalisation.apply(raw), self.contract.input))


def train_model(
    name: str,
    recordings: Sequence[Labelled],
    options: TrainOptions = TrainOptions(),
    progress: Progress = silent,
    choice: SegmenterChoice | None = None,
) -> TrainedModel:
    """Train one model on these recordings and nothing else: whatever is fitted is fitted here.

    choice: what `choose` gave for the same recordings and options, where it is known already.
    Raises DatasetError if the recordings cannot train a model, ContractError if the options do not fit
    them, TrainError if the conversion fails.
    """
    started = time.perf_counter()
    check_identifier(name, "model name")
    data = training_data(recordings, options.labels, options.label_order, options.channels)
    model_input = default_input(options.family, data.sensor, options.channels, options.representation)
    choice = choice or choose(data, options, progress)
    check_window_fits(data, choice.segmenter)
    sources = gather(data, choice.activity, choice.segmenter, options.seed)
    raw = raw_examples(
        sources, data.sensor, model_input, options.augmentation, seed=options.seed, progress=progress
    )
    normalisation = measure(raw.raw, n_groups(model_input))
    x = shaped(normalisation.apply(raw.raw), model_input)
    examples = Examples(x, raw.y, len(sources.classes))
    n_inputs, n_copies = raw.raw.shape[1], int(raw.is_copy.sum())
    del raw  # the network sees x; no need to hold the inputs twice while it trains
    fit_options = replace(
        suited(options.fit, options.family), seed=options.seed, n_threads=options.n_threads
    )
    network, history = fit(
        lambda: build(model_input, n_inputs, examples.n_classes, options.size),
        examples,
        fit_options,
        progress,
    )
    converted = convert(network, x)
    contract = ModelContract(
        name=name,
        sensor=data.sensor,
        activity=choice.activity,
        segmenter=choice.segmenter,
        input=with_normalisation(model_input, normalisation),
        quantisation=converted.quantisation,
        classes=sources.classes,
        decision=choice.decision,
    )
    plan_path(contract)  # refuses now what generate would refuse later
    return TrainedModel(
        contract=contract,
        tflite=converted.tflite,
        keras=_archive(network),
        history=history,
        choice=choice,
        n_examples=sources.counts(),
        n_copies=n_copies,
        n_parameters=n_parameters(network),
        seconds=time.perf_counter() - started,
        normalisation=normalisation,
        network=network,
    )


def choose(data: TrainingData, options: TrainOptions, progress: Progress = silent) -> SegmenterChoice:
    """The segmenter that was asked for, or one fitted on the data."""
    if options.segmenter is None:
        return choose_segmenter(data, options.activity, progress, options.kinds or tuple(KINDS))
    measure_by = options.activity or Activity(activity_weights(data))
    return SegmenterChoice(measure_by, options.segmenter, Decision(), "as given")


def _archive(network: Any) -> bytes:
    """The float model as Keras saves it."""
    load_tensorflow()
    with tempfile.TemporaryDirectory() as folder, quiet():
        path = Path(folder) / "model.keras"
        network.save(path)
        return path.read_bytes()
