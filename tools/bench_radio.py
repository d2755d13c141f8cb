"""Virtual boards over the virtual radio: what was sent, what arrived, what it cost.

`python tools/bench_radio.py [--seconds 4]`, or as part of tools/bench.py. Boards with the sensor of either
revision in turn stream through tinygest's own Bluetooth transport; nothing may be lost.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tinygest.protocol.continuity import Continuity, Step
from tinygest.protocol.control import Command, Op, encode_command, start
from tinygest.protocol.samples import decode_samples
from tinygest.protocol.words import Mode
from tinygest.simulate.radio.board import VirtualBoard
from tinygest.simulate.radio.model import RadioModel
from tinygest.simulate.radio.process import BoardOptions
from tinygest.simulate.radio.radio import VirtualRadio
from tinygest.simulate.virtual_image import cached_virtual_board
from tinygest.transport.base import Link
from tinygest.transport.inbox import Channel
from tinygest.transport.open import bumble_transport

IMUS = ("bmi270", "lsm9ds1")
N_BOARDS = (1, 2, 4, 8)
RATES_HZ = (100, 200, 400)
MTUS = (185, 247)
HEAD = (
    "boards",
    "rate, Hz",
    "MTU",
    "notifications/s",
    "samples sent",
    "received",
    "lost on the link",
    "lost on boards",
    "CPU: radio and host, %",
    "CPU: boards, %",
)


@dataclass
class Result:
    """Of all boards together."""

    n_boards: int
    rate_hz: int
    mtu: int
    seconds: float = 0.0
    n_notifications: int = 0
    n_sent: int = 0
    """Samples by the boards' own index."""
    n_received: int = 0
    n_lost: int = 0
    n_lost_on_boards: int = 0
    host_cpu_s: float = 0.0
    boards_cpu_s: float = 0.0

    def row(self) -> tuple[object, ...]:
        return (
            self.n_boards,
            self.rate_hz,
            self.mtu,
            f"{self.n_notifications / self.seconds:.0f}",
            self.n_sent,
            self.n_received,
            self.n_lost,
            self.n_lost_on_boards,
            f"{100 * self.host_cpu_s / self.seconds:.0f}",
            f"{100 * self.boards_cpu_s / self.seconds:.0f}",
        )


def process_cpu_s(pid: int) -> float:
    """User and system time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def listen(link: Link, result: Result) -> None:
    """Counts the stream of one board, from its first frame to its end."""
    continuity = Continuity()
    next_index = 0
    while message := await link.inbox.get():
        if message.channel != Channel.SAMPLES:
            continue
        frame = decode_samples(message.payload, 6)
        step, n_missing = continuity.step(frame)
        result.n_notifications += 1
        result.n_received += len(frame.samples)
        result.n_sent += (
            (frame.first_index + len(frame.samples) - next_index) if next_index else len(frame.samples)
        )
        next_index = frame.first_index + len(frame.samples)
        if step == Step.LOST:
            result.n_lost += n_missing
        elif step == Step.GAP:
            result.n_lost_on_boards += n_missing


async def command(link: Link, op: Op, arguments: bytes = b"") -> None:
    await link.write(Channel.CONTROL, encode_command(Command(op, 1, arguments)))


async def measure(n_boards: int, rate_hz: int, mtu: int, seconds: float) -> Result:
    """One combination, at real time, with the default radio model."""
    result = Result(n_boards, rate_hz, mtu)
    program = cached_virtual_board()
    async with VirtualRadio(RadioModel()) as radio:
        boards: list[VirtualBoard] = []
        for i in range(n_boards):
            options = BoardOptions(IMUS[i % 2], device_id=i + 1, max_mtu=mtu)
            boards.append(await radio.add_board(program, options))
        transport = bumble_transport(radio.new_dongle())
        links = [await transport.connect(board.address.to_string(False)) for board in boards]
        for link in links:
            await link.subscribe(Channel.REPLY)
            await link.subscribe(Channel.SAMPLES)
        listening = [asyncio.create_task(listen(link, result)) for link in links]
        before = time.perf_counter(), time.process_time(), sum(process_cpu_s(b.pid) for b in boards)
        for link in links:
            await command(link, Op.START, start(Mode.CAPTURE, rate_hz=rate_hz))
        await asyncio.sleep(seconds)
        for link in links:
            await command(link, Op.STOP)
        result.seconds = time.perf_counter() - before[0]
        result.host_cpu_s = time.process_time() - before[1]
        result.boards_cpu_s = sum(process_cpu_s(b.pid) for b in boards) - before[2]
        await asyncio.sleep(0.2)
        for link in links:
            await link.close()
        await asyncio.gather(*listening)
        await transport.close()
    return result


def results(seconds: float) -> Iterator[Result]:
    for n_boards, rate_hz, mtu in itertools.product(N_BOARDS, RATES_HZ, MTUS):
        yield asyncio.run(measure(n_boards, rate_hz, mtu, seconds))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each combination")
    print("|", " | ".join(HEAD), "|")
    print("|", " | ".join("---" for _ in HEAD), "|")
    for result in results(parser.parse_args().seconds):
        print("|", " | ".join(map(str, result.row())), "|", flush=True)


if __name__ == "__main__":
    main()
