"""`tinygest virtual-board`"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tinygest.cli.board_options import ending_on_signals
from tinygest.cli.options import Json, open_project
from tinygest.cli.table import print_table

if TYPE_CHECKING:
    from tinygest.core.recording import Recording
    from tinygest.simulate.performer import Mark
    from tinygest.simulate.radio.board import RadioCounters
    from tinygest.simulate.radio.faults import PlannedFault
    from tinygest.workflow.virtual_boards import Running, VirtualSetup


def command(
    context: typer.Context,
    *,
    replay: Annotated[
        list[str] | None,
        typer.Option("--replay", metavar="ID", help="A board plays this recording; may be repeated."),
    ] = None,
    boxer: Annotated[
        list[str] | None,
        typer.Option(
            "--boxer", metavar="SIDE", help="A board on a boxer's left or right hand; may be repeated."
        ),
    ] = None,
    boards: Annotated[int, typer.Option("--boards", min=0, max=16, help="More boards, lying still.")] = 0,
    imu: Annotated[
        str, typer.Option("--imu", help="Sensors in turn, with commas: bmi270 (Rev2), lsm9ds1.")
    ] = "bmi270",
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            metavar="MODEL",
            help="Build a model of the project in; '' is the newest.",
            show_default="capture only",
        ),
    ] = None,
    speed: Annotated[float, typer.Option("--speed", help="Of the boards' clocks; 1 is real time.")] = 1.0,
    exact: Annotated[
        bool,
        typer.Option("--exact", help="Rows of --replay as they are, for a central that starts RAW."),
    ] = False,
    loop: Annotated[bool, typer.Option("--loop", help="Replay without end.")] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another boxer, another training.")] = 1,
    marks: Annotated[
        Path | None,
        typer.Option(
            "--marks",
            metavar="FILE",
            help="Write what the boxers do, for `label times` and `monitor --expect`.",
        ),
    ] = None,
    faults: Annotated[
        str,
        typer.Option(
            "--faults", metavar="LIST", help='What goes wrong, and when: "stall=3000@10,reboot@20".'
        ),
    ] = "",
    list_faults: Annotated[bool, typer.Option("--list-faults", help="Print what can go wrong.")] = False,
    mtu: Annotated[
        int, typer.Option("--mtu", min=23, max=247, help="The largest that boards grant.")
    ] = 247,
    tcp: Annotated[
        int, typer.Option("--tcp", min=0, max=65535, help="Port of the virtual dongle.", show_default="any")
    ] = 0,
    pty: Annotated[
        Path | None,
        typer.Option(
            "--pty", metavar="PATH", help="A link to the serial port; PATH1, PATH2, ... if several."
        ),
    ] = None,
    duration: Annotated[
        float | None, typer.Option("--duration", min=0.0, help="Seconds.", show_default="until Ctrl-C")
    ] = None,
    as_json: Json = False,
) -> None:
    """Boards without hardware: the firmware itself, on a virtual radio and on virtual serial ports.

    Any program reaches them through the printed transport, as through a Bluetooth dongle, or by serial.
    What is imitated, and what is not: docs/virtual-board.md. Needs the extra `virtual`.

    \b
    Examples:
      tinygest virtual-board --boxer left --boxer right
      tinygest virtual-board --replay p1_left_a --model punch --faults "out-of-range=4@10"
    """
    from tinygest.simulate.radio.faults import FAULTS, parse_faults
    from tinygest.workflow.virtual_boards import VirtualSetup, Wearer, build_image

    if list_faults:
        print_table(("fault", "does", "value"), [(n, k.help, k.default or "") for n, k in FAULTS.items()])
        return
    wearers = [*(Wearer(recording=one) for one in replay or ()), *(Wearer(side=one) for one in boxer or ())]
    wearers += [Wearer()] * (boards if wearers else max(boards, 1))
    setup = VirtualSetup(
        wearers=tuple(wearers),
        imus=tuple(imu.split(",")),
        speed=speed,
        exact=exact,
        loop=loop,
        seed=seed,
        max_mtu=mtu,
        port=tcp,
        serial_link=pty,
        faults=tuple(parse_faults(faults)),
    )
    project = open_project(context) if model is not None or replay else None
    program = build_image(project if model is not None else None, model or None)

    def load(recording_id: str) -> Recording:
        assert project
        return project.load(recording_id)

    counters = asyncio.run(_run(program, setup, load, duration, marks, as_json=as_json))
    if as_json:
        _print_line(counters)
    else:
        _print_counters(counters)


async def _run(
    program: Path,
    setup: VirtualSetup,
    load: Callable[[str], Recording],
    duration_s: float | None,
    marks: Path | None,
    *,
    as_json: bool,
) -> dict[str, RadioCounters]:
    from tinygest.workflow.virtual_boards import Reporter, run_virtual_boards

    logging.getLogger("bumble").setLevel(logging.ERROR)  # it warns of packets that outlive their link
    until = asyncio.Event()

    def ready(running: Running) -> None:
        _print_line(running) if as_json else _print_running(running)
        if duration_s is not None:
            asyncio.get_running_loop().call_later(duration_s, until.set)

    def told(board: str, fault: PlannedFault) -> None:
        typer.echo(f"{board}: {fault.name} {fault.value or ''}".rstrip(), err=True)

    with ending_on_signals(until), _mark_writer(marks) as mark:
        return await run_virtual_boards(program, setup, load, until, Reporter(ready, told, mark))


@contextmanager
def _mark_writer(path: Path | None) -> Iterator[Callable[[str, int, Mark], None]]:
    """Every line is on disk at once: somebody may read along."""
    if path is None:
        yield lambda _board, _stream, _mark: None
        return
    with path.open("w", encoding="utf-8") as file:
        file.write("device,stream,label,start,stop\n")

        def write(board: str, stream: int, mark: Mark) -> None:
            file.write(f"{board},{stream},{mark.label},{mark.start_s:.3f},{mark.stop_s:.3f}\n")
            file.flush()

        yield write


def _print_running(running: Running) -> None:
    rows = [(b.device_id, b.address, b.imu, b.worn_by, b.serial) for b in running.boards]
    print_table(("board", "address", "sensor", "moved by", "serial port"), rows)
    typer.echo(f"\nto reach them, by a serial port or: --link bumble:{running.radio}")
    typer.echo("Nothing here is a real board. Ctrl-C ends it.")


def _print_counters(counters: dict[str, RadioCounters]) -> None:
    head = ("address", "links", "ends", "reboots", "notifications", "sent", "lost", "bytes")
    rows = [
        (a, c.n_links, c.n_link_ends, c.n_reboots, c.n_notified, c.n_sent, c.n_lost, c.n_notified_bytes)
        for a, c in counters.items()
    ]
    print_table(head, rows)


def _print_line(value: Any) -> None:
    """One JSON document a line: how to connect, and in the end what happened on the air."""
    from tinygest.core.canonical import canonical_json

    typer.echo(canonical_json(value).decode())
