"""A message bus of our own in place of the system's: dbus-daemon with a configuration of a few lines."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

VARIABLE = "DBUS_SYSTEM_BUS_ADDRESS"
CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow send_type="method_call"/></policy></busconfig>
"""


@asynccontextmanager
async def private_bus() -> AsyncIterator[str]:
    """Its address; programs started meanwhile take it for the system's bus."""
    if shutil.which("dbus-daemon") is None:
        pytest.skip("dbus-daemon is absent")
    with tempfile.TemporaryDirectory() as folder:
        configuration = Path(folder) / "bus.conf"
        configuration.write_text(CONFIGURATION.format(path=Path(folder) / "bus"))
        daemon = await asyncio.create_subprocess_exec(
            *("dbus-daemon", f"--config-file={configuration}", "--nofork", "--print-address=1"),
            stdout=asyncio.subprocess.PIPE,
        )
        address = (await daemon.stdout.readline()).decode().strip()
        before = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = address
        try:
            yield address
        finally:
            os.environ.pop(VARIABLE)
            if before is not None:
                os.environ[VARIABLE] = before
            daemon.terminate()
            await daemon.wait()
