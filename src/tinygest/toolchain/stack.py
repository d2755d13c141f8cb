"""Worst-case stack of a function, from the frames and calls that GCC writes down.

GCC (10 and later) writes one call graph for each source with `-fcallgraph-info=su`, in the language VCG:
a node with the bytes of its frame for each function, an edge for each call. A call through a pointer may
reach every function whose address is taken anywhere; none calls back into one that is still running.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection
from elftools.elf.sections import Symbol, SymbolTableSection

from tinygest.core.errors import ToolchainError

CALL_GRAPH_FLAG = "-fcallgraph-info=su"

NODE = re.compile(r'^node: \{ title: "(?P<title>[^"]+)" label: "(?P<label>[^"]*)"')
EDGE = re.compile(r'^edge: \{ sourcename: "(?P<caller>[^"]+)" targetname: "(?P<callee>[^"]+)"')
FRAME = re.compile(r"\\n(\d+) bytes \((static|dynamic[^)]*)\)")
BY_POINTER = "__indirect_call"

# ELF for the Arm Architecture (IHI 0044), 5.6.1: ABS32, TARGET1, THM_MOVW_ABS_NC, THM_MOVT_ABS.
ADDRESS_RELOCATIONS = {2, 38, 47, 48}


@dataclass(frozen=True)
class StackBound:
    """bytes: no run takes more, but for the functions of not_counted, whose frames are not known."""

    bytes: int
    not_counted: tuple[str, ...]
    """Of the compiler's library: memcpy, 64-bit division."""


@dataclass
class CallGraph:
    """Functions by name; one that is static to its file as `file:name`."""

    frames: dict[str, int] = field(default_factory=dict)
    calls: dict[str, set[str]] = field(default_factory=dict)
    pointed: set[str] = field(default_factory=set)
    """Functions whose address is taken."""

    def bound(self, entry: str) -> StackBound:
        """Deepest chain of calls from `entry`."""
        unknown: set[str] = set()
        return StackBound(self._deepest(entry, frozenset(), unknown), tuple(sorted(unknown)))

    def reachable(self, entry: str) -> set[str]:
        """`entry` and all functions that it may call, directly or not; calls by pointer left out."""
        found: set[str] = set()
        waiting = [entry]
        while waiting:
            function = waiting.pop()
            if function not in found and function != BY_POINTER:
                found.add(function)
                waiting.extend(self.calls.get(function, ()))
        return found

    def _deepest(self, function: str, active: frozenset[str], unknown: set[str]) -> int:
        if function not in self.frames:
            unknown.add(function)
            return 0
        active |= {function}
        callees = self.calls.get(function, set())
        if BY_POINTER in callees:
            callees = (callees | self.pointed) - {BY_POINTER}
        depths = (self._deepest(callee, active, unknown) for callee in callees - active)
        return self.frames[function] + max(depths, default=0)


def read_call_graph(folders: Iterable[Path], linked: Collection[str]) -> CallGraph:
    """From the `.ci` and `.o` files in build folders; raises ToolchainError if there are none.

    linked: functions of the linked image; what the linker left out is called by nobody.
    """
    folders = list(folders)
    graph = CallGraph()
    texts = [path for folder in folders for path in sorted(folder.glob("*.ci"))]
    if not texts:
        raise ToolchainError("the compiler wrote no call graph; it takes GCC 10 or newer")
    for path in texts:
        _read_text(path.read_text(encoding="utf-8", errors="replace"), graph)
    for path in (path for folder in folders for path in sorted(folder.glob("*.o"))):
        graph.pointed |= {name for name in _pointed(path) if name.rpartition(":")[2] in linked}
    return graph


def _read_text(text: str, graph: CallGraph) -> None:
    for line in text.splitlines():
        if edge := EDGE.match(line):
            graph.calls.setdefault(_name(edge["caller"]), set()).add(_name(edge["callee"]))
        elif (node := NODE.match(line)) and (frame := FRAME.search(node["label"])):
            if frame[2] != "static":
                raise ToolchainError(
                    f"{node['title']} has a frame of varying size, so its stack has no bound"
                )
            graph.frames[_name(node["title"])] = int(frame[1])


def _name(title: str) -> str:
    """GCC's `/path/to/file.c:name` -> `file:name`; a global name as it is."""
    path, _, name = title.rpartition(":")
    return f"{Path(path).stem}:{name}" if path else name


def _pointed(path: Path) -> Iterable[str]:
    """Functions whose address an object file takes."""
    with path.open("rb") as file:
        image = ELFFile(file)
        table = image.get_section_by_name(".symtab")
        if not isinstance(table, SymbolTableSection):
            return
        functions = [symbol for symbol in table.iter_symbols() if symbol["st_info"]["type"] == "STT_FUNC"]
        for section in image.iter_sections():
            if not isinstance(section, RelocationSection) or ".ARM." in section.name:
                continue
            for entry in section.iter_relocations():
                if entry["r_info_type"] in ADDRESS_RELOCATIONS:
                    symbol = table.get_symbol(entry["r_info_sym"])
                    yield from _functions_at(symbol, functions, path.stem)


def _functions_at(symbol: Symbol, functions: list[Symbol], stem: str) -> Iterable[str]:
    """The function that a relocation names, or all of the section that it names."""
    kind, home = symbol["st_info"]["type"], symbol["st_shndx"]
    if kind == "STT_SECTION":
        for function in functions:
            if function["st_shndx"] == home:
                yield _linked_name(function, stem)
    elif kind == "STT_FUNC" or home == "SHN_UNDEF":
        yield _linked_name(symbol, stem)


def _linked_name(symbol: Symbol, stem: str) -> str:
    name: str = symbol.name
    return f"{stem}:{name}" if symbol["st_info"]["bind"] == "STB_LOCAL" else name
