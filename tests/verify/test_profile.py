"""Figures of a library on Cortex-M4, checked where another way leads to the same number."""

import msgspec
import pytest

from tinygest.core.contract import CentreSegmenter, SlidingSegmenter
from tinygest.core.errors import ToolchainError, VerifyError
from tinygest.generate.network import resolve_network
from tinygest.toolchain import qemu
from tinygest.toolchain.stack import CALL_GRAPH_FLAG
from tinygest.verify import profile as profile_module
from tinygest.verify.library import stated_stack
from tinygest.verify.profile import check_stack, measure_memory, profile_library, with_speed
from tinygest.workflow.layers import tell_layers


def profile(case, library, recordings):
    layers = tell_layers(resolve_network(case.tflite))
    return profile_library(case.contract, case.tflite, library, recordings, layers=layers)


@pytest.fixture(scope="module")
def library(window_case, tmp_path_factory):
    return window_case.generate(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module")
def report(needs_qemu, window_case, library, recordings):
    return profile(window_case, library, recordings[:2])


def test_flash_is_the_sum_of_its_parts(report, window_case):
    flash = msgspec.structs.asdict(report.flash)
    parts = sum(flash.values()) - report.flash.library
    assert report.flash.library == pytest.approx(parts, abs=40), "but for alignment and the harness's calls"
    assert report.flash.model_constants > resolve_network(window_case.tflite).constant_bytes
    assert report.flash.model_code > 0
    assert report.flash.runtime_code > 1000


def test_ram_is_the_callers_state(report):
    ring = 90 * 6 * 2  # the longest segment, 900 ms at 100 Hz
    assert ring + 384 < report.ram.state < ring + 384 + 2500
    assert report.ram.static == 0


def test_every_sample_is_counted_once(report):
    counts = report.instructions
    assert report.n_samples == 9000
    assert counts.idle_push.n + counts.deciding_push.n == 9000
    assert counts.deciding_push.n == counts.network.n > 60
    assert counts.idle_push.max < counts.deciding_push.min


def test_parts_of_a_decision_add_up(report):
    counts = report.instructions
    parts = counts.path.mean + counts.extract.mean + counts.network.mean + counts.decision.mean
    assert parts == pytest.approx(counts.deciding_push.mean, abs=100)
    assert min(counts.network.mean, counts.extract.mean) > counts.decision.mean > 0


def test_layers_are_the_network_of_the_decision(report):
    """The mean is over the first inputs alone, and an inference costs nearly the same for all."""
    network = sum(layer.instructions for layer in report.layers)
    assert network == pytest.approx(report.instructions.network.mean, rel=0.02, abs=60)


def test_stack_is_that_of_the_library(report):
    assert 64 <= report.stack.measured <= report.stack.bound <= 1024
    assert "tg_swing_invoke" not in report.stack.not_in_bound


def test_the_header_states_the_stack_and_is_held_to_it(report, library):
    stated = stated_stack(library, report.model)
    assert report.stack.bound <= stated <= 1024
    check_stack(report.stack, stated)
    check_stack(report.stack, None)
    with pytest.raises(VerifyError, match=f"{report.stack.bound} bytes of stack, and the library's header"):
        check_stack(report.stack, report.stack.bound - 1)


def test_memory_is_known_without_running(report, window_case, library):
    memory = measure_memory(library, window_case.contract.name)
    assert memory.flash == report.flash.library
    assert memory.ram == report.ram.state + report.ram.static + report.stack.bound


def test_speed_stands_beside(report):
    both = with_speed(report, msgspec.structs.replace(report, flags=("-O2",)))
    assert both.speed.flags == ("-O2",)
    assert both.speed.flash == report.flash
    assert both.flags == report.flags


def test_what_was_measured_stands_beside(report):
    assert "-Os" in report.flags
    assert "-mcpu=cortex-m4" in report.flags
    assert "arm-none-eabi-gcc" in report.compiler
    assert "QEMU" in report.emulator
    assert "less the same image" in report.linked


def test_what_was_not_measured_is_not_invented(needs_qemu, window_case, library, recordings, monkeypatch):
    """A recording without a segment, and a compiler that tells no frames."""
    monkeypatch.setattr(profile_module.arm, "takes_flags", lambda *flags: CALL_GRAPH_FLAG not in flags)
    report = profile(window_case, library, [recordings[2]])
    assert report.instructions.idle_push.n == 1
    assert report.instructions.deciding_push is report.instructions.network is None
    assert report.stack.bound is None
    assert report.layers == ()
    assert report.stack.measured >= 32


def test_no_recording_and_no_emulator_are_errors(needs_qemu, window_case, library, recordings, monkeypatch):
    with pytest.raises(VerifyError, match="no recording to measure with"):
        profile(window_case, library, [])
    monkeypatch.setattr(qemu, "COMMAND", "no-such-qemu")
    with pytest.raises(ToolchainError, match="no-such-qemu was not found"):
        profile(window_case, library, recordings)


def costing(instructions):
    none = profile_module.Instructions(None, None, None, None, None, None)
    spread = profile_module.Spread(9, instructions, instructions, instructions)
    return msgspec.structs.replace(none, deciding_push=spread)


def test_overlapping_windows_that_cost_too_much_are_refused(window_case):
    def check(segmenter, instructions):
        contract = msgspec.structs.replace(window_case.contract, segmenter=segmenter)
        profile_module.check_load(contract, costing(instructions))

    often = CentreSegmenter(500, 10.0, {"jab": 400.0})
    check(often, 192_000)  # 0.3 of 10 ms at 64 MHz
    with pytest.raises(VerifyError, match=r"takes 31% of the processor.* hop_ms to 11 or more"):
        check(often, 200_000)
    with pytest.raises(VerifyError, match="a window every 5 ms, of 192,000 instructions, takes 60%"):
        check(SlidingSegmenter(500, 5.0), 192_000)
    check(window_case.contract.segmenter, 10**9)  # asked once an event
