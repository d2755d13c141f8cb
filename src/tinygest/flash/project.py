"""A PlatformIO project with the firmware, and a model inside if one is given."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import FlashError
from tinygest.core.resources import resource_dir, resource_file

FOLDERS = ("src", "lib/tinygest", "lib/tinygest_board", "virtual")
MODEL_FOLDER = "lib/tinygest_model"
USERS_OWN = "on_event.cpp"
CAPTURE_ENV = "nano33ble"
RECOGNISE_ENVS = {"c": "nano33ble_recognise", "tflm": "nano33ble_recognise_tflm"}
FOR_TESTS = ("test_dir", "test_framework", "test_ignore", "test_build_src", "extra_scripts")
"""Lines of our platformio.ini that only the tests of a checkout need."""
README = """# Firmware

Written by `tinygest firmware`. With PlatformIO:

    pio run -e {env} -t upload

or, which also finds the board and asks it what it runs: `tinygest flash --dir .`

`firmware/src/on_event.cpp` is yours: what the board does when it recognises something. Writing the project
again leaves it as it is; everything else in these folders is replaced.
"""


@dataclass(frozen=True)
class FirmwareProject:
    """env: the environment of platformio.ini to build."""

    folder: Path
    env: str
    kept: tuple[str, ...]
    """Files that were there and were left as they are."""


def write_firmware(folder: Path, library: Path | None = None, back_end: str = "c") -> FirmwareProject:
    """Write the project, or bring one that is there up to date.

    library: folder of the generated model (`tg_NAME`), None for capture only. Raises FlashError for a
    folder that holds something else.
    """
    _check(folder)
    firmware = folder / "firmware"
    kept = []
    for name in FOLDERS:
        kept += _copy_tree(resource_dir(f"firmware/{name}"), firmware / name)
    shutil.rmtree(firmware / MODEL_FOLDER, ignore_errors=True)
    if library is not None:
        shutil.copytree(library, firmware / MODEL_FOLDER)
    env = CAPTURE_ENV if library is None else RECOGNISE_ENVS[back_end]
    (folder / "platformio.ini").write_text(settings(env), encoding="utf-8")
    (folder / "README.md").write_text(README.format(env=env), encoding="utf-8")
    return FirmwareProject(folder, env, tuple(kept))


def open_firmware(folder: Path) -> FirmwareProject:
    """A project that was written before. Raises FlashError."""
    if not (folder / "firmware" / "src" / USERS_OWN).is_file():
        raise FlashError(f"{folder} holds no firmware; write it with `tinygest firmware {folder}`")
    for line in (folder / "platformio.ini").read_text(encoding="utf-8").splitlines():
        if line.startswith("default_envs ="):
            return FirmwareProject(folder, line.split("=", 1)[1].split(",")[0].strip(), ())
    raise FlashError(f"{folder / 'platformio.ini'} names no default_envs")


def settings(env: str) -> str:
    """platformio.ini of the checkout without its tests, and with this environment as the default."""
    lines = resource_file("platformio.ini").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.split("=")[0].strip() not in FOR_TESTS]
    text = "\n".join(f"default_envs = {env}" if line.startswith("default_envs") else line for line in kept)
    return text + "\n"


def _check(folder: Path) -> None:
    """Nothing of somebody else's is overwritten."""
    if folder.exists() and not folder.is_dir():
        raise FlashError(f"{folder} is a file; name a folder")
    is_ours = (folder / "firmware" / "src" / USERS_OWN).is_file()
    if folder.is_dir() and any(folder.iterdir()) and not is_ours:
        raise FlashError(f"{folder} holds something else; name a new or empty folder")


def _copy_tree(source: Path, target: Path) -> list[str]:
    """Files with another content are replaced, so that PlatformIO builds only what changed."""
    kept = []
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        place = target / path.relative_to(source)
        if place.is_file() and (place.name == USERS_OWN or place.read_bytes() == path.read_bytes()):
            kept += [str(place)] if place.name == USERS_OWN else []
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    return kept
