"""Formats that hold the numbers of a sensor and not what they mean."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tinygest.core.errors import FormatError
from tinygest.formats.base import COUNTS, ImportOptions, require_option
from tinygest.formats.convert import is_rotation
from tinygest.formats.described import Described


def raw_units(
    channels: Iterable[str], options: ImportOptions, described: Described | None = None
) -> tuple[str, str]:
    """Units of acceleration and rotation: as the person says, else counts of a scale that must be known.

    An empty text where there is no such channel. Raises MissingOptionError.
    """
    said = described or Described()
    present = {is_rotation(name) for name in channels}
    accel_unit, gyro_unit = "", ""
    if False in present:
        scale = options.counts_per_g or said.counts_per_g
        accel_unit = options.accel_unit or _counts(scale, "how many counts are one g", "--counts-per-g")
    if True in present:
        scale = options.counts_per_dps or said.counts_per_dps
        gyro_unit = options.gyro_unit or _counts(
            scale, "how many counts are one degree/s", "--counts-per-dps"
        )
    return accel_unit, gyro_unit


def check_counts(values: NDArray[np.float64], units: tuple[str, str], path: Path) -> None:
    """Raise FormatError if what is said to be counts holds fractions."""
    if COUNTS in units:
        whole = (values == np.rint(values)).all(axis=1)
        if not whole.all():
            row = int(whole.argmin())
            raise FormatError(
                "holds fractions, so these are no counts; say --accel-unit and --gyro-unit",
                path,
                f"row {row}",
            )


def _counts(scale: float | None, what: str, option: str) -> str:
    require_option(scale, what, option)
    return COUNTS
