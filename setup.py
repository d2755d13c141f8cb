"""Builds the C signal path into the package and copies templates and C sources beside it."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
PACKAGED = ("templates", "firmware", "pio", "datasets", "platformio.ini")


class BuildWithData(build_py):
    """What `core.resources` finds in a checkout goes to `tinygest/_data` in a wheel."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for name in PACKAGED:
            target = Path(self.build_lib) / "tinygest" / "_data" / name
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, target, dirs_exist_ok=True)
            else:
                shutil.copy(ROOT / name, target)


setup(
    cmdclass={"build_py": BuildWithData},
    cffi_modules=["src/tinygest/signalpath/build_native.py:ffibuilder"],
)
