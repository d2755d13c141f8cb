"""Inputs and resampler under sanitizers, what they cost, and that unused features are not linked."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from tinygest.toolchain.boards import CortexM4Board, Sources

from .conftest import CORTEX_M4, LIBRARY, REPOSITORY, run
from .test_classifier import build

FEATURES_BUDGET = 160_000  # Cortex-M4 instructions, 174 default features of 100 samples
WINDOW_BUDGET = 60_000  # 64 points of 6 channels
PULL_BUDGET = 6_000  # one resampled sample of 6 channels, 238 to 100 Hz


def test_random_segments_and_streams(needs_host_compiler: None, tmp_path: Path) -> None:
    assert run(build("extract_stress", tmp_path)) == "ok\n"


def test_costs_are_within_their_budgets(needs_qemu: None, tmp_path: Path) -> None:
    sources = Sources(
        harness=(REPOSITORY / "tests" / "c" / "extract_cost.c",),
        runtime=tuple(sorted(LIBRARY.glob("*.c"))),
        include_dirs=(LIBRARY,),
    )
    board = CortexM4Board()
    (tmp_path / "input.bin").write_bytes(b"")
    board.run(board.build(sources, tmp_path), tmp_path, count_instructions=True)

    features, window, pull = struct.unpack("<3I", (tmp_path / "output.bin").read_bytes())
    print(f"features {features}, window {window}, resampled sample {pull} instructions")
    assert 0 < features < FEATURES_BUDGET
    assert 0 < window < WINDOW_BUDGET
    assert 0 < pull < PULL_BUDGET


ONE_FEATURE = """
#include "tg_features.h"
static const tg_source_t channel = {0, false};
static const tg_feature_kind_t *const kind = &tg_feature_%s;
static const tg_affine_t affine[8] = {{0, 1, 0}};
static const tg_features_config_t config = {&channel, &kind, 0, affine, 1, 1, 0, 0};
static int16_t rows[10];
static uint64_t scratch[TG_FEATURES_SCRATCH_BYTES(10) / 8 + 1];
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
