"""Samples, events, health, info, commands: examples both ways, and no bytes that break a decoder."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import ProtocolError
from tinygest.core.event import Event
from tinygest.core.sensor import imu_contract
from tinygest.protocol import control, events, health, info, samples
from tinygest.protocol.words import Fault, Imu, Mode, ResetCause, SampleFlag, Side

from .conftest import Vector, vectors

DECODERS: list[Callable[[bytes], object]] = [
    lambda data: samples.decode_samples(data, 6),
    events.decode_event,
    events.decode_sensiml_result,
    events.decode_result_line,
    health.decode_health,
    info.decode_info,
    control.decode_command,
    control.decode_reply,
    control.decode_started,
]
KINDS = ("samples", "event", "health", "info", "command", "reply", "result_line")


@pytest.mark.parametrize("vector", vectors("samples"), ids=str)
def test_samples(vector: Vector) -> None:
    value = vector.value
    frame = samples.decode_samples(vector.data, 6)
    assert frame.samples.tolist() == value["rows"]
    assert (frame.first_index, frame.device_ms) == (value["first_index"], value["device_ms"])
    assert frame.flags == SampleFlag(value["flags"])
    assert samples.encode_samples(frame) == vector.data


@pytest.mark.parametrize("vector", vectors("event"), ids=str)
def test_event(vector: Vector) -> None:
    value = dict(vector.value)
    model, count = value.pop("model"), value.pop("count")
    reported = events.decode_event(vector.data)
    assert reported == events.ReportedEvent(model, Event(**value), count)
    assert events.encode_event(reported) == vector.data


@pytest.mark.parametrize("vector", vectors("sensiml_result"), ids=str)
def test_sensiml_result(vector: Vector) -> None:
    assert events.decode_sensiml_result(vector.data) == (vector.value["model"], vector.value["label"])
    assert events.encode_sensiml_result(**vector.value) == vector.data


@pytest.mark.parametrize("vector", vectors("result_line"), ids=str)
def test_result_line(vector: Vector) -> None:
    value = vector.value
    line = events.ResultLine(value["model"], value["label"], value["start"], value["length"])
    assert events.decode_result_line(vector.data) == line
    assert events.encode_result_line(line) == vector.data


@pytest.mark.parametrize("vector", vectors("health"), ids=str)
def test_health(vector: Vector) -> None:
    value = dict(vector.value)
    for name, kind in (("mode", Mode), ("imu", Imu), ("faults", Fault), ("reset_cause", ResetCause)):
        value[name] = kind(value[name])
    assert health.decode_health(vector.data) == health.Health(**value)
    assert health.encode_health(health.Health(**value)) == vector.data


@pytest.mark.parametrize("vector", vectors("info"), ids=str)
def test_info(vector: Vector) -> None:
    value = dict(vector.value)
    for name, kind in (("mode", Mode), ("imu", Imu), ("side", Side)):
        value[name] = kind(value[name])
    assert info.decode_info(vector.data) == info.Info(**value)
    assert info.encode_info(info.Info(**value)) == vector.data
    assert value["capture_id"] == imu_contract(100.0).capture_id


@pytest.mark.parametrize("vector", vectors("command"), ids=str)
def test_command(vector: Vector) -> None:
    value = vector.value
    command = control.Command(value["op"], value["tag"], bytes.fromhex(value["arguments"]))
    assert control.decode_command(vector.data) == command
    assert control.encode_command(command) == vector.data


@pytest.mark.parametrize("vector", vectors("reply"), ids=str)
def test_reply(vector: Vector) -> None:
    value = vector.value
    status = control.Status(value["status"])
    reply = control.Reply(value["op"], value["tag"], status, bytes.fromhex(value["arguments"]))
    assert control.decode_reply(vector.data) == reply
    assert control.encode_reply(reply) == vector.data


def test_arguments_of_commands() -> None:
    flags = control.StartFlag.RAW | control.StartFlag.LOWER_RATE
    assert control.start(Mode.RECOGNISE, flags, 400) == bytes([2, 3, 0x90, 1])
    assert control.set_name("Jürgen") == "Jürgen".encode()
    started = control.Started(50, 20, 1, Mode.IDLE)
    assert control.decode_started(control.encode_started(started)) == started
    with pytest.raises(ProtocolError, match="at most 20 bytes"):
        control.set_name("ü" * 11)
    with pytest.raises(ProtocolError, match="control characters"):
        control.set_name("a\nb")


@pytest.mark.parametrize("vector", [v for kind in KINDS for v in vectors(kind)], ids=str)
@pytest.mark.parametrize("decode", DECODERS)
def test_cut_and_lengthened_messages_are_refused_or_whole(
    decode: Callable[[bytes], object], vector: Vector
) -> None:
    """No length is believed: every cut of every message gives a value or a ProtocolError."""
    for stop in range(len(vector.data)):
        try_decode(decode, vector.data[:stop])
    try_decode(decode, vector.data + b"\0")
    try_decode(decode, vector.data + vector.data)


def try_decode(decode: Callable[[bytes], object], data: bytes) -> None:
    with suppress(ProtocolError):
        decode(data)


@given(st.binary(max_size=260), st.integers(0, len(DECODERS) - 1))
@settings(deadline=None, max_examples=300)
def test_noise_is_refused_or_a_value(data: bytes, which: int) -> None:
    try_decode(DECODERS[which], data)


@given(st.binary(min_size=4, max_size=244), st.integers(1, 8))
@settings(deadline=None, max_examples=200)
def test_samples_that_decode_encode_to_the_same_bytes(data: bytes, n_channels: int) -> None:
    n_rows = (len(data) - 2) // (2 * n_channels)
    payload = bytes([0x10 | data[0] & 7, n_rows]) + data[:6] + data[2:]
    try:
        frame = samples.decode_samples(payload, n_channels)
    except ProtocolError:
        assert n_rows == 0 or len(payload) != 8 + 2 * n_channels * n_rows
    else:
        assert samples.encode_samples(frame) == payload


def test_another_version_is_named() -> None:
    payload = bytes([0x20]) + vectors("event")[0].data[1:]
    with pytest.raises(ProtocolError, match="version 2, this is 1"):
        events.decode_event(payload)


@pytest.mark.parametrize(
    ("first_index", "device_ms", "n_rows"),
    [(-1, 0, 1), (1 << 32, 0, 1), (0, 1 << 16, 1), (0, 0, 0), (0, 0, 256)],
)
def test_a_frame_that_has_no_bytes_is_refused(first_index: int, device_ms: int, n_rows: int) -> None:
    rows = np.zeros((n_rows, 6), np.int16)
    with pytest.raises(ProtocolError):
        samples.encode_samples(samples.SampleFrame(first_index, device_ms, SampleFlag(0), rows))
