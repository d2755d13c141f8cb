"""Physical units of motion sensors, and factors between them.

Canonical units are g for acceleration and degrees per second for rotation. On tinygest's boards the
canonical counts are 2048 per g (16 g full scale) and 16.384 per degree/s (2000 degrees/s full scale).
"""

from __future__ import annotations

import math

from tinygest.core.errors import ContractError

STANDARD_GRAVITY_MS2 = 9.80665  # m/s2 per g, exact by definition (CGPM 1901)
COUNTS_PER_G = 2048.0
COUNTS_PER_DPS = 16.384

_FACTORS = {
    "g": ("g", 1.0),
    "mg": ("g", 1e-3),
    "m/s^2": ("g", 1.0 / STANDARD_GRAVITY_MS2),
    "m/s2": ("g", 1.0 / STANDARD_GRAVITY_MS2),
    "deg/s": ("deg/s", 1.0),
    "dps": ("deg/s", 1.0),
    "mdps": ("deg/s", 1e-3),
    "1": ("1", 1.0),
    "rad/s": ("deg/s", 180.0 / math.pi),
}


def canonical_unit(unit: str) -> tuple[str, float]:
    """(canonical unit, factor): value in `unit` times factor = value in the canonical unit."""
    try:
        return _FACTORS[unit]
    except KeyError:
        known = ", ".join(sorted(_FACTORS))
        raise ContractError(f"unit {unit!r} is not known; use one of {known}") from None
