"""Whether samples can be what a sensor measures."""

from __future__ import annotations

import numpy as np
import pytest

from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import SensorContract, imu_contract
from tinygest.metrics.physics import measure_physics, remarks


def recording(samples: np.ndarray, contract: SensorContract | None = None, *gaps: Gap) -> Recording:
    info = RecordingInfo(contract or imu_contract(100), len(samples), gaps)
    return Recording("r", info, RecordingMeta(), samples.astype(np.int16))


def at_rest(n: int = 300, gravity: tuple[float, float, float] = (0, 0, 1), noise: float = 10) -> np.ndarray:
    rng = np.random.default_rng(0)
    samples = rng.normal(0, noise, (n, 6))
    samples[:, :3] += 2048 * np.array(gravity)
    return np.rint(samples)


def test_a_board_on_a_table() -> None:
    physics = measure_physics(recording(at_rest()))
    assert physics.rest_g == pytest.approx(1, abs=0.002)
    assert physics.rest_direction == pytest.approx((0, 0, 1), abs=0.01)
    assert (physics.duration_s, physics.missing_share, physics.clipped, physics.dead) == (3, 0, {}, ())
    assert remarks(physics) == []


def test_everything_that_can_be_wrong_is_said() -> None:
    samples = at_rest(gravity=(0, 0, 0.6))
    samples[:, 4] = 17
    samples[100:105, 0] = 32767
    physics = measure_physics(recording(samples, None, Gap(200, 100)))
    assert physics.clipped == {"ax": 5}
    assert physics.dead == ("gy",)
    said = " | ".join(remarks(physics))
    for words in ("gy never changes", "ax was at full scale in 5", "0.60 g instead of 1", "25.00%"):
        assert words in said
    unknown = measure_physics(recording(at_rest(), None, Gap(200)))
    assert "broken in 1 places by an unknown amount" in remarks(unknown)[0]


def test_movement_and_data_without_gravity_say_nothing_about_rest() -> None:
    moving = at_rest(noise=2000)
    assert measure_physics(recording(moving)).rest_g is None
    without = imu_contract(100, gravity=False)
    assert measure_physics(recording(at_rest(), without)).rest_g is None
    tiny = measure_physics(recording(at_rest(5)))
    assert (tiny.rest_g, tiny.dead) == (None, ())


def test_rest_is_found_between_movements_but_not_across_gaps() -> None:
    samples = np.concatenate([at_rest(100, noise=2000), at_rest(100, (1, 0, 0)), at_rest(100, noise=2000)])
    assert measure_physics(recording(samples)).rest_direction == pytest.approx((1, 0, 0), abs=0.01)
    pieces = tuple(Gap(at) for at in range(10, 300, 10))
    assert measure_physics(recording(samples, None, *pieces)).rest_g is None
