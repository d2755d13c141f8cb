"""Whether this machine, and a board, are ready: adapter, permissions, ports, compilers."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from tinygest.core.errors import TinygestError
from tinygest.gateway.board import contract_of
from tinygest.protocol.words import Fault
from tinygest.workflow.boards import Target, ask

SCAN_S = 1.0
MIN_FREE_BYTES = 1 << 30
REST_TOLERANCE = 0.05
RATE_TOLERANCE = 0.05
COUNTS_AT_REST = 2048
BLOCKED = "1"


@dataclass(frozen=True)
class Check:
    """One line of the result. missing: something does not work without it; warning: it might not."""

    what: str
    state: Literal["ok", "warning", "missing"]
    found: str
    remedy: str = ""


def check_machine(folder: Path) -> list[Check]:
    """Everything that needs no board; takes a second for the radio."""
    return [
        *_bluetooth(),
        *_serial_ports(),
        _compiler("C compiler", "verify, demo, virtual-board", _find_host_compiler),
        _compiler("C++ compiler", "virtual-board", _find_cxx_compiler),
        _compiler("Arm compiler", "profile", _find_arm_compiler),
        _compiler("Arm emulator", "profile", _find_emulator),
        _module("platformio", "flash", "pip install platformio"),
        _module("tflite_micro", "the reference of verify", "pip install 'tinygest[tflm]'"),
        _module("bumble", "the virtual radio and bare dongles", "pip install 'tinygest[virtual]'"),
        _disk(folder),
    ]  # fmt: skip


async def check_board(target: Target) -> list[Check]:
    """Connect and ask; raises LinkError."""
    identity, health = await ask(target)
    checks = [Check("board", "ok", f"{identity.name or target.address}, device {identity.device}")]
    try:
        contract = contract_of(identity)
        checks.append(
            Check("contract", "ok", f"{len(contract.channels)} channels at {contract.rate_hz:g} Hz")
        )
    except TinygestError as error:
        checks.append(Check("contract", "missing", str(error), "flash it again"))
    if identity.info is None:
        return [
            *checks,
            Check("firmware", "warning", "SensiML's, not ours", "losses cannot be seen; flash it"),
        ]
    info = identity.info
    model = info.model_id[:12] if info.model_id else "no model"
    checks.append(Check("firmware", "ok", f"{info.version}, {info.imu.name}, {model}"))
    if health is not None:
        checks += _of_health(
            health.faults, health.rest, health.part_rate_dhz / 10, info.part_rate_mhz / 1000
        )
        checks.append(
            Check("counters", "ok", f"{health.n_lost} samples lost, {health.n_link_losses} links lost")
        )
    return checks


def _of_health(faults: Fault, rest: int, rate_hz: float, nominal_hz: float) -> list[Check]:
    names = [fault.name or "" for fault in Fault if fault in faults]
    said = ", ".join(names).lower().replace("_", " ")
    checks = [
        Check(
            "faults", "missing" if names else "ok", said or "none", "see docs/firmware.md" if names else ""
        )
    ]
    if rest and abs(rest / COUNTS_AT_REST - 1) > REST_TOLERANCE:
        checks.append(
            Check(
                "gravity", "warning", f"{rest / COUNTS_AT_REST:.2f} g at rest", "lay it down and look again"
            )
        )
    elif rest:
        checks.append(Check("gravity", "ok", f"{rest / COUNTS_AT_REST:.3f} g at rest"))
    if rate_hz and nominal_hz and abs(rate_hz / nominal_hz - 1) > RATE_TOLERANCE:
        checks.append(Check("sensor's rate", "warning", f"{rate_hz:g} Hz instead of {nominal_hz:g}"))
    return checks


# --- radio ---


def _bluetooth() -> list[Check]:
    checks = []
    for switch in sorted(Path("/sys/class/rfkill").glob("rfkill*")):
        if _read(switch / "type") == "bluetooth" and BLOCKED in (
            _read(switch / "soft"),
            _read(switch / "hard"),
        ):
            checks.append(Check("Bluetooth switch", "missing", "blocked", "`rfkill unblock bluetooth`"))
    return [*checks, asyncio.run(_scan_bluetooth())]


async def _scan_bluetooth() -> Check:
    from tinygest.transport.open import open_transport

    transport = open_transport("ble")
    try:
        async with aclosing(transport.scan(SCAN_S)) as found:
            boards = {one.address async for one in found}
    except TinygestError as error:
        why = str(error).removesuffix("; see `tinygest doctor`")
        return Check("Bluetooth", "missing", why, _bluetooth_remedy())
    return Check("Bluetooth", "ok", f"an adapter that scans; {len(boards)} boards near")


def _bluetooth_remedy() -> str:
    if sys.platform != "linux":
        return "switch Bluetooth on, and allow this terminal to use it in the system's privacy settings"
    if not any(Path("/sys/class/bluetooth").glob("hci*")):
        return "no adapter: plug in a dongle, or use boards by USB cable"
    return (
        "is the service running? `systemctl start bluetooth`; may you use it? `usermod -aG bluetooth $USER`"
    )


# --- serial ports ---


def _serial_ports() -> list[Check]:
    from serial.tools import list_ports

    ports = [port for port in list_ports.comports() if port.vid is not None]
    if not ports:
        return [Check("serial ports", "ok", "no USB device is plugged in")]
    return [_serial_port(port.device, port.product or "") for port in ports]


def _serial_port(path: str, product: str) -> Check:
    if os.name == "posix" and not os.access(path, os.R_OK | os.W_OK):
        remedy = "`sudo usermod -aG dialout $USER`, then log in again"
        return Check(f"port {path}", "missing", f"{product}: no permission", remedy)
    return Check(f"port {path}", "ok", product)


# --- tools ---


def _find_host_compiler() -> str:
    from tinygest.toolchain.host import find_compiler

    return find_compiler().version


def _find_cxx_compiler() -> str:
    from tinygest.simulate.virtual_image import find_cxx_compiler

    return find_cxx_compiler().version


def _find_arm_compiler() -> str:
    from tinygest.toolchain.arm import find_compiler

    return find_compiler().version


def _find_emulator() -> str:
    from tinygest.toolchain.qemu import emulator_version

    return emulator_version()


def _compiler(what: str, for_what: str, find: Callable[[], str]) -> Check:
    try:
        return Check(what, "ok", find())
    except TinygestError as error:
        return Check(what, "missing", f"needed by {for_what}", str(error))


def _module(name: str, for_what: str, remedy: str) -> Check:
    if find_spec(name):
        return Check(name, "ok", f"for {for_what}")
    return Check(name, "warning", f"not installed; {for_what} needs it", remedy)


def _disk(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    state: Literal["ok", "warning"] = "ok" if free >= MIN_FREE_BYTES else "warning"
    return Check("disk", state, f"{free / 1e9:.1f} GB free", "" if state == "ok" else "make room")


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
