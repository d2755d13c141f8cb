"""Sizes in a linked image, from its section headers and symbol table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from elftools.common.exceptions import ELFError
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import Symbol, SymbolTableSection

from tinygest.core.errors import ToolchainError


@dataclass(frozen=True)
class Section:
    """One section that the machine sees."""

    n_bytes: int
    in_flash: bool
    """Has contents that must be stored: code, constants, initial values."""
    in_ram: bool
    """Is written at run time: .data lies in both."""


def sections(elf: Path) -> dict[str, Section]:
    """Every section that is loaded, by name, in the order of the file. Raises ToolchainError."""
    with _opened(elf) as image:
        return {
            section.name: Section(
                section["sh_size"],
                in_flash=section["sh_type"] != "SHT_NOBITS",
                in_ram=bool(section["sh_flags"] & SH_FLAGS.SHF_WRITE),
            )
            for section in image.iter_sections()
            if section["sh_flags"] & SH_FLAGS.SHF_ALLOC
        }


def flash_bytes(elf: Path) -> int:
    """What the image takes of the flash: code, constants and initial values."""
    return sum(section.n_bytes for section in sections(elf).values() if section.in_flash)


def ram_bytes(elf: Path) -> int:
    """Static memory: .data and .bss; stack and heap are not in it."""
    return sum(section.n_bytes for section in sections(elf).values() if section.in_ram)


def symbol_bytes(elf: Path) -> dict[str, int]:
    """Size of every function and object that has one. Raises ToolchainError."""
    return {symbol.name: symbol["st_size"] for symbol in _symbols(elf, "STT_FUNC", "STT_OBJECT")}


def function_bytes(elf: Path) -> dict[str, int]:
    """Size of every function; one that is static to its file as `file:name`. Raises ToolchainError."""
    sizes: dict[str, int] = {}
    file = ""
    for symbol in _symbols(elf, "STT_FUNC", "STT_FILE"):  # a file, then what is static to it
        if symbol["st_info"]["type"] == "STT_FILE":
            file = Path(symbol.name).stem
        elif symbol["st_info"]["bind"] == "STB_LOCAL":
            sizes[f"{file}:{symbol.name}"] = symbol["st_size"]
        else:
            sizes[symbol.name] = symbol["st_size"]
    return sizes


def functions(elf: Path) -> set[str]:
    """Names of all functions. Raises ToolchainError."""
    return {symbol.name for symbol in _symbols(elf, "STT_FUNC")}


def _symbols(elf: Path, *types: str) -> list[Symbol]:
    with _opened(elf) as image:
        tables = [part for part in image.iter_sections() if isinstance(part, SymbolTableSection)]
        symbols = [symbol for table in tables for symbol in table.iter_symbols()]
    return [symbol for symbol in symbols if symbol["st_info"]["type"] in types]


@contextmanager
def _opened(elf: Path) -> Iterator[ELFFile]:
    try:
        with elf.open("rb") as file:
            yield ELFFile(file)
    except ELFError as error:
        raise ToolchainError(f"{elf} is not an ELF image: {error}") from error
