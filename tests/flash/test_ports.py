"""Boards are told by their USB id; a bare serial port is never taken for one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from serial.tools import list_ports

from tinygest.core.errors import FlashError
from tinygest.flash.ports import BoardPort, choose, list_boards

RUNNING = SimpleNamespace(device="/dev/ttyACM1", vid=0x2341, pid=0x805A, serial_number="B")
BOOTLOADER = SimpleNamespace(device="/dev/ttyACM0", vid=0x2341, pid=0x005A, serial_number="A")
OTHERS = [
    SimpleNamespace(device="/dev/ttyS0", vid=None, pid=None, serial_number=None),
    SimpleNamespace(device="/dev/ttyUSB0", vid=0x1A86, pid=0x7523, serial_number=None),
    SimpleNamespace(device="/dev/ttyACM7", vid=0x2341, pid=0x0043, serial_number="an Uno"),
]


def test_only_nano_33_ble_boards_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_ports, "comports", lambda: [RUNNING, *OTHERS, BOOTLOADER])
    assert list_boards() == [
        BoardPort("/dev/ttyACM0", "A", in_bootloader=True),
        BoardPort("/dev/ttyACM1", "B"),
    ]
    monkeypatch.setattr(list_ports, "comports", lambda: OTHERS)
    assert list_boards() == []


def test_which_board_is_meant_must_be_clear() -> None:
    boards = [BoardPort("/dev/ttyACM0", "A"), BoardPort("/dev/ttyACM1", "B")]
    assert choose(boards[:1]) == boards[:1]
    assert choose(boards, "/dev/ttyACM1") == boards[1:]
    assert choose(boards, every=True) == boards
    with pytest.raises(FlashError, match="press its reset button twice"):
        choose([])
    with pytest.raises(FlashError, match=r"/dev/ttyACM0, /dev/ttyACM1\): choose one with --port, or --all"):
        choose(boards)
    with pytest.raises(FlashError, match="on /dev/ttyS0; there is one on /dev/ttyACM0, /dev/ttyACM1"):
        choose(boards, "/dev/ttyS0")
