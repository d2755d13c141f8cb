"""Nano 33 BLE boards on USB, by the ids that Arduino gave them; never by the name of a port."""

from __future__ import annotations

from dataclasses import dataclass

from tinygest.core.errors import FlashError

ARDUINO = 0x2341
RUNNING = {0x805A, 0x015A, 0x025A}
"""A sketch runs. 805A is what the core sends; the others stand in the core's list of boards."""
BOOTLOADER = {0x005A}
NONE_FOUND = (
    "no Nano 33 BLE Sense was found on USB: connect one by a cable that carries data; if it is connected,"
    " press its reset button twice, quickly, so that the orange light pulses, and try again"
)


@dataclass(frozen=True)
class BoardPort:
    """serial_number: of the USB device; the same in the bootloader."""

    path: str
    serial_number: str
    in_bootloader: bool = False


def list_boards() -> list[BoardPort]:
    """Every board that is connected, by the name of its port."""
    from serial.tools import list_ports

    found = []
    for port in list_ports.comports():
        if port.vid == ARDUINO and port.pid in RUNNING | BOOTLOADER:
            found.append(BoardPort(port.device, port.serial_number or "", port.pid in BOOTLOADER))
    return sorted(found, key=lambda board: board.path)


def choose(boards: list[BoardPort], port: str = "", *, every: bool = False) -> list[BoardPort]:
    """One board, or with `every` all of them. Raises FlashError when it is not clear which."""
    if not boards:
        raise FlashError(NONE_FOUND)
    if every:
        return boards
    wanted = [board for board in boards if port in ("", board.path)]
    ports = ", ".join(board.path for board in boards)
    if not wanted:
        raise FlashError(f"there is no Nano 33 BLE Sense on {port}; there is one on {ports}")
    if len(wanted) > 1:
        raise FlashError(f"several boards are connected ({ports}): choose one with --port, or --all")
    return wanted
