"""Milliseconds to samples, and the limits of parameters, refused by name.

`what` is the parameter as the user knows it, such as "segmenter max_ms"; it begins the sentence.
"""

from __future__ import annotations

import math

from tinygest.core.errors import ContractError


def length_in(what: str, ms: float, rate_hz: float, maximum: int) -> int:
    """Like `samples_in`, for what must not be empty: 0 ms is refused, else at least one sample."""
    if ms == 0:
        raise ContractError(f"{what} is 0; it needs to be longer")
    return max(1, samples_in(what, ms, rate_hz, maximum))


def samples_in(what: str, ms: float, rate_hz: float, maximum: int) -> int:
    """Samples in `ms`, halves up; raises ContractError unless 0 <= samples <= maximum."""
    check_time(what, ms)
    exact = ms * rate_hz / 1000
    if exact >= maximum + 0.5:
        raise ContractError(
            f"{what} {ms:g} is {exact:.0f} samples at {rate_hz:g} Hz; at most {maximum} are possible, "
            f"that is {maximum * 1000 / rate_hz:g} ms"
        )
    return math.floor(exact + 0.5)


def check_time(what: str, ms: float) -> None:
    """Raise ContractError unless `ms` is a duration."""
    if not (math.isfinite(ms) and ms >= 0):
        raise ContractError(f"{what} is {ms}; it must be a number of milliseconds, 0 or more")


def check_range(what: str, value: int, minimum: int, maximum: int) -> None:
    """Raise ContractError unless minimum <= value <= maximum."""
    if not minimum <= value <= maximum:
        raise ContractError(f"{what} is {value}; it must be {minimum} to {maximum}")
