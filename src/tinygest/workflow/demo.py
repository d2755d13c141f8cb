"""The main job on simulated boxers and virtual gloves, as the command lines that a user would type."""

from __future__ import annotations

import shlex
import socket
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from tinygest.core.errors import ToolchainError
from tinygest.toolchain.boards import CortexM4Board

MODEL = "boxing"
HELD_OUT = "P6"
"""The person whom the demo's model never sees in training."""
NEWCOMER, STRANGER = 11, 12
"""Boxers of the virtual gloves: one records, the other is recognised, and nobody has ever seen him."""
RECORD_S, WATCH_S = 60, 45
HANDS = ("left", "right")
PUNCH_LEVEL = 12_000
"""Activity from which it is a punch; `segment --dry-run` shows how lively recordings are."""


@dataclass(frozen=True)
class Step:
    """One call of tinygest."""

    why: str
    arguments: tuple[str, ...]
    stays: bool = False
    """It goes on in the background until a step that `ends` it."""
    ends: bool = False
    """No call: what stays is ended."""

    @property
    def line(self) -> str:
        """What a user would type."""
        if self.ends:
            return "kill %1"
        return shlex.join(("tinygest", *self.arguments)) + (" &" if self.stays else "")


def free_port() -> int:
    """Of this computer, now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(frozen=True)
class DemoPlan:
    """Where the demo puts things, and its steps in order."""

    out: Path
    port: int = field(default_factory=free_port)
    """Of the virtual radio."""

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
        """All steps; a project and a recording that are there already are used as they are."""
        with_gloves = has_virtual_boards()
        start = Step(
            "Start a project with the example data, which are simulated.",
            ("init", str(self.project), "--example", "boxing"),
        )
        return [
            *([] if (self.project / "tinygest.toml").exists() else [start]),
            self._inside("What is in it?", "recordings", "--where", f"subject={HELD_OUT}"),
            *(self._record() if with_gloves and not self._has_recorded() else []),
            *self._train(),
            *(self._recognise() if with_gloves else []),
            self._inside(
                "And on people of whom the model has seen nobody, in three groups?",
                *("evaluate", "--quick", "--family", "dense", "--split", "grouped:3"),
                *("--report", str(self.report)),
            ),
        ]

    def _inside(self, why: str, *arguments: str, stays: bool = False) -> Step:
        return Step(why, ("-p", str(self.project), *arguments), stays)

    def _record(self) -> list[Step]:
        marks, hers = str(self.out / "recorded.csv"), ("--where", "subject=Ada")
        return [
            self._gloves("A boxer puts on two virtual gloves: the firmware itself.", NEWCOMER, marks),
            self._inside(
                "Record both over the virtual radio.",
                *("record", *HANDS, *self._link(), "--subject", "Ada", "--name", "ada"),
                *("--notes", "simulated", "--seconds", str(RECORD_S)),
            ),
            Step("", (), ends=True),
            self._inside(
                "Where does something happen? Punches are livelier than guard and steps.",
                *("segment", "--start-level", str(PUNCH_LEVEL), *hers),
            ),
            self._inside("What it was is known: she followed a script.", "label", "times", marks, *hers),
            self._inside("Everything else was no punch.", "label", "review", *hers),
        ]

    def _train(self) -> list[Step]:
        others, held_out = f"subject!={HELD_OUT}", f"subject={HELD_OUT}"
        library = str(self.library)
        profile = self._inside("What does it cost?", "profile", MODEL, "--library", library, "--limit", "1")
        return [
            self._inside(f"Train on everyone but {HELD_OUT}.", "train", "--name", MODEL, "--where", others),
            self._inside("Turn the model into a C library.", "generate", MODEL, "--out", library),
            self._inside(
                "Does the library give, byte for byte, what training saw?",
                *("verify", MODEL, "--library", library, "--where", held_out),
            ),
            *([profile] if _has_cortex_m4() else []),
            self._inside(f"The compiled library on {HELD_OUT}.", "test", MODEL, "--where", held_out),
        ]

    def _recognise(self) -> list[Step]:
        marks = str(self.out / "recognised.csv")
        return [
            self._gloves(
                "A stranger puts on gloves with the model inside.", STRANGER, marks, "--model", MODEL
            ),
            self._inside(
                "Watch what they recognise, with the same model beside them here.",
                *("monitor", *HANDS, *self._link(), "--results", "--try", MODEL),
                *("--expect", marks, "--seconds", str(WATCH_S)),
            ),
            Step("", (), ends=True),
        ]

    def _gloves(self, why: str, boxer: int, marks: str, *more: str) -> Step:
        hands = [word for hand in HANDS for word in ("--boxer", hand)]
        where = ("--seed", str(boxer), "--marks", marks, "--tcp", str(self.port))
        return self._inside(why, "virtual-board", *hands, *where, *more, stays=True)

    def _link(self) -> tuple[str, str]:
        return "--link", f"bumble:tcp-client:127.0.0.1:{self.port}"

    def _has_recorded(self) -> bool:
        return (self.project / "recordings" / "ada_left.json").exists()


def has_virtual_boards() -> bool:
    """They need Linux, a C++ compiler and bumble; `virtual-board` says what is missing."""
    from tinygest.simulate.virtual_image import find_cxx_compiler

    if sys.platform != "linux" or find_spec("bumble") is None:
        return False
    try:
        find_cxx_compiler()
    except ToolchainError:
        return False
    return True


def _has_cortex_m4() -> bool:
    """Without its compiler or emulator there is nothing to measure on; `verify` says what is missing."""
    try:
        CortexM4Board().check()
    except ToolchainError:
        return False
    return True
