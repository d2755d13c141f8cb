"""A recording that behaves like a board."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from tinygest.core.errors import ContractError
from tinygest.core.recording import Gap, Recording, RecordingInfo, RecordingMeta
from tinygest.core.sensor import imu_contract
from tinygest.protocol.continuity import Continuity, Step
from tinygest.protocol.control import Command, Op, Status, decode_reply, encode_command, start
from tinygest.protocol.info import decode_info
from tinygest.protocol.samples import SampleFrame, decode_samples
from tinygest.protocol.words import Mode, Side
from tinygest.transport.inbox import Channel
from tinygest.transport.replay import ReplayTransport


def recording(n: int = 100, frame: str = "board", **info: object) -> Recording:
    samples = np.arange(6 * n).reshape(n, 6).astype(np.int16)
    physics = RecordingInfo(imu_contract(100, frame=frame), n, **info)
    return Recording("r", physics, RecordingMeta(side="left"), samples)


async def play(source: Recording) -> list[SampleFrame]:
    link = await ReplayTransport(source, speed=50).connect("replay:r")
    info = decode_info(await link.read(Channel.INFO))
    assert (info.side, info.capture_id) == (Side.LEFT, source.info.contract.capture_id)
    await link.write(Channel.CONTROL, encode_command(Command(Op.START, 7, start(Mode.CAPTURE))))
    frames = []
    while (message := await link.inbox.get()) is not None:
        if message.channel == Channel.REPLY:
            reply = decode_reply(message.payload)
            assert (reply.tag, reply.status) == (7, Status.OK)
        else:
            frames.append(decode_samples(message.payload, 6))
    await link.close()
    assert link.inbox.reason == "the recording has ended"
    return frames


def test_frames_are_the_recording_and_its_gap_is_told() -> None:
    source = recording(gaps=(Gap(40, 13),))
    frames = asyncio.run(play(source))
    np.testing.assert_array_equal(np.concatenate([frame.samples for frame in frames]), source.samples)
    continuity = Continuity()
    steps = [continuity.step(frame) for frame in frames]
    assert steps[0] == (Step.RESTARTED, 0)
    assert [step for step in steps[1:] if step != (Step.CONTINUES, 0)] == [(Step.GAP, 13)]


def test_what_no_board_delivers_is_refused() -> None:
    with pytest.raises(ContractError, match="axis frame"):
        ReplayTransport(recording(frame="watch"))
