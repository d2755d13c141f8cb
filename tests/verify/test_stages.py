"""Each stage counted apart, against the push that holds them all."""

import pytest

from tinygest.core.errors import VerifyError
from tinygest.toolchain import arm
from tinygest.toolchain.boards import CortexM4Board
from tinygest.verify import stages as stages_module
from tinygest.verify.library import open_library
from tinygest.verify.profile import profile_library
from tinygest.verify.stages import measure_stages

BOARD = CortexM4Board(arm.PLATFORMIO_FLAGS)


@pytest.fixture(scope="module")
def stages(needs_qemu, feature_case, recordings, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stages")
    library = open_library(feature_case.generate(folder / "library"), feature_case.contract.name)
    return measure_stages(BOARD, library, feature_case.contract, recordings[:1], folder / "build")


def test_a_sample_is_cheaper_than_the_budget(stages):
    assert stages.n_samples == 6000
    idle = stages.ring.mean + stages.activity.mean + stages.segmenter.mean
    assert 100 < idle < 250
    assert stages.ring.max == pytest.approx(stages.ring.mean, abs=4)


def test_features_add_up_to_the_extraction(stages, feature_case):
    """Each kind alone; both percentiles sort, and only the first of them when they come together."""
    kinds = feature_case.contract.input.features
    assert list(stages.features) == ["points", *kinds, "pairs"]
    parts = dict(stages.features)
    shared = parts["p25"]
    assert shared == pytest.approx(parts["p75"], rel=0.01)
    assert all(cost > 0 for cost in parts.values())
    assert sum(parts.values()) - shared == pytest.approx(stages.extract.mean, rel=0.03)
    assert stages.extract.max >= stages.extract.mean


def test_the_resampler_stands_apart(stages):
    assert 1000 < stages.resampler.mean <= stages.resampler.max < 6000


def test_a_window_and_no_segment(needs_qemu, window_case, recordings, tmp_path):
    library = window_case.generate(tmp_path)
    report = profile_library(
        window_case.contract, window_case.tflite, library, [recordings[2]], with_stages=True
    )
    assert report.stages.n_samples == 1
    assert report.stages.n_segments == 0
    assert report.stages.extract is None
    assert report.stages.features == {}


def test_damaged_counts_are_refused(feature_case):
    with pytest.raises(VerifyError, match="the board wrote 8 bytes of costs instead of 92"):
        stages_module._parse(bytes(8), feature_case.contract)
