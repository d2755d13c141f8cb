"""Builds every firmware environment that needs no network, tests it, and holds it to its size.

`python tools/firmware_test.py [--boards-only]`, from anywhere. PlatformIO's packages come from pio/ and
from pip, so it runs where neither a registry nor the internet can be reached.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tinygest.core.errors import TinygestError
from tinygest.toolchain.link_map import Piece, read_pieces

ROOT = Path(__file__).resolve().parents[1]
CORE = ROOT / ".pio" / "core"
BUILD = ROOT / ".pio" / "build"
MODEL_LIBRARY = ROOT / "tests" / "golden" / "library"
MODEL = "libtg_punch.a"
BOARD_ENVS = ("nano33ble", "nano33ble_recognise")
FLASH_BUDGET = 40_000
RAM_BUDGET = 12_000
OURS = ("/src/", "libtinygest.a", "libtinygest_board.a")
SETTINGS = {
    "PLATFORMIO_CORE_DIR": str(CORE),
    "PLATFORMIO_SETTING_ENABLE_TELEMETRY": "no",
    "PLATFORMIO_DISABLE_UPGRADE_CHECK": "true",
    "TINYGEST_MODEL_LIBRARY": str(MODEL_LIBRARY),
}
PIO = (sys.executable, "-m", "platformio")
EMULATED = ("-c", "platformio.emulated.ini")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boards-only", action="store_true", help="images and their sizes, no tests")
    boards_only = parser.parse_args().boards_only
    run(sys.executable, "pio/prepare.py", CORE)
    run(*PIO, "run", "-s", *(word for env in BOARD_ENVS for word in ("-e", env)))
    for env in BOARD_ENVS:
        check_size(env)
    check_model()
    if boards_only:
        return
    run(*PIO, "run", "-s", "-e", "virtual")
    run(*PIO, "test", "-e", "virtual")
    # One suite a call: PlatformIO forgets a config of another name between two.
    for suite in ("test_frames", "test_imu"):
        run(*PIO, "test", *EMULATED, "-f", suite)


def run(*command: str | Path) -> None:
    words = [str(word) for word in command]
    print("$", *words, flush=True)
    finished = subprocess.run(words, cwd=ROOT, env=os.environ | SETTINGS, check=False)
    if finished.returncode != 0:
        raise SystemExit(f"{' '.join(words)} failed")


def is_ours(piece: Piece) -> bool:
    """The application and both libraries; not the model, Bosch's block, Arduino or the C library."""
    return any(mark in piece.source for mark in OURS)


def check_size(env: str) -> None:
    """Print what our code takes of the image; too much ends the run."""
    ours = [piece for piece in read_pieces(BUILD / env / "firmware.map") if is_ours(piece)]
    flash = sum(piece.n_bytes for piece in ours if piece.in_flash)
    ram = sum(piece.n_bytes for piece in ours if piece.in_ram)
    print(
        f"{env}: ours {flash} bytes of flash (at most {FLASH_BUDGET}), {ram} of RAM (at most {RAM_BUDGET})"
    )
    if not 4000 < flash <= FLASH_BUDGET or not 500 < ram <= RAM_BUDGET:
        raise SystemExit(f"{env}: our code is outside its budget, or was not found in the map")


def check_model() -> None:
    """The recognising image holds the model, the capturing one does not."""
    sizes = {}
    for env in BOARD_ENVS:
        pieces = [piece for piece in read_pieces(BUILD / env / "firmware.map") if MODEL in piece.source]
        sizes[env] = sum(piece.n_bytes for piece in pieces if piece.in_flash)
    print(f"model: {sizes['nano33ble_recognise']} bytes of flash in nano33ble_recognise")
    if sizes["nano33ble"] or not sizes["nano33ble_recognise"]:
        raise SystemExit("the model is in the wrong image")


if __name__ == "__main__":
    try:
        main()
    except TinygestError as error:
        raise SystemExit(str(error)) from error
