"""Fills a PLATFORMIO_CORE_DIR so that `pio` needs neither a registry nor a network.

`prepare.py CORE_DIR [--project DIR]`, before `pio run`: SCons from pip as the tool package that PlatformIO
wants, the stand-in platforms and libraries of this folder as if they had been downloaded. DIR: where
platformio.ini is, this checkout by default. See docs/firmware.md.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent
BOARD_ENVS = ("nano33ble", "nano33ble_recognise")
BOSCH_BLOCK = PROJECT / "firmware" / "virtual" / "bosch" / "bmi270_config_file.c"
PLATFORM_OWNER = "platformio"
LIBRARY_OWNER = "arduino-libraries"
SCONS_SCRIPT = "import sys\nfrom SCons.Script import main\nsys.exit(main())\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("core_dir", type=Path)
    parser.add_argument("--project", type=Path, default=PROJECT)
    arguments = parser.parse_args()
    core_dir = arguments.core_dir
    install_scons(core_dir / "packages" / "tool-scons")
    for platform in sorted((HERE / "platforms").iterdir()):
        install(platform, core_dir / "platforms" / platform.name, "platform", PLATFORM_OWNER)
    for env in BOARD_ENVS:
        for library in sorted((HERE / "libs").iterdir()):
            place = arguments.project / ".pio" / "libdeps" / env / library.name
            install(library, place, "library", LIBRARY_OWNER)
            if library.name == "Arduino_BMI270_BMM150":
                shutil.copy(BOSCH_BLOCK, place / "src")


def wanted_scons() -> str:
    """Version of tool-scons that this PlatformIO asks for, such as 4.41101.0."""
    from platformio.dependencies import get_core_dependencies

    requirement = get_core_dependencies()["tool-scons"]
    found = re.search(r"\d+\.\d+\.\d+", requirement)
    if found is None:
        raise SystemExit(f"PlatformIO wants tool-scons {requirement!r}, which is not understood")
    return found.group()


def install_scons(place: Path) -> None:
    """tool-scons 4.41101.0 is SCons 4.11.1."""
    spec = find_spec("SCons")
    if spec is None or spec.origin is None:
        raise SystemExit("SCons is missing: pip install -c constraints.txt scons")
    from SCons import __version__ as version

    wanted = wanted_scons()
    major, minor, patch = (int(part) for part in version.split(".")[:3])
    if wanted != f"{major}.{major}{minor:02}{patch:02}.0":
        raise SystemExit(f"PlatformIO wants tool-scons {wanted}; SCons {version} is not that")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    (place / "SCons").symlink_to(Path(spec.origin).parent)
    (place / "scons.py").write_text(SCONS_SCRIPT)
    manifest = {"name": "tool-scons", "version": wanted, "description": "SCons from pip", "system": "*"}
    (place / "package.json").write_text(json.dumps(manifest))
    write_origin(place, "tool", PLATFORM_OWNER, manifest)


def install(source: Path, place: Path, kind: str, owner: str) -> None:
    """Copy a stand-in to where PlatformIO looks for a download."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(source, place)
    manifest_name = "platform.json" if kind == "platform" else "library.json"
    write_origin(place, kind, owner, json.loads((place / manifest_name).read_text()))


def write_origin(place: Path, kind: str, owner: str, manifest: dict[str, str]) -> None:
    """.piopm: without it PlatformIO does not believe that a package has this owner."""
    name, version = manifest["name"], manifest["version"]
    spec = {"owner": owner, "id": None, "name": name, "requirements": None, "uri": None}
    origin = {"type": kind, "name": name, "version": version, "spec": spec}
    (place / ".piopm").write_text(json.dumps(origin))


if __name__ == "__main__":
    main()
