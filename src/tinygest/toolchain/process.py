"""Run a tool to its end; what goes wrong becomes one sentence."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import ToolchainError

# gcc, clang and ld: "file.c:3:5: error: ...", "ld: cannot find -lfoo", "undefined reference to `x'".
DIAGNOSTIC = re.compile(r"\berror\b|undefined reference|cannot |No such file", re.IGNORECASE)


@dataclass(frozen=True)
class Output:
    """What a tool printed."""

    stdout: str
    stderr: str


def first_diagnostic(text: str) -> str:
    """The first line that reads like an error; else the last line; else a note that there was none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in lines:
        if DIAGNOSTIC.search(line):
            return line
    return lines[-1] if lines else "it printed nothing"


def run(command: Sequence[str | Path], *, cwd: Path | None = None, timeout_s: float = 120.0) -> Output:
    """Run `command` and capture its output.

    Raises ToolchainError when it cannot start, takes longer than timeout_s or ends with another status
    than 0; the message carries the first diagnostic.
    """
    words = [str(word) for word in command]
    name = Path(words[0]).name
    try:
        done = subprocess.run(
            words,
            cwd=cwd,
            timeout=timeout_s,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ToolchainError(f"{name} did not finish within {timeout_s:g} s and was stopped") from None
    except OSError as error:
        raise ToolchainError(f"{name} cannot be started: {error.strerror or error}") from error
    if done.returncode != 0:
        reason = first_diagnostic(f"{done.stderr}\n{done.stdout}")
        raise ToolchainError(f"{name} failed with status {done.returncode}: {reason}")
    return Output(done.stdout, done.stderr)
