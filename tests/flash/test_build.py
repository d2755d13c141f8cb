"""A written project with a model builds, and the image holds the model."""

from __future__ import annotations

from pathlib import Path

import pytest
from offline_pio import build_offline

from tinygest.flash.project import write_firmware

REPOSITORY = Path(__file__).resolve().parents[2]
MODEL = REPOSITORY / "tests" / "golden" / "library" / "tg_punch"


@pytest.mark.slow
def test_a_project_with_a_model_builds_offline(tmp_path: Path, needs_arm: None) -> None:
    project = write_firmware(tmp_path / "glove", MODEL)
    build = build_offline(REPOSITORY / "pio" / "prepare.py", project.folder, project.env)
    assert (build / "firmware.elf").is_file()
    assert "tinygest_model" in (build / "firmware.map").read_text()
