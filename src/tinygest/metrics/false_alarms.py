"""False alarms per hour: count, hours they rest on, exact Poisson interval."""

from __future__ import annotations

import msgspec


class Rate(msgspec.Struct, frozen=True):
    """n events in `hours`; without any hours there is no rate, only the count."""

    n: int
    hours: float
    per_hour: float | None
    low: float | None
    high: float | None
    """95 % interval."""


def false_alarm_rate(n: int, hours: float, confidence: float = 0.95) -> Rate:
    """Rate of a Poisson count with its exact interval (F. Garwood, Biometrika 28, 1936).

    Zero alarms in h hours still leave up to 3.69 / h per hour: that is why the hours are reported.
    """
    if n < 0 or hours < 0:
        raise ValueError(f"{n} alarms in {hours} hours")
    if hours == 0:
        return Rate(n, 0.0, None, None, None)
    from scipy.stats import chi2

    tail = (1 - confidence) / 2
    low = float(chi2.ppf(tail, 2 * n)) / 2 if n else 0.0
    high = float(chi2.ppf(1 - tail, 2 * n + 2)) / 2
    return Rate(n, hours, n / hours, low / hours, high / hours)
