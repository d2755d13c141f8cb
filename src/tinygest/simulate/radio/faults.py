"""Faults on request: what is to go wrong with a virtual board, and when."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

from tinygest.core.errors import UsageError
from tinygest.simulate.radio.board import VirtualBoard
from tinygest.simulate.radio.messages import BoardFault

Act = Callable[[VirtualBoard, int], object]


@dataclass(frozen=True)
class FaultKind:
    """default: the value when none is given."""

    help: str
    default: int
    act: Act


def _out_of_range(board: VirtualBoard, seconds: int) -> None:
    board.set_in_range(False)
    asyncio.get_running_loop().call_later(seconds, board.set_in_range, True)


def _silence(board: VirtualBoard, seconds: int) -> None:
    board.mute_central(True)
    asyncio.get_running_loop().call_later(seconds, board.mute_central, False)


def _lose(board: VirtualBoard, percent: int) -> None:
    board.lose_notifications(percent / 100)


def _inside(kind: BoardFault) -> Act:
    return lambda board, value: board.fault(kind, value)


FAULTS = {
    "link-loss": FaultKind("the link ends, both sides see it at once", 0, lambda b, _v: b.drop_link()),
    "out-of-range": FaultKind("nothing is heard for so many seconds", 5, _out_of_range),
    "silent-central": FaultKind(
        "for so many seconds the board hears nothing of what the central writes", 10, _silence
    ),
    "packet-loss": FaultKind(
        "from now on the central's host loses so many per cent of notifications", 5, _lose
    ),
    "stall": FaultKind("the board's main loop stands still, milliseconds", 2000, _inside(BoardFault.STALL)),
    "hang": FaultKind("it never returns; the watchdog ends it after 30 s", 0, _inside(BoardFault.HANG)),
    "reboot": FaultKind("the board starts again", 0, _inside(BoardFault.REBOOT)),
    "fifo-overrun": FaultKind("the sensor makes so many rows at once", 200, _inside(BoardFault.OVERRUN)),
    "bus-failure": FaultKind("so many I2C transactions get no answer", 50, _inside(BoardFault.BUS_FAILURE)),
}
"""What can go wrong while a board runs. A low MTU is an option of the board, `max_mtu`."""

_SPEC = re.compile(r"(?P<name>[a-z-]+)(=(?P<value>\d{1,9}))?(@(?P<at>\d{1,6}(\.\d{1,3})?))?")
FIRST_AT_S = 5.0


@dataclass(frozen=True)
class PlannedFault:
    """at_s: seconds of real time after the first link."""

    name: str
    value: int
    at_s: float


def parse_faults(text: str) -> list[PlannedFault]:
    """ "stall=3000@10, reboot@20": NAME[=VALUE][@SECONDS], with commas. Raises UsageError."""
    planned = []
    for word in filter(None, (word.strip() for word in text.split(","))):
        found = _SPEC.fullmatch(word)
        kind = FAULTS.get(found["name"]) if found else None
        if found is None or kind is None:
            raise UsageError(
                f"{word!r} is no fault; write NAME=VALUE@SECONDS with NAME one of {', '.join(FAULTS)}"
            )
        value = kind.default if found["value"] is None else int(found["value"])
        at_s = FIRST_AT_S if found["at"] is None else float(found["at"])
        planned.append(PlannedFault(found["name"], value, at_s))
    return sorted(planned, key=lambda fault: fault.at_s)


async def let_fail(
    board: VirtualBoard,
    planned: list[PlannedFault],
    told: Callable[[PlannedFault], None] = lambda _fault: None,
) -> None:
    """Does them all to one board, from its first link on; told: called with each as it happens."""
    await board.first_link.wait()
    loop = asyncio.get_running_loop()
    began = loop.time()
    for fault in planned:
        await asyncio.sleep(max(0.0, began + fault.at_s - loop.time()))
        told(fault)
        FAULTS[fault.name].act(board, fault.value)
