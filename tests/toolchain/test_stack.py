"""Worst-case stack of programs whose frames are known."""

import pytest

from tinygest.core.errors import ToolchainError
from tinygest.toolchain import arm, elf
from tinygest.toolchain.stack import CALL_GRAPH_FLAG, CallGraph, StackBound, read_call_graph


def test_deepest_chain_counts_once():
    graph = CallGraph(
        frames={"a": 8, "b": 16, "c": 100, "d": 4},
        calls={"a": {"b", "d"}, "b": {"c", "memcpy"}, "d": {"c"}},
    )
    assert graph.bound("a") == StackBound(124, ("memcpy",))


def test_pointer_reaches_everything_pointed_to_but_what_is_running():
    graph = CallGraph(
        frames={"push": 8, "extract": 32, "kind": 64, "network": 80, "never": 999},
        calls={"push": {"__indirect_call"}, "extract": {"__indirect_call"}},
        pointed={"extract", "kind", "network"},
    )
    assert graph.bound("push").bytes == 8 + 32 + 80


PROGRAM = """
void reset_handler(void);
void direct(volatile char *out);
static void by_pointer(volatile char *out) { volatile char big[400]; big[out[1]] = 1; out[0] = big[2]; }
void direct(volatile char *out) { volatile char small[40]; small[out[1]] = 1; out[0] = small[2]; }
void (*const table[2])(volatile char *) = {by_pointer, direct};
void left_out(volatile char *out);
void left_out(volatile char *out) { volatile char huge[4000]; huge[out[1]] = 1; out[0] = huge[2]; }
void (*const unused[1])(volatile char *) = {left_out};
void reset_handler(void) { volatile char c[4]; direct(c); for (;;) { table[c[0] & 1](c); c[3]++; } }
"""


def build(program, folder):
    (folder / "program.c").write_text(program)
    script = folder / "all.ld"
    script.write_text("ENTRY(reset_handler)\nSECTIONS { .text : { *(.text*) *(.rodata*) } }\n")
    flags = (*arm.FLAGS, CALL_GRAPH_FLAG)
    return arm.compile_elf(
        {"model": [folder / "program.c"]}, folder / "build" / "x.elf", linker_script=script, flags=flags
    )


@pytest.mark.usefixtures("needs_arm")
def test_frames_of_a_real_program(tmp_path):
    image = build(PROGRAM, tmp_path)
    graph = read_call_graph([tmp_path / "build" / "model"], elf.functions(image))
    assert graph.pointed == {"program:by_pointer", "direct"}
    assert graph.frames["direct"] < 80
    bound = graph.bound("reset_handler")
    assert bound.not_counted == ()
    assert 400 + 4 <= bound.bytes <= 400 + 64


@pytest.mark.usefixtures("needs_arm")
def test_frame_of_varying_size_has_no_bound(tmp_path):
    program = (
        "void reset_handler(void);\nvolatile int n = 5;\n"
        "void reset_handler(void) { volatile char c[n]; c[0] = 1; for (;;) { n = c[0]; } }\n"
    )
    image = build(program, tmp_path)
    with pytest.raises(ToolchainError, match="reset_handler has a frame of varying size"):
        read_call_graph([tmp_path / "build" / "model"], elf.functions(image))


def test_without_call_graphs_the_reason_is_told(tmp_path):
    with pytest.raises(ToolchainError, match="GCC 10 or newer"):
        read_call_graph([tmp_path], set())


@pytest.mark.usefixtures("needs_arm")
def test_flags_are_tried():
    assert arm.takes_flags("-Os")
    assert not arm.takes_flags("-fno-such-flag")
