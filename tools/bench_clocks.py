"""Clocks of boards, end to end: python tools/bench_clocks.py [--boards 8] [--seconds 60]

Virtual boards whose crystals are 50 ppm fast and slow in turn, on virtual links of 30 ms, are recorded at
the same time. Their sensors make a ramp that tells when each row was measured. Prints how far what the
recordings say of a moment lies from the truth, and from what those of the other boards say.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tinygest.core.recording import RecordingMeta
from tinygest.gateway.host_clock import epoch_s
from tinygest.gateway.recorder import Recorder
from tinygest.gateway.session import Session, SessionOptions
from tinygest.gateway.timing import row_times
from tinygest.simulate.radio.board import VirtualBoard
from tinygest.simulate.radio.model import RadioModel
from tinygest.simulate.radio.process import BoardOptions
from tinygest.simulate.radio.radio import VirtualRadio
from tinygest.simulate.virtual_image import cached_virtual_board
from tinygest.store.project import Project
from tinygest.transport.open import bumble_transport

INTERVAL_MS = 30.0
SKEW = 50e-6
SENSOR_HZ, RATE_HZ = 200.0, 100
STEP, TURN = 4, 8000  # counts from row to row, and rows after which the ramp begins again
FIRST_ID = 0x5001
N_POINTS = 50
SETTLE_S = 5.0


@dataclass(frozen=True)
class Alignment:
    """Seconds. Differences are of pairs of boards, for moments spread over the recording."""

    differences_s: NDArray[np.float64]
    lags_s: NDArray[np.float64]
    """By how much the told time of a row is later than the truth, of all boards at the same moments."""

    def within_s(self, share: float) -> float:
        """Of each other."""
        return float(np.quantile(np.abs(self.differences_s), share))

    def true_within_s(self, share: float) -> float:
        """Of the truth."""
        return float(np.quantile(np.abs(self.lags_s), share))


def ramp(n: int) -> NDArray[np.int16]:
    """(n, 6): the first channel counts."""
    rows = np.zeros((n, 6), np.int16)
    rows[:, 0] = np.arange(n) % TURN * STEP - TURN * STEP // 2
    return rows


async def play(board: VirtualBoard, seconds: float) -> float:
    """The sensor makes the ramp; returns the monotonic time of its row 0."""
    await board.next_start()  # of power-up
    start = await board.next_start()
    await board.feed(ramp(round(seconds * SENSOR_HZ)))
    return await board.begin_feed(SENSOR_HZ, start=start) + 1 / SENSOR_HZ


async def record(n_boards: int, seconds: float, project: Project) -> list[tuple[float, float]]:
    """Recordings `b0`, `b1`, ...; (time of row 0, rows a second) of each ramp."""
    program = cached_virtual_board(None)
    async with VirtualRadio(RadioModel(interval_ms=INTERVAL_MS)) as radio:
        for i in range(n_boards):
            speed = 1 + (SKEW if i % 2 else -SKEW)
            await radio.add_board(program, BoardOptions(device_id=FIRST_ID + i, speed=speed))
        players = [asyncio.create_task(play(board, seconds + 30)) for board in radio.boards]
        transport = bumble_transport(await radio.listen())
        options = SessionOptions(rate_hz=RATE_HZ)
        sessions = [Session(transport, one.address.to_string(False), options) for one in radio.boards]
        running = [asyncio.create_task(session.run()) for session in sessions]
        began = await asyncio.gather(*players)
        await asyncio.sleep(SETTLE_S)  # the step from rest to ramp is in the board's measure of the rate
        recorders = [
            Recorder(project, session, f"b{i}", RecordingMeta()) for i, session in enumerate(sessions)
        ]
        await asyncio.sleep(seconds)
        for recorder, session in zip(recorders, sessions, strict=True):
            await recorder.stop()
            session.stop()
        await asyncio.gather(*running)
        await transport.close()
        rates = [SENSOR_HZ * board.options.speed for board in radio.boards]
    return list(zip(began, rates, strict=True))


def errors(project: Project, name: str, began_s: float, rate_hz: float) -> tuple[NDArray[np.float64], ...]:
    """(true times, times of the recording less those) of its rows, by the host's clock."""
    recording = project.load(name)
    told_s = row_times(recording.info) - epoch_s()
    shown = (recording.samples[:, 0].astype(float) + TURN * STEP / 2) / STEP
    turns = np.round(((told_s - began_s) * rate_hz - shown) / TURN)
    true_s = began_s + (shown + turns * TURN) / rate_hz
    lag_s = told_s - true_s
    good = np.abs(lag_s - np.median(lag_s)) < 0.1  # not where the ramp begins again
    return true_s[good], lag_s[good]


def compare(project: Project, truths: list[tuple[float, float]]) -> Alignment:
    found = [errors(project, f"b{i}", *truth) for i, truth in enumerate(truths)]
    first, last = max(true[0] for true, _ in found), min(true[-1] for true, _ in found)
    at_s = np.linspace(first, last, N_POINTS)
    lags = [np.interp(at_s, true, lag) for true, lag in found]
    return Alignment(
        np.concatenate([one - other for one, other in combinations(lags, 2)]),
        np.stack(lags),
    )


def measure(n_boards: int, seconds: float) -> Alignment:
    with tempfile.TemporaryDirectory() as folder:
        project = Project.create(Path(folder) / "clocks")
        truths = asyncio.run(record(n_boards, seconds, project))
        return compare(project, truths)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--boards", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60.0)
    chosen = parser.parse_args()
    found = measure(chosen.boards, chosen.seconds)
    print(f"{chosen.boards} boards, {chosen.seconds:g} s, {INTERVAL_MS:g} ms, +-{SKEW * 1e6:g} ppm")
    for share in (0.5, 0.95, 1.0):
        truth, others = 1000 * found.true_within_s(share), 1000 * found.within_s(share)
        print(f"{share:.0%} of moments: within {truth:.1f} ms of the truth, {others:.1f} ms of each other")
    print("rows are told", ", ".join(f"{1000 * np.median(lag):.0f}" for lag in found.lags_s), "ms late")


if __name__ == "__main__":
    main()
