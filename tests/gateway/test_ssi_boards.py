"""Boards that speak only SensiML's interface, through a session: other gateways, serial v1 and v2."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from board_process import serial_board
from fake_http import serve

from tinygest.core.errors import ContractError, LinkError
from tinygest.core.recording import RecordingMeta
from tinygest.gateway.recorder import Recorder
from tinygest.gateway.session import Session, SessionOptions
from tinygest.gateway.updates import ClassReported, Update
from tinygest.protocol.words import Mode
from tinygest.store.project import Project
from tinygest.transport.http import HttpTransport
from tinygest.transport.serial import SerialTransport

from .conftest import running

CONFIG = {
    "sample_rate": 100,
    "source_samples_per_packet": 5,
    "column_location": {
        **{f"Gyroscope{axis}": i for i, axis in enumerate("XYZ")},
        **{f"Accelerometer{axis}": i + 3 for i, axis in enumerate("XYZ")},
        "Microphone": 6,
    },
}
META = RecordingMeta(subject="S1")


def answers(stream: list[bytes], **config: object) -> dict[str, list[bytes]]:
    return {"/config": [json.dumps({**CONFIG, **config}).encode()], "/stream": stream}


def test_another_gateway_is_recorded_with_the_gap_of_its_break(project: Project) -> None:
    """Its chunks have no meaning; half a row at the end of a stream is no row."""
    rows = np.arange(7 * 120).reshape(120, 7).astype("<i2")
    data = rows.tobytes()
    pieces = [data[i : i + 50] for i in range(0, len(data), 50)] + [b"\1\2\3"]

    async def run() -> None:
        async with serve(answers(pieces), pause_s=0.015) as address:
            session = Session(HttpTransport(), address)
            work = asyncio.create_task(session.run())
            while not session.counts.n_links:
                await asyncio.sleep(0.01)
            recorder = Recorder(project, session, "http", META)
            while session.counts.n_links < 2 or session.counts.n_samples < 130:
                await asyncio.sleep(0.01)
            await recorder.stop()
            session.stop()
            await work

    asyncio.run(asyncio.wait_for(run(), 60))
    recording = project.load("http")
    channels = recording.info.contract.channels
    assert [channel.name for channel in channels] == ["ax", "ay", "az", "gx", "gy", "gz"]
    assert channels[0].counts_per_unit == 8192
    first = recording.samples[: recording.info.gaps[0].at]
    n_first = len(first)
    np.testing.assert_array_equal(first, rows[120 - n_first :, [3, 4, 5, 0, 1, 2]])
    assert recording.info.gaps[0].n_missing > 0
    assert recording.info.source["gaps_by_host_clock"] == [n_first]


@pytest.mark.parametrize(
    ("columns", "said"),
    [({"Microphone": 0}, "an accelerometer"), ({"AccelerometerX": 0, "GyroscopeX": 1}, "an accelerometer")],
)
def test_columns_that_are_no_motion_are_refused(columns: dict[str, int], said: str) -> None:
    async def run() -> None:
        async with serve(answers([], column_location=columns)) as address:
            await Session(HttpTransport(), address).run()

    with pytest.raises(ContractError, match=said):
        asyncio.run(run())


def test_results_of_another_gateway() -> None:
    lines = [b'{"ModelNumber":0,"Classification":%d}\n' % n for n in range(3)] + [b"noise\n"]
    seen: list[Update] = []

    async def run() -> None:
        async with serve({**answers([]), "/results": lines}, pause_s=0.02) as address:
            session = Session(HttpTransport(), address, SessionOptions(Mode.RECOGNISE))
            session.listen(seen.append)
            work = asyncio.create_task(session.run())
            while not session.counts.n_malformed:
                await asyncio.sleep(0.01)
            session.stop()
            await work

    asyncio.run(asyncio.wait_for(run(), 60))
    assert [one.label for one in seen if isinstance(one, ClassReported)][:3] == [0, 1, 2]


@pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals")
def test_our_board_on_a_cable(program: Path, project: Project, tmp_path: Path) -> None:
    async def run() -> None:
        with serial_board(program, tmp_path) as port:
            async with running(SerialTransport(), address=str(port)) as (session, _):
                recorder = Recorder(project, session, "cable", META)
                await asyncio.sleep(1.2)
                finished = await recorder.stop()
                assert finished.n_samples > 60
                assert session.counts.n_lost == 0

    asyncio.run(run())
    assert project.entry("cable").info.contract.rate_hz == 100


def test_nobody_on_the_port(tmp_path: Path) -> None:
    session = Session(SerialTransport(), str(tmp_path / "none"), SessionOptions(give_up_s=0.3))
    with pytest.raises(LinkError, match="cannot open"):
        asyncio.run(session.run())
