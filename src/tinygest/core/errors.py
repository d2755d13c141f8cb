"""The errors a user can mend.

TinygestError
├── UsageError            the command was called wrongly (exit status 2)
├── ContractError         data, model and board do not fit together
├── FormatError           a file cannot be read; names file and position
├── ProtocolError         bytes from a board or for a board are not what the protocol says
├── LinkError             a board cannot be reached, or the way to it broke
│   └── AdapterError      this machine's radio cannot be used
├── StoreError            the project folder
│   ├── NotFoundError     it has nothing of that name
│   └── ConflictError     somebody else changed it meanwhile
├── LabelError            segments and labels
├── DatasetError          the chosen data cannot answer the question asked
├── TrainError            training or conversion
├── GenerateError         the model cannot become C
│   └── UnsupportedOperatorError
├── ToolchainError        a compiler or emulator is missing or failed
│   └── FlashError        firmware did not get onto a board
├── VerifyError           two computations that must agree do not
└── BudgetError           a model costs more than the project allows
"""

from __future__ import annotations

from pathlib import Path


class TinygestError(Exception):
    """One clear sentence that says what is wrong and what to do; shown without a traceback."""

    exit_status = 1


class UsageError(TinygestError):
    """The command line asks for something that makes no sense."""

    exit_status = 2


class ContractError(TinygestError):
    """A sensor or model contract is broken, or two contracts do not match."""


class FormatError(TinygestError):
    """A file is not what it should be.

    path: the file; position: where in it, in the reader's words ("line 17", "byte 204").
    """

    def __init__(self, message: str, path: Path | str | None = None, position: str | None = None):
        self.path = path
        self.position = position
        place = ", ".join(str(part) for part in (path, position) if part)
        super().__init__(f"{place}: {message}" if place else message)


class ProtocolError(TinygestError):
    """Bytes on a link are not what `docs/protocol.md` says."""


class LinkError(TinygestError):
    """A board cannot be reached, or the link to it broke; trying again may help."""


class AdapterError(LinkError):
    """This machine's Bluetooth cannot be used: absent, switched off, not allowed, no service."""


class StoreError(TinygestError):
    """The project folder is missing, damaged or in the way."""


class NotFoundError(StoreError):
    """The project has no recording, model, revision or job of that name."""


class ConflictError(StoreError):
    """What is to be changed is no longer what the person saw."""


class LabelError(TinygestError):
    """A label or segment that does not exist, overlaps or lies outside its recording."""


class DatasetError(TinygestError):
    """The chosen recordings cannot be used for this: too few subjects, no labels, mixed contracts."""


class TrainError(TinygestError):
    """Training or conversion to int8 failed."""


class GenerateError(TinygestError):
    """The contract or the .tflite cannot be turned into C."""


class UnsupportedOperatorError(GenerateError):
    """The network holds an operator for which there is no C kernel."""

    def __init__(self, operator: str, remedy: str):
        self.operator = operator
        super().__init__(f"operator {operator} is not supported; {remedy}")


class ToolchainError(TinygestError):
    """A compiler, emulator or interpreter is missing, or stopped with an error."""


class FlashError(ToolchainError):
    """Firmware could not be built or uploaded, or the board does not say that it runs it."""


class VerifyError(TinygestError):
    """Something was to be bit-exact and is not, or could not be checked although required."""


class BudgetError(TinygestError):
    """A model costs more than the project allows."""
