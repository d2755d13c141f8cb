"""The firmware, running as a process: what it captures, recognises and survives."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tinygest.core.event import Event
from tinygest.protocol import events, gatt
from tinygest.protocol.continuity import Continuity, Step
from tinygest.protocol.control import (
    Op,
    StartFlag,
    Status,
    decode_started,
    decode_uptime,
    set_name,
    set_side,
    start,
)
from tinygest.protocol.info import decode_info
from tinygest.protocol.samples import decode_samples
from tinygest.protocol.ssi_config import decode_config
from tinygest.protocol.ssi_v2 import SerialChannel, V2Frame, V2Reader, encode_v2
from tinygest.protocol.words import Fault, Imu, Mode, ResetCause, SampleFlag, Side
from tinygest.simulate.virtual_image import build_virtual_board

from .conftest import REPOSITORY
from .virtual_radio import (
    ADVERTISE,
    BUS_FAILURE,
    DISCONNECT,
    DISCONNECTED,
    FEED_DONE,
    HANG,
    HELLO,
    OVERRUN,
    REBOOT,
    STALL,
    VirtualBoard,
)

if sys.platform != "linux":
    pytest.skip("the virtual board runs on Linux", allow_module_level=True)

GOLDEN = REPOSITORY / "tests" / "golden"
FAST = "--speed=0"
SILENT = "--silent"
RAW = StartFlag.RAW
STREAMS = (gatt.SAMPLES, gatt.EVENTS, gatt.REPLY)


@pytest.fixture(
    scope="session", params=["with model", pytest.param("capture only, sanitized", marks=pytest.mark.slow)]
)
def program(
    request: pytest.FixtureRequest, needs_host_compiler: None, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The firmware with the golden model; in the long tests also without one, under sanitizers."""
    if shutil.which("c++") is None:
        pytest.skip("c++ is absent")
    folder = tmp_path_factory.mktemp("virtual")
    if request.param == "with model":
        return build_virtual_board(folder, GOLDEN / "library" / "tg_punch" / "src", flags=["-O0"])
    return build_virtual_board(folder, flags=["-O1", "-fsanitize=address,undefined"])


@pytest.fixture
def with_model(program: Path, request: pytest.FixtureRequest) -> Path:
    if "sanitized" in request.node.callspec.id:
        pytest.skip("this board only captures")
    return program


@pytest.fixture
def board(program: Path) -> Iterator[VirtualBoard]:
    with VirtualBoard(program, FAST, SILENT) as running:
        running.connect(*STREAMS)
        yield running


def noise(n: int, seed: int = 1) -> np.ndarray:
    """Every count but -32768, which a BMI270 that is turned round cannot give."""
    return np.random.default_rng(seed).integers(-32767, 32768, (n, 6)).astype(np.int16)


def capture(board: VirtualBoard, flags: StartFlag = RAW, rate_hz: int = 100) -> None:
    reply = board.command(Op.START, start(Mode.CAPTURE, flags, rate_hz))
    assert reply.status == Status.OK


@pytest.mark.parametrize(
    ("imu", "kind", "tolerance"), [("bmi270", Imu.BMI270, 0), ("lsm9ds1", Imu.LSM9DS1, 1)]
)
def test_raw_capture_gives_the_recording(program: Path, imu: str, kind: Imu, tolerance: int) -> None:
    rows = noise(2000)
    with VirtualBoard(program, FAST, SILENT, f"--imu={imu}") as board:
        board.connect(*STREAMS)
        while decode_info(board.value(gatt.INFO)).imu != kind:
            pass
        capture(board)
        board.feed(rows, 200)
        board.wait_for(FEED_DONE)
        board.command(Op.STOP)
        frames = board.frames()
    continuity = Continuity()
    steps = [continuity.step(frame)[0] for frame in frames]
    received = np.concatenate([frame.samples for frame in frames])
    assert len(received) == len(rows)
    assert np.abs(received.astype(int) - rows).max() <= tolerance
    assert set(steps[1:]) == {Step.CONTINUES}
    assert frames[0].flags == SampleFlag.RAW | SampleFlag.RESTART


def test_both_parts_deliver_the_same_rate(program: Path) -> None:
    """A sensor that is 4 % fast, ten seconds by the board's clock: 100 samples a second."""
    for imu in ("bmi270", "lsm9ds1"):
        with VirtualBoard(program, FAST, f"--imu={imu}", "--rate-error=0.04") as board:
            board.connect(*STREAMS)
            while board.health().uptime_ms < 10_000:
                pass
            capture(board, StartFlag(0))
            began = board.health()
            while board.health().uptime_ms < began.uptime_ms + 10_000:
                pass
            ended = board.health()
            per_second = (ended.n_samples - began.n_samples) * 1000 / (ended.uptime_ms - began.uptime_ms)
            assert per_second == pytest.approx(100, rel=0.01)
            assert ended.rest == pytest.approx(2048, abs=2)
            assert board.frames()[-1].samples[-1, 2] == pytest.approx(2048, abs=1)


def golden_stream() -> tuple[np.ndarray, list[Event]]:
    stored = json.loads((GOLDEN / "punch_vectors.json").read_text(encoding="utf-8"))
    found = [Event(**event) for event in stored["events"]]
    assert found
    return np.array(stored["samples"], np.int16), found


def test_recognition_over_ble_is_what_the_library_answers(with_model: Path) -> None:
    rows, expected = golden_stream()
    with VirtualBoard(with_model, FAST, SILENT) as board:
        board.connect(*STREAMS, gatt.RECOGNITION_CLASS)
        assert board.command(Op.START, start(Mode.RECOGNISE, RAW)).status == Status.OK
        board.feed(rows, 100)
        board.wait_for(FEED_DONE)
        reported = [events.decode_event(payload) for payload in board.notified(gatt.EVENTS)]
        classes = board.notified(gatt.RECOGNITION_CLASS)
        known = board.info()
    assert [one.event for one in reported] == expected
    assert [one.count for one in reported] == list(range(1, len(expected) + 1))
    assert classes == [events.encode_sensiml_result(0, event.label) for event in expected]
    golden = (GOLDEN / "library" / "tg_punch" / "src" / "tg_punch.h").read_text(encoding="utf-8")
    assert known.can_recognise
    assert f'"{known.model_id}"' in golden


def test_stop_tells_a_movement_that_is_still_going_on(with_model: Path) -> None:
    rows, (first, *_) = golden_stream()
    n = first.start + first.length // 2
    with VirtualBoard(with_model, FAST, SILENT) as board:
        board.connect(*STREAMS)
        assert board.command(Op.START, start(Mode.RECOGNISE, RAW)).status == Status.OK
        board.feed(rows[:n], 100)
        board.wait_for(FEED_DONE)
        assert board.notified(gatt.EVENTS) == []
        assert board.command(Op.STOP).status == Status.OK
        (told,) = [events.decode_event(payload).event for payload in board.notified(gatt.EVENTS)]
    assert (told.start, told.start + told.length, told.decided_at) == (first.start, n, n - 1)


class Port:
    """The host's side of the pty."""

    def __init__(self, path: str):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.data = b""

    def write(self, data: bytes) -> None:
        assert os.write(self.fd, data) == len(data)

    def read_until(self, board: VirtualBoard, found: object) -> bytes:
        """Everything since opening, once found(data) is true."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            board.receive(0.002)
            try:
                self.data += os.read(self.fd, 65536)
            except BlockingIOError:
                continue
            if found(self.data):  # type: ignore[operator]
                return self.data
        raise AssertionError(self.data[-200:])

    def close(self) -> None:
        os.close(self.fd)


def control_frame(op: int, arguments: bytes = b"") -> bytes:
    return encode_v2(V2Frame(SerialChannel.CONTROL, 1, bytes([op, 5]) + arguments))


def test_recognition_over_serial_is_what_the_library_answers(with_model: Path) -> None:
    rows, expected = golden_stream()
    with VirtualBoard(with_model, FAST, SILENT) as board:
        port = Port(board.serial_path())
        port.write(control_frame(Op.START, start(Mode.RECOGNISE, RAW)))
        port.read_until(board, lambda data: any(f.channel == 3 for f in V2Reader().feed(data)))
        board.feed(rows, 100)
        data = port.read_until(
            board, lambda data: sum(f.channel == 2 for f in V2Reader().feed(data)) == len(expected)
        )
        port.close()
    frames = [frame for frame in V2Reader().feed(data) if frame.channel == SerialChannel.EVENTS]
    assert [events.decode_event(frame.payload).event for frame in frames] == expected
    assert [frame.sequence for frame in frames] == list(range(1, len(expected) + 1))


def test_rows_over_ble_for_sensiml(program: Path) -> None:
    """No command is needed: rows flow while they are subscribed; at any MTU they are whole in the end."""
    rows = noise(600)
    for mtu in (23, 185, 247):
        with VirtualBoard(program, FAST, SILENT) as board:
            board.connect(gatt.REPLY, mtu=mtu)
            config = decode_config(board.value(gatt.SSI_CONFIG))
            assert (config.sample_rate, config.version, config.samples_per_packet) == (100, 1, 5)
            capture_raw_without_listener(board)
            board.subscribe(gatt.SSI_DATA)
            board.feed(rows, 100)
            board.wait_for(FEED_DONE)
            packets = board.notified(gatt.SSI_DATA)
        received = np.frombuffer(b"".join(packets), "<i2").reshape(-1, 6)
        assert np.array_equal(received, rows)
        assert max(map(len, packets)) <= mtu - 3
        assert {len(packet) for packet in packets[5:]} == ({12} if mtu == 23 else {60})


def capture_raw_without_listener(board: VirtualBoard) -> None:
    """Raw rows with no sample frames: nobody subscribed to samples."""
    flags = RAW | StartFlag.LOWER_RATE
    assert board.command(Op.START, start(Mode.CAPTURE, flags, 100)).status == Status.OK


@pytest.mark.parametrize("version", [1, 2])
def test_rows_over_serial_for_sensiml(program: Path, version: int) -> None:
    rows = noise(200)
    with VirtualBoard(program, FAST, SILENT) as board:
        port = Port(board.serial_path())
        port.write(control_frame(Op.START, start(Mode.CAPTURE, RAW, 100)) + control_frame(Op.STOP))
        port.read_until(board, lambda data: bytes([0x80 | Op.STOP, 5]) in data)
        version_is_set = bytes([0x80 | Op.SET_SERIAL_VERSION, 5])
        port.write(control_frame(Op.SET_SERIAL_VERSION, bytes([version])))
        told = port.read_until(board, lambda data: version_is_set in data and data.endswith(b"}}\r\n"))
        assert decode_config(told[told.rindex(b'{"sample_rate') :]).version == version
        port.data = b""
        port.write(b"connect")
        time.sleep(0.05)
        board.feed(rows, 100)
        wanted = len(rows) * 12 + (0 if version == 1 else len(rows) // 5 * 10)
        data = port.read_until(board, lambda data: len(after_text(data)) >= wanted)
        port.write(b"disconnect")
        port.read_until(board, lambda data: b"sample_rate" in data[-400:])
        port.close()
    payload = after_text(data)[:wanted]
    if version == 2:
        frames = V2Reader().feed(payload)
        assert [frame.sequence for frame in frames] == list(range(1, 41))
        payload = b"".join(frame.payload for frame in frames)
    assert np.array_equal(np.frombuffer(payload, "<i2").reshape(-1, 6), rows)


def after_text(data: bytes) -> bytes:
    """What follows the last line of text: rows begin when `connect` was heard."""
    return data[data.rfind(b"}}\r\n") + 4 if b"}}\r\n" in data else 0 :]


def test_a_fifo_overrun_is_counted_and_the_stream_goes_on(board: VirtualBoard) -> None:
    capture(board)
    board.feed(noise(400), 100, end=False)
    while len(board.frames()) < 20:
        pass
    board.fault(OVERRUN, 200)
    board.send(0x92)
    board.wait_for(FEED_DONE)
    board.command(Op.STOP)
    health = board.health()
    continuity = Continuity()
    steps = [continuity.step(frame) for frame in board.frames()]
    n_received = sum(len(frame.samples) for frame in board.frames())
    assert health.n_overruns == 1
    assert [step for step in steps if step[0] == Step.GAP] == [(Step.GAP, health.n_lost)]
    assert steps[-1][0] == Step.CONTINUES
    assert 25 <= 400 - n_received <= 35  # 200 rows at once into a FIFO of 170


def test_a_stall_overruns_the_fifo_and_the_index_stays_in_time(board: VirtualBoard) -> None:
    capture(board)
    rows = noise(1000)
    board.feed(rows, 100)
    while len(board.frames()) < 20:
        pass
    board.fault(STALL, 3000)
    board.wait_for(FEED_DONE)
    board.command(Op.STOP)
    frames = board.frames()
    assert board.health().n_lost >= 100
    for frame in frames:  # every row where it was made, give or take what a moment can hide
        at = frame.first_index
        near = [
            np.array_equal(rows[i : i + len(frame.samples)], frame.samples)
            for i in range(max(at - 2, 0), at + 3)
        ]
        assert any(near)


def test_a_hang_is_ended_by_the_watchdog(program: Path) -> None:
    with VirtualBoard(program, FAST) as board:
        board.fault(HANG)
        board.wait_for(HELLO)  # the first one came before the table
        board.wait_for(ADVERTISE)
        board.connect(*STREAMS)
        assert board.health().reset_cause == ResetCause.WATCHDOG


def test_a_reboot_is_seen_and_name_and_side_are_kept(program: Path, tmp_path: Path) -> None:
    with VirtualBoard(program, FAST, f"--store={tmp_path / 'flash'}") as board:
        board.connect(*STREAMS)
        assert board.command(Op.SET_NAME, set_name("left 3")).status == Status.OK
        assert board.command(Op.SET_SIDE, set_side(Side.LEFT)).status == Status.OK
        capture(board)
        while len(board.frames()) < 3:
            pass
        n_frames = len(board.frames())
        board.fault(REBOOT)
        board.wait_for(HELLO)
        assert b"left 3" in board.wait_for(ADVERTISE)
        board.connect(*STREAMS)
        known = board.info()
        assert (known.name, known.side) == ("left 3", Side.LEFT)
        assert board.health().reset_cause == ResetCause.SOFTWARE
        capture(board)
        while len(board.frames()) < n_frames + 3:
            pass
        frames = board.frames()
    continuity = Continuity()
    steps = [continuity.step(frame)[0] for frame in frames]
    assert steps.count(Step.RESTARTED) == 2


def test_a_lost_link_is_counted_and_the_board_advertises_again(board: VirtualBoard) -> None:
    capture(board)
    board.send(DISCONNECTED, b"\x08")
    board.wait_for(ADVERTISE)
    board.connect(*STREAMS)
    assert board.health().n_link_losses == 1
    board.command(Op.STOP)
    board.send(DISCONNECTED, b"\x13")
    board.wait_for(ADVERTISE)
    board.connect(*STREAMS)
    assert board.health().n_link_losses == 1


def test_a_silent_central_is_given_up(board: VirtualBoard) -> None:
    before_ms = board.health().uptime_ms
    told_ms = decode_uptime(board.command(Op.HEARTBEAT).arguments)
    assert told_ms is not None
    assert before_ms <= told_ms <= board.health().uptime_ms
    board.wait_for(DISCONNECT)
    board.send(DISCONNECTED, b"\x16")
    board.wait_for(ADVERTISE)


def test_a_small_mtu_is_refused_or_lowers_the_rate(program: Path) -> None:
    with VirtualBoard(program, FAST, SILENT) as board:
        board.connect(*STREAMS, mtu=23)
        reply = board.command(Op.START, start(Mode.CAPTURE, StartFlag(0), 100))
        assert reply.status == Status.PAYLOAD_TOO_SMALL
        assert decode_started(reply.arguments).rate_hz == 50
        reply = board.command(Op.START, start(Mode.CAPTURE, RAW | StartFlag.LOWER_RATE, 100))
        started = decode_started(reply.arguments)
        assert (started.rate_hz, started.payload, started.rows_per_frame) == (50, 20, 1)
        board.feed(noise(50), 50)
        board.wait_for(FEED_DONE)
        assert [len(frame.samples) for frame in board.frames()] == [1] * 50


def test_an_mtu_that_nobody_probed_loses_nothing(program: Path) -> None:
    """Without the reply characteristic the board finds out by a frame that was cut: it sends it again."""
    rows = noise(300)
    with VirtualBoard(program, FAST, SILENT) as board:
        board.connect(gatt.SAMPLES, mtu=60)
        board.write_command(Op.START, start(Mode.CAPTURE, RAW, 100))
        time.sleep(0.2)
        board.feed(rows, 100)
        board.wait_for(FEED_DONE)
        board.write_command(Op.STOP)
        time.sleep(0.2)
        payloads = board.notified(gatt.SAMPLES)
        cut = [payload for payload in payloads if len(payload) % 12 != 8]
        assert len(cut) == 1
        payloads.remove(cut[0])
        continuity = Continuity()
        received = []
        for payload in payloads:
            frame = decode_samples(payload, 6)
            assert continuity.step(frame)[0] in (Step.CONTINUES, Step.RESTARTED)
            received.append(frame.samples)
    assert np.array_equal(np.concatenate(received), rows)
    assert continuity.n_restarts == 0


def test_a_board_without_a_sensor_says_so(program: Path) -> None:
    with VirtualBoard(program, FAST, "--imu=none") as board:
        board.connect(*STREAMS)
        while board.health().faults != Fault.NO_IMU:
            pass
        assert board.command(Op.START, start(Mode.CAPTURE)).status == Status.NO_IMU


def test_a_bus_that_fails_for_a_while_is_survived(board: VirtualBoard) -> None:
    capture(board)
    rows = noise(400)
    board.feed(rows, 100)
    while len(board.frames()) < 10:
        pass
    board.fault(BUS_FAILURE, 50)
    board.wait_for(FEED_DONE)
    board.command(Op.STOP)
    assert np.array_equal(np.concatenate([frame.samples for frame in board.frames()]), rows)


def test_commands_that_make_no_sense_are_answered(board: VirtualBoard) -> None:
    assert board.command(99).status == Status.UNKNOWN_COMMAND
    assert board.command(Op.START).status == Status.MALFORMED
    assert board.command(Op.START, start(Mode.IDLE)).status == Status.MALFORMED
    if not board.info().can_recognise:
        assert board.command(Op.START, start(Mode.RECOGNISE)).status == Status.NO_MODEL
    assert board.command(Op.START, start(Mode.CAPTURE, rate_hz=99)).status == Status.RATE
    assert board.command(Op.SET_SIDE, b"\3").status == Status.MALFORMED
    assert board.command(Op.SET_NAME, b"a\nb").status == Status.MALFORMED
    assert board.command(Op.IDENTIFY).status == Status.MALFORMED
    board.command(Op.IDENTIFY, b"\1")
    for size in (0, 1, 33, 200):
        board.send(0x84, board.index[gatt.CONTROL].to_bytes(2, "little") + b"\x7f" * size)
    assert board.health().faults == Fault(0)
