"""A map that ld wrote adds up to the sections of the image."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinygest.core.errors import ToolchainError
from tinygest.toolchain.link_map import read_pieces
from tinygest.toolchain.process import run

SOURCE = """
int counter = 7;
static int sums[50];
const char text[] = "nine bytes";
__attribute__((noinline)) int add_to_the_counter_with_a_long_name(int x) {
    return counter += x + sums[x] + text[x];
}
int unused(int x) { return x * 3; }
void _start(void) { sums[1] = add_to_the_counter_with_a_long_name(2); }
"""


def test_pieces_of_a_small_image(needs_arm: None, tmp_path: Path) -> None:
    (tmp_path / "small.c").write_text(SOURCE)
    run(
        ["arm-none-eabi-gcc", "-Os", "-mcpu=cortex-m4", "-mthumb", "-ffunction-sections", "-fdata-sections",
         "-nostdlib", "-Wl,--gc-sections,-Map,small.map", "-c", "small.c", "-o", "small.o"],
        cwd=tmp_path,
    )  # fmt: skip
    run(
        ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mthumb", "-nostdlib", "-Wl,--gc-sections,-Map,small.map",
         "small.o", "-o", "small.elf"],
        cwd=tmp_path,
    )  # fmt: skip
    pieces = {piece.section: piece for piece in read_pieces(tmp_path / "small.map")}
    assert ".text.unused" not in pieces
    assert pieces[".text.add_to_the_counter_with_a_long_name"].n_bytes > 8
    sums, counter = pieces[".bss.sums"], pieces[".data.counter"]
    assert (sums.n_bytes, sums.in_flash, sums.in_ram) == (200, False, True)
    assert (counter.n_bytes, counter.in_flash, counter.in_ram) == (4, True, True)
    assert {piece.source for piece in pieces.values()} == {"small.o"}


def test_what_is_no_map(tmp_path: Path) -> None:
    (tmp_path / "other.map").write_text("nothing here")
    with pytest.raises(ToolchainError, match="not a map"):
        read_pieces(tmp_path / "other.map")
