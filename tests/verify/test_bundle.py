"""Every stage of a generated library is compared, and one wrong number is found where it is."""

import re
import shutil
from dataclasses import replace

import numpy as np
import pytest

from tinygest.core.errors import ContractError, VerifyError
from tinygest.core.recording import Recording
from tinygest.core.sensor import imu_contract
from tinygest.toolchain import arm
from tinygest.toolchain.boards import CortexM4Board, HostBoard
from tinygest.toolchain.compiler import STRICT
from tinygest.verify import tflm
from tinygest.verify.bundle import batches, verify_bundle

HOST = HostBoard(flags=("-std=c99", "-O0", *STRICT))
CORTEX_M4 = CortexM4Board(flags=(*arm.FLAGS, *STRICT))
BOARDS = {"host": HOST, "cortex-m4": CORTEX_M4}
STAGES = ["segments", "inputs", "logits", "events", "events as shipped"]


@pytest.fixture(scope="module")
def library(window_case, tmp_path_factory):
    return window_case.generate(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="module")
def case_library(window_case, library):
    return window_case, library


def verify(case, library, recordings, *boards, **options):
    return verify_bundle(case.contract, case.tflite, library, recordings, boards=boards, **options)


@pytest.mark.parametrize("name", ["window_case", "feature_case"])
@pytest.mark.usefixtures("needs_host_compiler", "needs_qemu", "needs_tflm")
def test_no_byte_differs(name, request, recordings, tmp_path):
    case = request.getfixturevalue(name)
    library = case.generate(tmp_path)
    report = verify(case, library, recordings, HOST, CORTEX_M4, required=["host", "cortex-m4", "tflm"])
    assert (report.n_recordings, report.n_samples, report.n_gaps) == (4, 11_501, 6)
    assert report.not_run == ()
    assert set(report.tools) == set(BOARDS)
    for board in BOARDS:
        stages = [stage for stage in report.stages if stage.target == board]
        assert [stage.stage for stage in stages] == STAGES
        assert [stage.against for stage in stages] == ["python", "python", "tflm", "python", "python"]
        assert all(stage.n_compared > 20 for stage in stages)
        n_inputs = 384 if name == "window_case" else 33
        assert stages[1].n_bytes == stages[1].n_compared * (4 + n_inputs)


@pytest.mark.parametrize("name", ["window_case", "feature_case"])
@pytest.mark.usefixtures("needs_host_compiler")
def test_no_byte_differs_under_sanitizers(name, request, recordings, tmp_path):
    """A memory plan that is too small, or an overflow, would stop the run."""
    case = request.getfixturevalue(name)
    flags = ("-std=c99", "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
    report = verify(case, case.generate(tmp_path), recordings, HostBoard(flags))
    assert "-fsanitize" in report.tools["host"]


# The first pair of outputs of a layer: its biases come first, then its weights.
PAIR = r"(_pairs\[\d+\] = \{\s+\{ /\*[^*]+\*/\s+\{\s*"
# What is changed in tg_swing<file>.c: (file, pattern, replacement, first wrong stage).
MUTATIONS = {
    "start level": ("", r"(\.start_level = )700", r"\g<1>900", "segments"),
    "longest lull": ("", r"(\.merge = )\d+", r"\g<1>0", "segments"),
    "zero point": ("", r"(\.zero_point = )-2", r"\g<1>-1", "inputs"),
    "weight": ("_network", PAIR + r"-?\d+[^}]+\},\s+\{\s*)-?\d+", r"\g<1>99", "logits"),
    "bias": ("_network", PAIR + r")-?\d+", r"\g<1>9999", "logits"),
    "threshold": ("", r"(thresholds\[\d+\] = \{[^}]*\b)30", r"\g<1>31", "events"),
    "refractory time": ("", r"(\.decision\.refractory = )5", r"\g<1>500", "events"),
}


@pytest.mark.parametrize(
    ("mutation", "board"),
    [*((mutation, "host") for mutation in MUTATIONS), ("weight", "cortex-m4"), ("threshold", "cortex-m4")],
)
@pytest.mark.usefixtures("needs_host_compiler", "needs_qemu", "needs_tflm")
def test_one_wrong_number_is_found_in_its_stage(mutation, board, case_library, recordings, tmp_path):
    case, library = case_library
    file, pattern, wrong, stage = MUTATIONS[mutation]
    shutil.copytree(library, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "tg_swing" / "src" / f"tg_swing{file}.c"
    changed, n_changed = re.subn(pattern, wrong, path.read_text(), count=1)
    assert n_changed == 1
    assert changed != path.read_text()
    path.write_text(changed)
    with pytest.raises(VerifyError, match=rf"^stage {stage} on {board}, recording \w+, sample \d+"):
        verify(case, tmp_path, recordings, BOARDS[board])


def test_state_that_survives_a_gap_is_found(
    window_case, library, recordings, tmp_path, needs_host_compiler
):
    shutil.copytree(library, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "tg_swing" / "src" / "tg_swing.c"
    path.write_text(path.read_text().replace("tg_classifier_skip(&model->classifier, n_missing);", ""))
    with pytest.raises(VerifyError, match="stage segments on host, recording gappy"):
        verify(window_case, tmp_path, recordings, replace(HOST, flags=("-std=c99",)))


def test_a_library_of_another_model_is_refused(window_case, library, recordings):
    other = replace(window_case, tflite=window_case.tflite + b"\0")
    with pytest.raises(VerifyError, match="is of another model: it carries the id"):
        verify(other, library, recordings, HOST)


def test_recording_of_another_sensor_is_refused(window_case, library, recordings, needs_host_compiler):
    first = recordings[0]
    info = type(first.info)(imu_contract(50.0), first.info.n_samples)
    with pytest.raises(ContractError, match="rate 100 Hz against 50 Hz"):
        verify(window_case, library, [Recording("slow", info, first.meta, first.samples)], HOST)


def test_what_cannot_run_is_listed_or_an_error(
    window_case, library, recordings, needs_host_compiler, monkeypatch
):
    monkeypatch.setattr(arm, "COMMAND", "no-such-gcc")
    monkeypatch.setattr(tflm, "find_spec", lambda name: None)
    report = verify(window_case, library, recordings[:1], HOST, CORTEX_M4)
    assert [entry.what for entry in report.not_run] == ["cortex-m4", "tflm"]
    assert "apt install gcc-arm-none-eabi" in report.not_run[0].reason
    assert [stage.stage for stage in report.stages] == ["segments", "inputs", "events", "events as shipped"]
    for what in ("cortex-m4", "tflm"):
        with pytest.raises(VerifyError, match=f"{what} is required but could not run"):
            verify(window_case, library, recordings[:1], HOST, CORTEX_M4, required=[what])


def test_without_tflm_the_boards_are_compared_with_each_other(
    window_case, library, recordings, needs_qemu, monkeypatch
):
    monkeypatch.setattr(tflm, "find_spec", lambda name: None)
    report = verify(window_case, library, recordings[:1], HOST, CORTEX_M4)
    logits = [stage for stage in report.stages if stage.stage == "logits"]
    assert [(stage.target, stage.against) for stage in logits] == [("cortex-m4", "host")]


@pytest.mark.usefixtures("needs_host_compiler")
@pytest.mark.parametrize("wrong", ["", "TG_TRACE_LOGITS(classifier, classifier->logits, 2);"])
def test_logits_of_a_wrong_number_are_no_oracle(wrong, case_library, recordings, tmp_path, monkeypatch):
    """Without TFLM the first board is believed, but not blindly."""
    case, library = case_library
    shutil.copytree(library, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "tinygest" / "src" / "tg_classifier.c"
    text, n_changed = re.subn(r"TG_TRACE_LOGITS\([^;]*;", wrong, path.read_text())
    assert n_changed == 1
    path.write_text(text)
    monkeypatch.setattr(tflm, "find_spec", lambda name: None)
    with pytest.raises(VerifyError, match="stage logits on host, recording long: not one value"):
        verify(case, tmp_path, recordings, replace(HOST, flags=("-std=c99",)))


def test_nothing_to_verify_is_an_error(window_case, library, needs_host_compiler, monkeypatch):
    with pytest.raises(VerifyError, match="no recording to verify with"):
        verify(window_case, library, [], HOST)
    monkeypatch.setattr(arm, "COMMAND", "no-such-gcc")
    with pytest.raises(VerifyError, match="nothing can be verified: the Cortex-M4 compiler no-such-gcc"):
        verify(window_case, library, [], CORTEX_M4)


def test_recordings_without_segments_say_so(window_case, library, recordings, needs_host_compiler):
    report = verify(window_case, library, [recordings[2]], HOST)
    assert [entry.what for entry in report.not_run] == ["inputs", "logits", "events"]
    assert all(stage.n_compared == 0 for stage in report.stages)
    with pytest.raises(VerifyError, match=r"no recording held a segment.*--require does not accept"):
        verify(window_case, library, [recordings[2]], HOST, required=["host"])


def test_batches_are_whole_recordings(recordings):
    sizes = [[len(entry.samples) for entry in batch] for batch in batches(recordings, 5000)]
    assert sizes == [[6000], [3000, 1, 2500]]
    assert list(batches([], 5000)) == []
    assert np.sum(np.concatenate(sizes)) == 11_501
