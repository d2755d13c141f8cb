"""The model contract: what a model does with samples, from rows to events.

Times are milliseconds here; `signalpath.plan` turns them into sample counts for the one rate of the
sensor contract. Nothing outside this file and the `.tflite` decides what a model answers.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from tinygest.core.canonical import canonical_json, sha256_hex
from tinygest.core.errors import ContractError
from tinygest.core.labels import UNKNOWN, check_label
from tinygest.core.names import check_distinct_macros, check_identifier
from tinygest.core.sensor import SensorContract, explain_mismatch

FORMAT_VERSION = 2  # 1: features of every sample


class Activity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much is moving, one unsigned number a sample: the segmenter's input.

    Weighted sum over channels of |x - slow average of x|, then averaged over `smooth_ms`.
    """

    weights: tuple[int, ...]
    """One per channel of the sensor contract, 0..255; 16 counts the channel once."""
    baseline_ms: float = 500.0
    """Time constant of the slow average (exponential)."""
    smooth_ms: float = 50.0
    """Length of the moving average."""


class HysteresisSegmenter(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="hysteresis", tag_field="kind"
):
    """Starts when activity reaches `start_level`, stops when it stays under `stop_level`."""

    start_level: int
    stop_level: int
    min_ms: float
    max_ms: float
    pre_ms: float = 0.0
    post_ms: float = 0.0
    merge_ms: float = 0.0
    """Activity may stay under the stop level this long inside one segment."""


class AdaptiveSegmenter(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="adaptive", tag_field="kind"
):
    """Hysteresis whose levels follow the wearer: shares of a running peak of the activity."""

    start_share: float
    stop_share: float
    """Of the peak, above 0, below 1."""
    peak_ms: float
    """Time constant with which the peak is forgotten."""
    start_level: int
    stop_level: int
    """The least that adaptation comes down to; used as they are until the first movement."""
    min_ms: float
    max_ms: float
    pre_ms: float = 0.0
    post_ms: float = 0.0
    merge_ms: float = 0.0


class PeakSegmenter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="peak", tag_field="kind"):
    """A window of fixed length around each peak of the activity."""

    level: int
    """The least that is a peak."""
    length_ms: float
    pre_ms: float
    """The window's time before the peak."""
    horizon_ms: float
    """A peak is one when nothing higher has come for this long."""
    level_share: float = 0.0
    """A peak is at least this share of the running peak, which adapts the level to the wearer."""
    peak_ms: float = 10_000.0
    """Time constant with which the running peak is forgotten."""
    rise_share: float = 0.8
    """Before a peak, activity must have been below this share of it since the last one."""


class TriggerSegmenter(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="trigger", tag_field="kind"
):
    """A fixed window around the sample where activity crosses `level` upwards."""

    level: int
    length_ms: float
    pre_ms: float


class SlidingSegmenter(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="sliding", tag_field="kind"
):
    """A window of `length_ms` every `hop_ms`."""

    length_ms: float
    hop_ms: float


class CentreSegmenter(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="centre", tag_field="kind"
):
    """A window every `hop_ms`; an event is where the averaged answers to them are surest."""

    length_ms: float
    hop_ms: float
    lengths_ms: dict[str, float]
    """How long an event of each label is told to be."""
    smooth: int = 3
    """Windows whose answers are averaged."""
    horizon: int = 3
    """Windows in a row that are not surer make the surest one an event."""


Segmenter = (
    HysteresisSegmenter
    | AdaptiveSegmenter
    | PeakSegmenter
    | TriggerSegmenter
    | SlidingSegmenter
    | CentreSegmenter
)


class FeatureInput(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="features", tag_field="kind"
):
    """Features of the segment, z-scored. Order: channel by channel, then the pairs."""

    channels: tuple[str, ...]
    """Channels of the sensor contract, or the derived magnitudes `|a|` and `|g|`."""
    features: tuple[str, ...]
    """Computed for every channel; names as in docs/features.md."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Channel pairs whose correlation is a feature."""
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    """Per feature, in the integer library's raw units; empty until training has measured them."""


class WindowInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="window", tag_field="kind"):
    """The segment resampled to `length` points, channels last."""

    length: int
    channels: tuple[str, ...]
    scaling: tuple[Literal["absolute", "rms"], ...]
    """Per channel: as it is, or divided by the RMS of its group over the segment."""
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()
    """Per channel, in the integer library's raw units; empty until training has measured them."""


ModelInput = FeatureInput | WindowInput


class Quantisation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """real = scale * (q - zero_point), of the network's int8 input and output."""

    input_scale: float
    input_zero_point: int
    output_scale: float
    output_zero_point: int


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From logits to an event."""

    thresholds: dict[str, int] = {}
    """Per label: scores below it are answered with unknown; 0..255, 0 when not named."""
    score_table: tuple[int, ...] = ()
    """Score 0..255 for each margin 0..255 between the two best logits; empty: the margin itself."""
    refractory_ms: float = 0.0
    """After an event, later ones that start within this time of its end are dropped."""
    agree: int = 1
    agree_of: int = 1
    """An event needs the same label in `agree` of the last `agree_of` decisions."""


class ModelContract(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that decides what a model answers, with the `.tflite` whose id it carries."""

    name: str
    sensor: SensorContract
    activity: Activity
    segmenter: Segmenter
    input: ModelInput
    quantisation: Quantisation
    classes: tuple[str, ...]
    """What the network's outputs mean, in order. `unknown` may be one of them."""
    decision: Decision = Decision()
    format_version: int = FORMAT_VERSION

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of events: index 0 is unknown, then the classes in their order."""
        return (UNKNOWN, *(name for name in self.classes if name != UNKNOWN))

    def class_to_label(self) -> tuple[int, ...]:
        """For each output of the network the index of its label."""
        return tuple(self.labels.index(name) for name in self.classes)

    def check(self) -> ModelContract:
        """Return self if it makes sense; raises ContractError."""
        if self.format_version != FORMAT_VERSION:
            raise ContractError(
                f"the contract of model {self.name} has format {self.format_version}, this tinygest reads "
                f"{FORMAT_VERSION}; train the model again"
            )
        check_identifier(self.name, "model name")
        self.sensor.check()
        if len(self.activity.weights) != len(self.sensor.channels):
            raise ContractError(
                f"{len(self.activity.weights)} activity weights for {len(self.sensor.channels)} channels"
            )
        if len(self.classes) < 2 or len(set(self.classes)) != len(self.classes):
            raise ContractError("a model needs two classes or more, each with its own name")
        for name in self.classes:
            if name != UNKNOWN:
                check_label(name)
        check_distinct_macros(self.labels)
        for name in self.decision.thresholds:
            if name not in self.labels:
                raise ContractError(f"threshold for {name!r}, which is not a label of this model")
        return self

    def require_sensor(self, offered: SensorContract, whose: str) -> None:
        """Raise ContractError unless `offered` is exactly the sensor contract of this model."""
        difference = explain_mismatch(self.sensor, offered)
        if difference:
            raise ContractError(f"model {self.name} does not fit {whose}: {difference}")


def model_id(contract: ModelContract, tflite: bytes) -> str:
    """SHA-256 of the canonical contract and the `.tflite`, in hexadecimal."""
    return sha256_hex(canonical_json(contract), tflite)
