"""Inputs and resampler under sanitizers, what they cost, and that unused features are not linked."""

from __future__ import annotations

import re
from pathlib import Path

import path_costs
import pytest

from tinygest.signalpath import defaults
from tinygest.signalpath.feature_kinds import KINDS
from tinygest.toolchain.boards import CortexM4Board

from .conftest import CORTEX_M4, LIBRARY, run
from .test_classifier import build

# Cortex-M4 instructions as PlatformIO builds, six channels and two magnitudes, segments of 100 samples.
FEATURES_BUDGET = 32_000  # the default features
WINDOW_BUDGET = 25_000  # 64 points of 6 channels
A_SAMPLE_BUDGET = 40  # what a further sample of the segment costs features
A_WINDOW_SAMPLE_BUDGET = 65
PULL_BUDGET = 6_000  # one resampled sample of 6 channels, 238 to 100 Hz


def test_random_segments_and_streams(needs_host_compiler: None, tmp_path: Path) -> None:
    assert run(build("extract_stress", tmp_path)) == "ok\n"


def test_costs_are_within_their_budgets(needs_qemu: None) -> None:
    costs = path_costs.measure_extraction(CortexM4Board())
    print(costs)
    assert 0 < costs.features[100] < FEATURES_BUDGET
    assert 0 < costs.window[100] < WINDOW_BUDGET
    assert (costs.features[2048] - costs.features[100]) / 1948 < A_SAMPLE_BUDGET
    assert (costs.window[2048] - costs.window[100]) / 1948 < A_WINDOW_SAMPLE_BUDGET
    assert 0 < costs.pull[1] < PULL_BUDGET


def test_the_costs_are_those_of_the_defaults() -> None:
    assert defaults.FEATURES == path_costs.DEFAULT_KINDS
    assert set(KINDS) == {*path_costs.DEFAULT_KINDS, *path_costs.OTHER_KINDS}


ONE_FEATURE = """
#include "tg_features.h"
static const tg_source_t channel = {0, false};
static const tg_feature_kind_t *const kind = &tg_feature_%s;
static const tg_affine_t affine[8] = {{0, 1, 0}};
static const tg_features_config_t config = {&channel, &kind, 0, affine, 1, 1, 0, 0};
static int16_t rows[10];
static uint64_t scratch[TG_FEATURES_SCRATCH_BYTES(1) / 8 + 1];
int8_t input[8];
int main(void) {
    const tg_segment_t segment = {0, 10};
    const tg_ring_t ring = {rows, 10, 1, 0, 10};
    tg_features_extract(&config, &ring, &segment, scratch, 0, input);
    return 0;
}
"""


@pytest.mark.parametrize(("name", "with_fft"), [("mean", False), ("centroid", True)])
def test_features_that_no_model_names_are_not_linked(
    name: str, with_fft: bool, needs_arm: None, tmp_path: Path
) -> None:
    (tmp_path / "main.c").write_text(ONE_FEATURE % name)
    run(
        *("arm-none-eabi-gcc", *CORTEX_M4, "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections"),
        *("--specs=nosys.specs", "-w", f"-I{LIBRARY}", tmp_path / "main.c", *sorted(LIBRARY.glob("*.c"))),
        *("-o", tmp_path / "main.elf"),
    )
    symbols = run("arm-none-eabi-nm", tmp_path / "main.elf")
    linked = set(re.findall(r"\btg_feature_\w+", symbols))
    assert linked <= {f"tg_feature_{name}"}  # a table that the compiler folds away has no symbol
    assert ("tg_fft_turns" in symbols) == with_fft
    assert "tg_resampler" not in symbols
