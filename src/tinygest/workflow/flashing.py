"""`firmware` and `flash`: a project on disk, built, uploaded, and asked what it runs."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tinygest.core.contract import ModelContract
from tinygest.core.errors import AdapterError, ContractError, FlashError, LinkError, ProtocolError
from tinygest.core.progress import Progress, silent
from tinygest.core.sensor import explain_mismatch, imu_contract
from tinygest.flash.platformio import ImageSize, PlatformIO
from tinygest.flash.ports import BoardPort, choose, list_boards
from tinygest.flash.project import FirmwareProject, open_firmware, write_firmware
from tinygest.gateway.board import Board
from tinygest.generate.classifier_library import generate_library
from tinygest.generate.layout import BackEnd
from tinygest.protocol.info import Info
from tinygest.store.project import Project
from tinygest.toolchain.cache import cache_dir
from tinygest.transport.base import Link, Transport
from tinygest.transport.open import open_transport

RATES_HZ = (25, 50, 100, 200, 400)
"""That the boards deliver."""
BACK_AFTER_S = 30.0
"""A board is back on USB some seconds after the upload; the first time a system installs its driver."""
SCAN_S = 15.0
POLL_S = 0.2


@dataclass(frozen=True)
class Wanted:
    """What is to run on the board. model_id: "" for capture only."""

    folder: str
    env: str
    model: str
    model_id: str


@dataclass(frozen=True)
class Flashed:
    """One board: what it says of itself, or what went wrong."""

    port: str
    device: str = ""
    sensor: str = ""
    model_id: str = ""
    advertises: bool | None = None
    """None: not looked, because there is no radio or nobody wanted to know."""
    note: str = ""
    error: str = ""


@dataclass(frozen=True)
class FlashReport:
    """size: of the image, in bytes."""

    wanted: Wanted
    size: ImageSize
    boards: tuple[Flashed, ...]


@dataclass(frozen=True)
class Tools:
    """What flashing needs of this machine; tests put their own in."""

    platformio: PlatformIO = field(default_factory=PlatformIO)
    ports: Callable[[], list[BoardPort]] = list_boards
    back_after_s: float = BACK_AFTER_S
    scan_s: float = SCAN_S


def make_firmware(
    folder: Path, project: Project | None, model: str | None = None, back_end: BackEnd = "c"
) -> tuple[FirmwareProject, Wanted]:
    """Write the PlatformIO project. project None: capture only. Raises FlashError, ContractError."""
    if project is None:
        written = write_firmware(folder)
        return written, Wanted(str(folder), written.env, "", "")
    bundle = project.bundle(model)
    require_board(bundle.contract)
    with tempfile.TemporaryDirectory(prefix="tinygest-library-") as temporary:
        library = generate_library(bundle.contract, bundle.tflite, Path(temporary), back_end)
        written = write_firmware(folder, library.folder, back_end)
    return written, Wanted(str(folder), written.env, str(bundle), bundle.model_id)


def require_board(contract: ModelContract) -> None:
    """Raises ContractError for a model whose samples no board delivers."""
    offered = [imu_contract(rate) for rate in RATES_HZ]
    if contract.sensor in offered:
        return
    nearest = min(offered, key=lambda one: abs(one.rate_hz - contract.sensor.rate_hz))
    why = explain_mismatch(contract.sensor, nearest)
    raise ContractError(
        f"model {contract.name} cannot run on a board, which delivers other samples than it was trained on:"
        f" {why}; train it on recordings of a board, or on imports with the same channels and rate"
    )


def flash(
    project: Project | None,
    model: str | None = None,
    *,
    back_end: BackEnd = "c",
    folder: Path | None = None,
    port: str = "",
    every: bool = False,
    check: bool = True,
    radio: str = "ble",
    tools: Tools | None = None,
    progress: Progress = silent,
) -> FlashReport:
    """Write, build, upload to one board or all, and ask each what it runs.

    project None: capture only. folder: a project of `make_firmware`, built as it is. check: ask over
    serial and look for it on `radio` (as `open_transport`). Raises FlashError; with `every` a board's
    failure stands in the report and the next one's turn comes.
    """
    tools = tools or Tools()
    tools.platformio.check()
    if folder is not None:
        firmware = open_firmware(folder)
        wanted = Wanted(str(folder), firmware.env, "", built_in_model(folder))
    else:
        name = "capture" if project is None else project.bundle(model).contract.name
        firmware, wanted = make_firmware(cache_dir() / "firmware" / name, project, model, back_end)
    boards = choose(tools.ports(), port, every=every)
    progress("building", 0, len(boards) + 1)
    size = tools.platformio.build(firmware)
    done = []
    for i, board in enumerate(boards):
        progress(f"uploading to {board.path}", i + 1, len(boards) + 1)
        try:
            tools.platformio.upload(firmware, board.path)
            done.append(_confirm(board, wanted, tools, radio) if check else Flashed(board.path))
        except (FlashError, LinkError, ProtocolError) as error:
            if not every:
                raise
            done.append(Flashed(board.path, error=str(error)))
    return FlashReport(wanted, size, tuple(done))


def built_in_model(folder: Path) -> str:
    """model_id of the model in a project on disk; "" for capture only."""
    source = folder / "firmware" / "lib" / "tinygest_model" / "src"
    for path in sorted(source.glob("tg_*.h")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "_MODEL_ID " in line and '"' in line:
                return line.split('"')[1]
    return ""


def _confirm(board: BoardPort, wanted: Wanted, tools: Tools, radio: str) -> Flashed:
    path = _wait_for(board, tools)
    return asyncio.run(_ask(path, wanted, tools, radio))


def _wait_for(board: BoardPort, tools: Tools) -> str:
    """Its port, which may have another name after the upload. Raises FlashError."""
    end = time.monotonic() + tools.back_after_s
    while time.monotonic() < end:
        for found in tools.ports():
            same = found.serial_number == board.serial_number if board.serial_number else True
            if same and not found.in_bootloader and (board.serial_number or found.path == board.path):
                return found.path
        time.sleep(POLL_S)
    raise FlashError(
        f"the board on {board.path} did not come back after the upload: press its reset button once; if it"
        " does not come back then, press it twice and flash again"
    )


async def _ask(path: str, wanted: Wanted, tools: Tools, radio: str) -> Flashed:
    info = await _ask_over_serial(path, tools.back_after_s)
    if info.model_id != wanted.model_id:
        runs = f"model {info.model_id[:12]}" if info.model_id else "no model"
        meant = f"model {wanted.model_id[:12]}" if wanted.model_id else "no model"
        raise FlashError(f"the board on {path} runs {runs} instead of {meant}: flash it again")
    if info.imu == 0:
        raise FlashError(f"the board on {path} found no motion sensor: is it a Nano 33 BLE *Sense*?")
    advertises, note = await _look(info, wanted, tools.scan_s, radio)
    return Flashed(path, f"{info.device_id:016X}", info.imu.name, info.model_id, advertises, note)


async def _ask_over_serial(path: str, patience_s: float) -> Info:
    """Raises FlashError; tries again while the board starts, which answers before its sensor is ready."""
    transport = open_transport("serial")
    end = time.monotonic() + patience_s
    while True:
        try:
            async with _asked(await transport.connect(path)) as board:
                info = board.identity.info
            if info is None:
                raise FlashError(f"what answers on {path} is not tinygest's firmware: flash it again")
            if info.imu or time.monotonic() > end:
                return info
        except (LinkError, ProtocolError) as error:
            if time.monotonic() > end:
                raise FlashError(
                    f"the board on {path} does not answer after the upload ({error}): press its reset"
                    " button once, then flash again"
                ) from error
        await asyncio.sleep(POLL_S)


async def _look(info: Info, wanted: Wanted, scan_s: float, radio: str) -> tuple[bool | None, str]:
    """Does it advertise, and does it say the same over the air? (None, why) where nothing can be seen."""
    if not radio:
        return None, "not looked for over the air"
    transport = open_transport(radio)
    try:
        address = await _find(transport, info.device_id & 0xFFFF, scan_s)
        if address is None:
            raise FlashError(
                f"the board {info.device_id & 0xFFFF:04X} answers by cable but does not advertise: press"
                " its reset button once; if it stays so, flash it again"
            )
        async with _asked(await transport.connect(address)) as board:
            over_air = board.identity.info
        if over_air is None or over_air.model_id != wanted.model_id:
            raise FlashError(f"the board at {address} says something else over the air: flash it again")
        return True, ""
    except AdapterError as error:
        return None, f"not looked for over the air: {error}"
    finally:
        await transport.close()


async def _find(transport: Transport, device_id16: int, scan_s: float) -> str | None:
    """Its address on the air; raises AdapterError, LinkError."""
    async for found in transport.scan(scan_s):
        if found.advertisement and found.advertisement.device_id16 == device_id16:
            return found.address
    return None


@asynccontextmanager
async def _asked(link: Link) -> AsyncIterator[Board]:
    """The board behind a link, closed afterwards."""
    board = await Board.open(link)
    try:
        yield board
    finally:
        await board.close()
