"""Files that travel with the package: templates, C sources, example data.

In a wheel they lie in `tinygest/_data`; in a checkout they are read where they are edited.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent
_CHECKOUT = _PACKAGE.parent.parent


def resource_dir(name: str) -> Path:
    """Folder `name`, as seen from the top of the repository, e.g. `firmware/lib/tinygest`."""
    packaged = _PACKAGE / "_data" / name
    if packaged.is_dir():
        return packaged
    in_checkout = _CHECKOUT / name
    if (_CHECKOUT / "pyproject.toml").is_file() and in_checkout.is_dir():
        return in_checkout
    raise FileNotFoundError(f"{name} is neither in the package nor in a checkout")


def resource_file(name: str) -> Path:
    """A single file from the top of the repository, e.g. `platformio.ini`."""
    for folder in (_PACKAGE / "_data", _CHECKOUT):
        if (folder / name).is_file():
            return folder / name
    raise FileNotFoundError(f"{name} is neither in the package nor in a checkout")
