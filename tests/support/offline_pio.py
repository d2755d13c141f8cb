"""PlatformIO with the stand-ins of pio/, away from any network."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

SETTINGS = {"PLATFORMIO_SETTING_ENABLE_TELEMETRY": "no", "PLATFORMIO_DISABLE_UPGRADE_CHECK": "true"}


def build_offline(prepare: Path, project: Path, env: str) -> Path:
    """prepare: pio/prepare.py of a checkout or a wheel. Returns the build folder."""
    if find_spec("SCons") is None or find_spec("platformio") is None:
        pytest.skip("platformio or scons is absent")
    core = project.parent / "core"
    for command in (
        [sys.executable, str(prepare), str(core), "--project", str(project)],
        [sys.executable, "-m", "platformio", "run", "-d", str(project), "-e", env],
    ):
        environment = os.environ | SETTINGS | {"PLATFORMIO_CORE_DIR": str(core)}
        finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert finished.returncode == 0, finished.stdout[-3000:] + finished.stderr[-2000:]
    return project / ".pio" / "build" / env
