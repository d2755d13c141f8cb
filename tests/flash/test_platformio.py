"""What PlatformIO says, as a sentence that says what to do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from fake_platformio import calls, fake_platformio

from tinygest.core.errors import FlashError
from tinygest.flash import platformio
from tinygest.flash.platformio import MAX_FLASH, MAX_RAM, ImageSize, PlatformIO, check_size
from tinygest.flash.project import FirmwareProject


@pytest.fixture
def project(tmp_path: Path) -> FirmwareProject:
    (tmp_path / "p").mkdir()
    return FirmwareProject(tmp_path / "p", "nano33ble", ())


def test_build_and_upload_are_asked_for_by_name(project: FirmwareProject, tmp_path: Path) -> None:
    pio = fake_platformio(tmp_path / "pio")
    assert pio.build(project) == ImageSize(360964, 74280)
    pio.upload(project, "/dev/ttyACM0")
    built, uploaded = calls(tmp_path / "pio")
    assert built == ["run", "-d", str(project.folder), "-e", "nano33ble"]
    assert uploaded == [*built, "-t", "upload", "--upload-port", "/dev/ttyACM0"]


# As PlatformIO 6.2.0 and the platform print them.
FAILURES = {
    "HTTPClientError: ": "connect this computer to the internet",
    "UnknownPackageError: Could not find the package with 'x/Y @ 9' requirements": "platformio.ini names",
    "Error: The program size (990000 bytes) is greater than maximum allowed (983040 bytes)": "too big",
    "ld: region `RAM' overflowed by 4711 bytes": "use a smaller model",
    "Error: Couldn't find a board on the selected port. Check that": "press its reset button twice",
    "No device found on ttyACM0": "press its reset button twice",
    "could not open port /dev/ttyACM0: [Errno 2] No such file": "not on /dev/ttyACM0 any more",
    "could not open port /dev/ttyACM0: [Errno 13] Permission denied": "usermod -aG dialout",
    "this is the stand-in platform: its image is for no board": "does not upload",
    "model.cpp:7: fatal error: tg_models.h: No such file or directory": "tinygest firmware DIR --model",
    "src/on_event.cpp:3:1: error: 'lamp' was not declared in this scope": "'lamp' was not declared",
}


@pytest.mark.parametrize("printed", FAILURES)
def test_a_failure_is_a_sentence_with_the_remedy(
    printed: str, project: FirmwareProject, tmp_path: Path
) -> None:
    pio = fake_platformio(tmp_path / "pio", upload=f"Building\n{printed}\n*** [x] Error 1", fails="upload")
    with pytest.raises(FlashError) as raised:
        pio.upload(project, "/dev/ttyACM0")
    sentence = str(raised.value)
    assert FAILURES[printed] in sentence
    assert "\n" not in sentence
    assert printed in (project.folder / "platformio.log").read_text()


def test_an_image_that_leaves_no_room_is_refused(project: FirmwareProject, tmp_path: Path) -> None:
    """PlatformIO counts what is static; the radio takes more when it starts."""
    text = "RAM: [==========] 95.4% (used 250000 bytes from 262144 bytes)\n"
    with pytest.raises(FlashError, match=f"250,000 bytes of RAM, and {MAX_RAM:,} are there"):
        fake_platformio(tmp_path / "pio", build=text).build(project)
    check_size(ImageSize(MAX_FLASH, MAX_RAM))
    with pytest.raises(FlashError, match="of flash"):
        check_size(ImageSize(MAX_FLASH + 1, 0))


def test_platformio_that_is_missing_or_never_ends(
    project: FirmwareProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FlashError, match="cannot be started"):
        PlatformIO((str(tmp_path / "nothing"),)).build(project)
    monkeypatch.setattr(platformio, "UPLOAD_TIMEOUT_S", 0.1)
    sleeper = PlatformIO((sys.executable, "-c", "import time; time.sleep(9)"))
    with pytest.raises(FlashError, match=r"did not end within 0\.1 s"):
        sleeper.upload(project, "/dev/ttyACM0")
    monkeypatch.setattr(platformio, "find_spec", lambda name: None)
    with pytest.raises(FlashError, match="pip install platformio"):
        PlatformIO().build(project)
