"""The stream harness with a hand-written model, on both boards; and traces that lie."""

import contextlib
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import VerifyError
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.resources import resource_dir
from tinygest.core.sensor import imu_contract
from tinygest.toolchain import arm
from tinygest.toolchain.boards import INPUT_FILE, OUTPUT_FILE, CortexM4Board, HostBoard, Sources
from tinygest.toolchain.compiler import STRICT
from tinygest.verify.stream import TracedBytes, TracedEvent, TracedSegment, encode_stream, parse_trace

BOARDS = {
    "host": HostBoard(flags=("-std=c99", "-O2", *STRICT)),
    "cortex-m4": CortexM4Board(flags=(*arm.FLAGS, *STRICT)),
}
HERE = Path(__file__).parent


def recording(name, samples, gaps=()):
    samples = np.asarray(samples, np.int16)
    info = RecordingInfo(imu_contract(100.0, rotation=False), len(samples), tuple(gaps))
    return Recording(name, info, RecordingMeta(), samples)


def run(board, recordings, folder, *, count=False, ends=True):
    sources = Sources(
        harness=(resource_dir("firmware/emulated") / "stream_harness.c",),
        model=(HERE / "every_fourth.c",),
        include_dirs=(HERE, resource_dir("firmware/lib/tinygest") / "src"),
        defines={"MODEL": "every_fourth", "MODEL_HEADER": '"every_fourth.h"', "TINYGEST_TRACE": "1"},
    )
    image = board.build(sources, folder / "build")
    (folder / INPUT_FILE).write_bytes(encode_stream(recordings, 3, count, ends=ends))
    board.run(image, folder, count_instructions=count)
    n_samples = sum(len(entry.samples) for entry in recordings)
    return parse_trace((folder / OUTPUT_FILE).read_bytes(), len(recordings), n_samples)


@pytest.fixture(params=sorted(BOARDS))
def board(request):
    request.getfixturevalue("needs_host_compiler" if request.param == "host" else "needs_qemu")
    return BOARDS[request.param]


def test_trace_tells_what_happened_and_when(board, tmp_path):
    """Indices count missing samples; a gap and a new recording start the model afresh."""
    ramp = np.arange(30).reshape(10, 3)
    recordings = [
        recording("a", ramp, [Gap(5, n_missing=100), Gap(6, n_missing=0)]),
        recording("b", -ramp[:4]),
    ]
    a, b = run(board, recordings, tmp_path).recordings
    assert a.segments == [TracedSegment(3, 0, 4), TracedSegment(109, 106, 4)]
    assert a.inputs == [TracedBytes(3, bytes([9, 10, 11])), TracedBytes(109, bytes([27, 28, 29]))]
    assert a.logits == [TracedBytes(3, bytes([11, 9])), TracedBytes(109, bytes([29, 27]))]
    assert a.events == [TracedEvent(3, 0, 4, label=11, score=200), TracedEvent(109, 106, 4, 29, 200)]
    assert b.segments == [TracedSegment(3, 0, 4)]
    assert b.inputs == [TracedBytes(3, np.array([-9, -10, -11], np.int8).tobytes())]
    assert not a.pushes
    assert not a.decisions


def test_long_recordings_and_many(board, tmp_path):
    rng = np.random.default_rng(3)
    lengths = [1, 2, 3, 4, 5, 4000, 0, 8]
    recordings = [recording(f"r{i}", rng.integers(-100, 100, (n, 3))) for i, n in enumerate(lengths) if n]
    trace = run(board, recordings, tmp_path)
    assert [len(entry.segments) for entry in trace.recordings] == [(n + 1) // 4 for n in lengths if n]


def test_the_model_is_told_where_a_recording_ends(board, tmp_path):
    """Three samples of four are enough there; the index is that of the last sample."""
    ramp = np.arange(21).reshape(7, 3)
    cut, whole = run(board, [recording("a", ramp), recording("b", ramp[:6])], tmp_path).recordings
    assert cut.segments == [TracedSegment(3, 0, 4), TracedSegment(6, 4, 3)]
    assert cut.inputs[1] == TracedBytes(6, bytes([18, 19, 20]))
    assert cut.events[1] == TracedEvent(6, 4, 3, label=20, score=200)
    assert len(whole.segments) == len(whole.events) == 1


def test_costs_of_pushes_and_of_their_parts(needs_qemu, tmp_path):
    """The hand-written model does a known number of turns in each part."""
    trace = run(BOARDS["cortex-m4"], [recording("a", np.ones((12, 3)))], tmp_path, count=True)
    (entry,) = trace.recordings
    assert [cost.at for cost in entry.pushes] == list(range(12))
    idle = {cost.instructions for cost in entry.pushes if cost.at % 4 != 3}
    assert len(idle) == 1
    assert len(entry.decisions) == 3
    for cost in entry.decisions:
        assert cost.extract == pytest.approx(2 * 1000, abs=20)
        assert cost.network == pytest.approx(2 * 5000, abs=20)
        assert cost.decision < 40
        assert cost.path < 40


A_RECORD = {
    b"S": struct.pack("<IIH", 3, 0, 4),
    b"I": struct.pack("<IH", 3, 2) + b"ab",
    b"L": struct.pack("<IH", 3, 1) + b"c",
    b"E": struct.pack("<IIHBB", 3, 0, 4, 1, 9),
    b"T": struct.pack("<II", 3, 77),
    b"C": struct.pack("<IIIII", 3, 1, 2, 3, 4),
}
BEGIN = b"R" + struct.pack("<I", 0)
END = b"Z" + struct.pack("<II", 10, 64)
WHOLE = BEGIN + b"".join(name + fields for name, fields in A_RECORD.items()) + END


def test_whole_trace_is_read():
    trace = parse_trace(WHOLE, 1, 10)
    assert trace.stack_bytes == 64
    (entry,) = trace.recordings
    assert entry.inputs == [TracedBytes(3, b"ab")]
    assert entry.events == [TracedEvent(3, 0, 4, 1, 9)]
    assert entry.decisions[0].network == 3


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "ends inside"),
        (WHOLE[:-1], "ends inside"),
        (WHOLE + b"x", "goes on after its end"),
        (b"S" + A_RECORD[b"S"] + END, "begins without a recording"),
        (BEGIN + b"?" + END, "unknown record at byte 5"),
        (BEGIN + BEGIN + END, "has recording 0 where 1 is due"),
        (BEGIN + b"I" + struct.pack("<IH", 3, 60000) + END, "ends inside"),
        (BEGIN + b"Z" + struct.pack("<II", 9, 0), "1 recordings and 9 samples instead of 1 and 10"),
        (END, "0 recordings"),
    ],
)
def test_traces_that_lie_are_refused(data, reason):
    with pytest.raises(VerifyError, match=reason):
        parse_trace(data, 1, 10)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=80), st.integers(0, len(WHOLE)), st.integers(0, len(WHOLE)))
def test_no_bytes_raise_anything_else(noise, start, stop):
    for data in (noise, WHOLE[:start] + noise + WHOLE[stop:]):
        with contextlib.suppress(VerifyError):
            parse_trace(data, 1, 10)
