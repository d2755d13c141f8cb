"""Soak of the gateway: python tools/bench_gateway.py [--boards 8] [--rate 200] [--seconds 600]

Virtual boards in one process, sessions and recorders in this one, HCI over TCP between them. Every board
is recorded into a project; prints what was lost, processor time and memory of the gateway.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.recording import RecordingMeta
from tinygest.gateway.recorder import Recorder
from tinygest.gateway.session import Session, SessionOptions
from tinygest.simulate.radio.process import BoardOptions
from tinygest.simulate.radio.radio import VirtualRadio
from tinygest.simulate.virtual_image import cached_virtual_board
from tinygest.store.project import Project
from tinygest.transport.open import bumble_transport

HEAD = (
    *("boards", "rate, Hz", "seconds", "samples", "lost", "lost on the boards", "twice", "links"),
    *("CPU, % of a core", "memory, MB", "measured rates, Hz"),
)
FIRST_ID = 0x5001
SETTLE_S = 5.0
SAMPLE_S = 5.0
PAGE_KB = resource.getpagesize() / 1024


@dataclass(frozen=True)
class Soak:
    """What came of it."""

    n_boards: int
    rate_hz: int
    seconds: float
    n_samples: int
    n_lost: int
    """On links, by this host, and while a link was down."""
    n_board_lost: int
    """By the boards, which say so: of the computer that runs them, not of the gateway."""
    n_repeated: int
    n_links: int
    cpu_share: float
    """Of one core, by the gateway's process."""
    memory_mb: tuple[float, float]
    """Resident, after settling and at the end."""
    rates_hz: tuple[float, float]
    """Lowest and highest of the recordings, by the host's clock."""

    def row(self) -> tuple[object, ...]:
        """Cells under HEAD."""
        rates, memory = self.rates_hz, self.memory_mb
        return (
            *(self.n_boards, self.rate_hz, f"{self.seconds:g}", self.n_samples, self.n_lost),
            *(self.n_board_lost, self.n_repeated, self.n_links, f"{100 * self.cpu_share:.1f}"),
            *(f"{memory[0]:.1f} to {memory[1]:.1f}", f"{rates[0]:.2f} to {rates[1]:.2f}"),
        )


async def serve(n_boards: int) -> None:
    """Boards on the air until standard input ends."""
    program = cached_virtual_board(None)
    async with VirtualRadio() as radio:
        for number in range(n_boards):
            await radio.add_board(program, BoardOptions(device_id=FIRST_ID + number))
        addresses = " ".join(board.address.to_string(False) for board in radio.boards)
        print(await radio.listen(), addresses, flush=True)
        await asyncio.to_thread(sys.stdin.read)


async def soak(
    transport_name: str, addresses: list[str], rate_hz: int, seconds: float, folder: Path
) -> Soak:
    project = Project.create(folder / "soak")
    transport = bumble_transport(transport_name)
    sessions = [Session(transport, address, SessionOptions(rate_hz=rate_hz)) for address in addresses]
    tasks = [asyncio.create_task(session.run()) for session in sessions]
    while not all(session.started for session in sessions):
        if any(task.done() for task in tasks):
            await asyncio.gather(*tasks)
        await asyncio.sleep(0.05)
    recorders = [
        Recorder(project, session, f"r{number}", RecordingMeta()) for number, session in enumerate(sessions)
    ]
    await asyncio.sleep(min(SETTLE_S, seconds / 4))
    began_s, began_cpu_s, began_mb = time.monotonic(), time.process_time(), memory_mb()
    await asyncio.sleep(seconds)
    cpu_share = (time.process_time() - began_cpu_s) / (time.monotonic() - began_s)
    ended_mb = memory_mb()
    for recorder in recorders:
        await recorder.stop()
    for session in sessions:
        session.stop()
    await asyncio.gather(*tasks)
    await transport.close()
    entries = project.recordings()
    counts = [session.counts for session in sessions]
    rates = [entry.info.measured_rate_hz or 0.0 for entry in entries]
    return Soak(
        n_boards=len(addresses),
        rate_hz=rate_hz,
        seconds=seconds,
        n_samples=sum(entry.info.n_samples for entry in entries),
        n_lost=sum(one.n_lost + one.n_down + one.n_dropped for one in counts),
        n_board_lost=sum(one.n_board_lost for one in counts),
        n_repeated=sum(one.n_repeated for one in counts),
        n_links=sum(one.n_links for one in counts),
        cpu_share=cpu_share,
        memory_mb=(began_mb, ended_mb),
        rates_hz=(min(rates), max(rates)),
    )


def memory_mb() -> float:
    """Resident memory of this process now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * PAGE_KB / 1024


def measure(n_boards: int = 8, rate_hz: int = 200, seconds: float = 600.0) -> Soak:
    command = [sys.executable, __file__, "--serve", "--boards", str(n_boards)]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as boards,
    ):
        assert boards.stdin
        assert boards.stdout
        name, *addresses = boards.stdout.readline().split()
        try:
            return asyncio.run(soak(name, addresses, rate_hz, seconds, Path(folder)))
        finally:
            boards.stdin.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--boards", type=int, default=8)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve(options.boards))
        return
    result = measure(options.boards, options.rate, options.seconds)
    for name, cell in zip(HEAD, result.row(), strict=True):
        print(f"{name}: {cell}")


if __name__ == "__main__":
    main()
