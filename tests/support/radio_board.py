"""Virtual boards on the virtual radio, with a sensor that counts, for tests of the gateway."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np

from tinygest.protocol import gatt
from tinygest.protocol.samples import decode_samples
from tinygest.simulate.radio.board import VirtualBoard

SENSOR_HZ = 200.0
RATE_HZ = 100.0
STEP = 8
"""Counts by which the ramp grows from one sample at 100 Hz to the next."""
TOLERANCE = 5
"""Samples: the ramp is started by messages, which a busy computer delivers late."""


def ramp(first: int, n: int) -> np.ndarray:
    """(n, 6) at the sensor's rate; after the board's resampler channel ax still tells the time."""
    up = np.arange(first, first + n) * (STEP // 2) % 32000
    return np.stack([up, up // 2, np.full(n, 2048), up, up // 4, up // 8], axis=1).astype(np.int16)


async def play_ramp(board: VirtualBoard, seconds: float) -> None:
    """The sensor makes it from the next START on, and goes on with it in time after every further one."""
    began_s = time.monotonic()

    async def keep_playing() -> None:
        while True:
            start = await board.next_start()
            first = int((time.monotonic() - began_s) * SENSOR_HZ)
            await board.feed(ramp(first, int(seconds * SENSOR_HZ)))
            board.begin_feed(SENSOR_HZ, start=start)

    board._spawn(keep_playing())


def spy_on(board: VirtualBoard) -> list[np.ndarray]:
    """Rows (n, 6) of every sample frame that the board hands to its radio from now on."""
    sent: list[np.ndarray] = []
    real = board._notify

    async def notify(front: object, index: int, data: bytes) -> None:
        if index == board._indices[gatt.SAMPLES]:
            sent.append(decode_samples(data, 6).samples)
        await real(front, index, data)

    board._notify = notify
    return sent


def check_recording(samples: np.ndarray, gaps: list[tuple[int, int]], sent: np.ndarray) -> None:
    """Every piece between gaps is what the board sent, once; gaps are as long as the ramp says."""
    edges = [0, *(at for at, _ in gaps), len(samples)]
    at = 0
    for start, stop in pairwise(edges):
        piece = samples[start:stop]
        places = np.flatnonzero((sent[at:] == piece[0]).all(axis=1)) + at
        assert any(np.array_equal(sent[place : place + len(piece)], piece) for place in places), (
            start,
            stop,
        )
        at = places[0] + len(piece)
    for row, n_missing in gaps:
        step = (int(samples[row, 0]) - int(samples[row - 1, 0])) / STEP
        assert abs(step - 1 - n_missing) <= TOLERANCE, (row, n_missing, step - 1)
