"""The main job on the simulated boxing set, as the command lines that a user would type."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import ToolchainError
from tinygest.toolchain.boards import CortexM4Board

MODEL = "boxing"
HELD_OUT = "P6"
"""The person whom the demo's model never sees in training."""


@dataclass(frozen=True)
class Step:
    """One call of tinygest."""

    why: str
    arguments: tuple[str, ...]

    @property
    def line(self) -> str:
        """What a user would type."""
        return shlex.join(("tinygest", *self.arguments))


@dataclass(frozen=True)
class DemoPlan:
    """Where the demo puts things, and its steps in order."""

    out: Path

    @property
    def project(self) -> Path:
        return self.out / "boxing"

    @property
    def library(self) -> Path:
        return self.out / "library"

    @property
    def report(self) -> Path:
        return self.out / "evaluation.html"

    def steps(self) -> list[Step]:
        """All steps; a project that is there already is used as it is."""
        project = str(self.project)
        others, held_out = f"subject!={HELD_OUT}", f"subject={HELD_OUT}"

        def inside(why: str, *arguments: str) -> Step:
            return Step(why, ("-p", project, *arguments))

        profile = inside(
            "What does it cost?", "profile", MODEL, "--library", str(self.library), "--limit", "1"
        )
        start = Step(
            "Start a project with the example data, which are simulated.",
            ("init", project, "--example", "boxing"),
        )
        return [
            *([] if (self.project / "tinygest.toml").exists() else [start]),
            inside("What is in it?", "recordings", "--where", held_out),
            inside(f"Train on everyone but {HELD_OUT}.", "train", "--name", MODEL, "--where", others),
            inside("Turn the model into a C library.", "generate", MODEL, "--out", str(self.library)),
            inside(
                "Does the library give, byte for byte, what training saw?",
                *("verify", MODEL, "--library", str(self.library), "--where", held_out),
            ),
            *([profile] if _has_cortex_m4() else []),
            inside(f"The compiled library on {HELD_OUT}.", "test", MODEL, "--where", held_out),
            inside(
                "And on each person in turn, never seen in training?",
                *("evaluate", "--quick", "--family", "dense", "--report", str(self.report)),
            ),
        ]


def _has_cortex_m4() -> bool:
    """Without its compiler or emulator there is nothing to measure on; `verify` says what is missing."""
    try:
        CortexM4Board().check()
    except ToolchainError:
        return False
    return True
