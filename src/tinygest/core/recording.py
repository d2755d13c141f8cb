"""A recording: samples and physics that never change, and metadata that a person may correct."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import ContractError, LabelError, StoreError
from tinygest.core.labels import check_label
from tinygest.core.sensor import SensorContract

MAX_TEXT = 80
RECORDING_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}\Z")

Samples = NDArray[np.int16]  # (n_samples, n_channels), counts of the contract, channels last


class Gap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Samples are missing just before row `at`.

    n_missing counts samples of the project's rate; 0 means that time is broken by an unknown amount
    (two captures laid end to end). Either way the signal path restarts at row `at`.
    """

    at: int
    n_missing: int = 0


class RecordingInfo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Physics, written once with the samples."""

    contract: SensorContract
    n_samples: int
    gaps: tuple[Gap, ...] = ()
    measured_rate_hz: float | None = None
    device: str = ""
    source: dict[str, Any] = {}
    """Where it came from: file, original unit, factor, range, what was converted."""
    n_clipped: dict[str, int] = {}
    """Per channel, how many samples were saturated when they became int16."""
    continuous: bool = True
    """False: isolated captures; time between segments was never recorded."""
    clock_fit: dict[str, float] | None = None
    """Device clock against host clock: host_s = offset_s + rate * device_s."""


class RecordingMeta(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person may correct later."""

    subject: str = ""
    side: str = ""
    session: str = ""
    default_label: str = ""
    notes: str = ""
    fields: dict[str, str] = {}
    deleted: bool = False


@dataclass(frozen=True)
class Recording:
    """One unbroken capture, or several with known gaps between them."""

    id: str
    info: RecordingInfo
    meta: RecordingMeta
    samples: Samples

    def __post_init__(self) -> None:
        check_recording_id(self.id)
        check_meta(self.meta)
        n_channels = len(self.info.contract.channels)
        if self.samples.dtype != np.int16 or self.samples.shape != (
            self.info.n_samples,
            n_channels,
        ):
            raise ContractError(
                f"recording {self.id}: samples are {self.samples.dtype} {self.samples.shape}, the "
                f"contract says int16 ({self.info.n_samples}, {n_channels})"
            )
        rows = [gap.at for gap in self.info.gaps]
        if rows != sorted(set(rows)) or any(not 0 < row < self.info.n_samples for row in rows):
            raise ContractError(f"recording {self.id}: gaps are out of order or out of range")

    def spans(self) -> list[tuple[int, int]]:
        """Rows [start, stop) of each unbroken piece."""
        edges = [0, *(gap.at for gap in self.info.gaps), self.info.n_samples]
        return list(itertools.pairwise(edges))


def check_meta(meta: RecordingMeta) -> RecordingMeta:
    """Return the metadata if its texts fit a line of a table; raises StoreError. Notes are free."""
    texts = [
        ("subject", meta.subject),
        ("side", meta.side),
        ("session", meta.session),
        *meta.fields.items(),
    ]
    for name, text in texts:
        if not text.isprintable() or len(text) > MAX_TEXT:
            raise StoreError(f"{name} {text[:20]!r} is not usable: at most {MAX_TEXT} printable characters")
    if meta.default_label:
        try:
            check_label(meta.default_label)
        except LabelError as error:
            raise StoreError(f"default label: {error}") from error
    return meta


def check_recording_id(recording_id: str) -> str:
    """Return the id if it is safe as a file name; raises StoreError."""
    if not RECORDING_ID.match(recording_id):
        raise StoreError(
            f"recording id {recording_id!r} is not usable: letters, digits, '_', '-', '.', "
            "at most 80, starting with a letter or digit"
        )
    return recording_id
