"""What the networks see when nobody chose: inputs that proved themselves on several data sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tinygest.core.contract import FeatureInput, WindowInput
from tinygest.core.errors import ContractError
from tinygest.core.sensor import SensorContract, triads
from tinygest.signalpath.sources import magnitudes, measured_by, plan_sources, triad_of

WINDOW_LENGTH = 64

FEATURES = tuple("mean std min max log_jerk argmax argmin crossings bins8 log_std4".split())
"""Where a movement is, how large, when its peaks come, and how fast it goes.

Its duration is not among them: it does not carry over from person to person.
"""


def default_features(sensor: SensorContract, channels: Sequence[str] = ()) -> FeatureInput:
    """FEATURES of the channels and of their triads' magnitudes; correlations within each triad.

    channels: those to look at, all when empty. Raises ContractError for one that does not exist.
    """
    chosen = _chosen(sensor, channels)
    names = sensor.channel_names
    whole = {first: names[first : first + 3] for first in triads(sensor)}
    whole = {first: axes for first, axes in whole.items() if set(axes) <= set(chosen)}
    norms = [name for name, source in magnitudes(sensor).items() if source.first in whole]
    pairs = [pair for x, y, z in whole.values() for pair in ((x, y), (x, z), (y, z))]
    return FeatureInput((*chosen, *norms), FEATURES, tuple(pairs))


def default_window(sensor: SensorContract, channels: Sequence[str] = ()) -> WindowInput:
    """WINDOW_LENGTH points; acceleration as it is, because gravity says how the hand is held.

    Rotation is divided by its RMS: how fast somebody turns is the person, which way is the gesture.
    """
    chosen = _chosen(sensor, channels)
    return WindowInput(WINDOW_LENGTH, chosen, tuple(_scaling(sensor, name) for name in chosen))


def _scaling(sensor: SensorContract, name: str) -> Literal["absolute", "rms"]:
    (source,) = plan_sources(sensor, [name])
    is_rotation = measured_by(sensor, source).quantity == "rotation"
    return "rms" if is_rotation and triad_of(sensor, source) is not None else "absolute"


def _chosen(sensor: SensorContract, channels: Sequence[str]) -> tuple[str, ...]:
    for name in channels:
        if name not in sensor.channel_names:
            raise ContractError(
                f"channel {name!r} is not known; this sensor has {', '.join(sensor.channel_names)}"
            )
    return tuple(name for name in sensor.channel_names if not channels or name in channels)
