"""A C compiler: what to call, and how it presents itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tinygest.toolchain.process import Output, run

STRICT = ("-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror")
"""For our own builds and tests; a user's compiler may know a warning that we do not."""

COMPILE_TIMEOUT_S = 300.0


@dataclass(frozen=True)
class Compiler:
    """command: its words before any argument; version: the first line that it prints about itself."""

    command: tuple[str, ...]
    version: str

    def run(self, *arguments: str | Path, cwd: Path | None = None) -> Output:
        """Raises ToolchainError with the first diagnostic."""
        return run([*self.command, *arguments], cwd=cwd, timeout_s=COMPILE_TIMEOUT_S)


def ask_version(command: Sequence[str]) -> Compiler:
    """Raises ToolchainError when the command is not a working compiler."""
    lines = run([*command, "--version"], timeout_s=60.0).stdout.splitlines()
    return Compiler(tuple(command), lines[0].strip() if lines else command[0])


def preprocessor_flags(include_dirs: Sequence[Path], defines: Mapping[str, str]) -> list[str]:
    """-I and -D words, folders made absolute because compilers run in their build folder."""
    return [
        *(f"-I{folder.resolve()}" for folder in include_dirs),
        *(f"-D{name}={value}" for name, value in defines.items()),
    ]
