"""Files that travel with the package are found, others are told."""

from __future__ import annotations

import pytest

from tinygest.core.resources import resource_dir, resource_file


def test_what_is_there() -> None:
    assert (resource_dir("firmware/src") / "on_event.cpp").is_file()
    assert "[env:nano33ble]" in resource_file("platformio.ini").read_text(encoding="utf-8")


def test_what_is_not_there() -> None:
    with pytest.raises(FileNotFoundError, match="neither in the package"):
        resource_file("no.ini")
    with pytest.raises(FileNotFoundError, match="neither in the package"):
        resource_dir("nothing")
