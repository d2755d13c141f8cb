"""What each object file contributes to a linked image: the map that GNU ld writes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tinygest.core.errors import ToolchainError

PIECE = re.compile(r"^ (\.[\w.$]+|COMMON)\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+(\S.*)$")
KINDS = {".text": "flash", ".rodata": "flash", ".init_array": "flash", ".data": "both", ".bss": "ram"}


@dataclass(frozen=True)
class Piece:
    """One input section that was kept."""

    section: str
    n_bytes: int
    source: str
    """Object file, or `archive(member)`."""
    in_flash: bool
    in_ram: bool


def read_pieces(path: Path) -> list[Piece]:
    """All pieces of code, constants and variables. Raises ToolchainError when there are none."""
    text = path.read_text(encoding="utf-8", errors="replace")
    _, found, linked = text.partition("Linker script and memory map")
    pieces = list(_pieces(_joined(linked)))
    if not found or not pieces:
        raise ToolchainError(f"{path} is not a map of GNU ld")
    return pieces


def _joined(text: str) -> str:
    """ld breaks a line after a long section name."""
    return re.sub(r"^( \.[\w.$]+)\n\s+(?=0x)", r"\1 ", text, flags=re.MULTILINE)


def _pieces(text: str) -> Iterator[Piece]:
    for line in text.splitlines():
        match = PIECE.match(line)
        if match is None or int(match[3], 16) == 0:
            continue
        name = ".bss" if match[1] == "COMMON" else match[1]
        kind = next((kind for prefix, kind in KINDS.items() if name.startswith(prefix)), None)
        if kind is not None:
            in_flash, in_ram = kind != "ram", kind != "flash"
            yield Piece(name, int(match[3], 16), match[4], in_flash, in_ram)
