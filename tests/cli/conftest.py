"""The command line, called in this process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tinygest.cli import main


@dataclass(frozen=True)
class Finished:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Finished]


def _status_of_main() -> int:
    try:
        main()
    except SystemExit as stopped:
        return int(stopped.code or 0)
    return 0


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """cli("init", "folder") runs `tinygest init folder`; arguments may be paths."""

    def run(*arguments: str | Path) -> Finished:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["tinygest", *map(str, arguments)])
        status = _status_of_main()
        captured = capsys.readouterr()
        return Finished(status, captured.out, captured.err)

    return run
