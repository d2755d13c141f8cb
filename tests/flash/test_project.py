"""The PlatformIO project on disk: whole, repeatable, and never at the cost of the user's own file."""

from __future__ import annotations

from pathlib import Path

import pytest
import small_models

from tinygest.core.errors import FlashError
from tinygest.flash.project import open_firmware, write_firmware


def library(tmp_path: Path) -> Path:
    small_models.feature_case().generate(tmp_path / "library")
    return tmp_path / "library" / "tg_punch"


def test_a_capture_project_is_whole(tmp_path: Path) -> None:
    written = write_firmware(tmp_path / "new" / "glove")
    assert written.env == "nano33ble"
    firmware = written.folder / "firmware"
    for path in (
        "src/app.cpp",
        "lib/tinygest/src/tinygest.h",
        "lib/tinygest_board/src/tg_imu.c",
        "virtual/arduino/Arduino.h",
    ):
        assert (firmware / path).is_file()
    assert not (firmware / "lib" / "tinygest_model").exists()
    settings = (written.folder / "platformio.ini").read_text()
    assert "default_envs = nano33ble\n" in settings
    assert "platformio/nordicnrf52@" in settings
    for word in ("test_", "extra_scripts"):
        assert word not in settings
    assert open_firmware(written.folder).env == "nano33ble"


def test_a_model_goes_in_and_comes_out(tmp_path: Path) -> None:
    model = library(tmp_path)
    for back_end, env in (("c", "nano33ble_recognise"), ("tflm", "nano33ble_recognise_tflm")):
        written = write_firmware(tmp_path / "p", model, back_end)
        assert (written.env, open_firmware(tmp_path / "p").env) == (env, env)
        assert (tmp_path / "p/firmware/lib/tinygest_model/src/tg_models.h").is_file()
    write_firmware(tmp_path / "p")
    assert not (tmp_path / "p/firmware/lib/tinygest_model").exists()


def test_the_users_file_is_kept_and_the_rest_renewed(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    assert write_firmware(folder).kept == ()
    own = folder / "firmware/src/on_event.cpp"
    own.write_text("// mine")
    (folder / "firmware/src/extra.cpp").write_text("// also mine")
    app = folder / "firmware/src/app.cpp"
    original = app.read_text()
    app.write_text("broken")
    unchanged = (folder / "firmware/src/app.h").stat().st_mtime_ns
    assert write_firmware(folder).kept == (str(own),)
    assert own.read_text() == "// mine"
    assert (folder / "firmware/src/extra.cpp").read_text() == "// also mine"
    assert app.read_text() == original
    assert (folder / "firmware/src/app.h").stat().st_mtime_ns == unchanged


def test_what_is_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to_mum.txt").write_text("dear mum")
    with pytest.raises(FlashError, match="holds something else"):
        write_firmware(tmp_path / "letters")
    with pytest.raises(FlashError, match="is a file"):
        write_firmware(tmp_path / "letters" / "to_mum.txt")
    with pytest.raises(FlashError, match="write it with `tinygest firmware"):
        open_firmware(tmp_path / "letters")
