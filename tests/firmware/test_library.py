"""What the C library promises whatever it is used for: clean, integer only, no heap, no libm."""

from __future__ import annotations

import platform
import re
import shutil
from pathlib import Path

import pytest

from .conftest import LIBRARY, WARNINGS, Objects, run

HEADERS = sorted(LIBRARY.glob("*.h"))

# All that a compiler may ask of the C library and of its own: copies, and integer arithmetic that
# the processor lacks. So malloc, libm and soft-float calls are excluded without being named.
OUTSIDE = re.compile(
    r"memcpy|memmove|memset|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_"
    r"|__aeabi_(mem(cpy|move|set|clr)[48]?|u?idiv(mod)?|u?ldivmod|lmul|l(lsl|lsr|asr)|u?lcmp)"
)

# SSE and x87 arithmetic, comparison and conversion. Moves are not among them: compilers use vector
# registers to copy integers.
X86_FLOAT = re.compile(
    r"v?((add|sub|mul|div|sqrt|min|max|cmp\w*|u?comi|round|rcp|rsqrt|hadd|hsub|addsub|dp)(ss|sd|ps|pd)"
    r"|cvt\w+|fn?m(add|sub)\w+)|f(ld|st|add|sub|mul|div|ild|ist|com|ucom|abs|chs|sqrt)\w*"
)
ARM_FLOAT = re.compile(r"v[a-z]+(\.\w+)*")


def mnemonics(objects: Objects) -> set[str]:
    listing = run(objects.objdump, "-d", "--no-show-raw-insn", *objects.paths)
    found = set(re.findall(r"^\s*[0-9a-f]+:\s+([a-z][\w.]*)", listing, re.MULTILINE))
    assert len(found) > 20, "objdump's listing was not understood"
    return found


def symbols(objects: Objects, *options: str) -> set[str]:
    return set(run(objects.nm, "--format=just-symbols", *options, *objects.paths).split())


def outside_symbols(objects: Objects) -> set[str]:
    own = {path.name + ":" for path in objects.paths} | {f"{path}:" for path in objects.paths}
    return symbols(objects, "--undefined-only") - symbols(objects, "--defined-only") - own


def test_host_objects_hold_no_floating_point(host_objects: Objects) -> None:
    if platform.machine() not in ("x86_64", "AMD64") or shutil.which("objdump") is None:
        pytest.skip("reads x86-64 instructions with objdump")
    assert not {name for name in mnemonics(host_objects) if X86_FLOAT.fullmatch(name)}


def test_host_objects_need_nothing_but_memory_copies(host_objects: Objects) -> None:
    assert not {name for name in outside_symbols(host_objects) if not OUTSIDE.fullmatch(name)}


def test_cortex_m4_objects_hold_no_floating_point(arm_objects: Objects) -> None:
    assert not {name for name in mnemonics(arm_objects) if ARM_FLOAT.fullmatch(name)}


def test_cortex_m4_objects_need_nothing_but_integer_helpers(arm_objects: Objects) -> None:
    assert not {name for name in outside_symbols(arm_objects) if not OUTSIDE.fullmatch(name)}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("float f(float x) { return x * 3.0f; }", "instructions"),
        ("double f(double x) { return x * 3.0; }", "symbols"),
        ("#include <math.h>\ndouble f(double x) { return sin(x); }", "symbols"),
        ("#include <stdlib.h>\nvoid *f(size_t n) { return malloc(n); }", "symbols"),
    ],
)
def test_the_check_itself_finds_what_it_looks_for(
    needs_arm: None, tmp_path: Path, code: str, found: str
) -> None:
    (tmp_path / "bad.c").write_text(code)
    run("arm-none-eabi-gcc", "-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", "-mfloat-abi=softfp", "-O2",
        "-c", "bad.c", cwd=str(tmp_path))  # fmt: skip
    objects = Objects((tmp_path / "bad.o",), "arm-none-eabi-nm", "arm-none-eabi-objdump")
    if found == "symbols":
        assert {name for name in outside_symbols(objects) if not OUTSIDE.fullmatch(name)}
    else:
        listing = run(objects.objdump, "-d", "--no-show-raw-insn", *objects.paths)
        assert any(ARM_FLOAT.fullmatch(word) for word in listing.split())


@pytest.mark.parametrize("language", ["c99", "c++14"])
def test_each_header_compiles_alone(needs_host_compiler: None, tmp_path: Path, language: str) -> None:
    compiler = "g++" if language == "c++14" else "cc"
    if shutil.which(compiler) is None:
        pytest.skip(f"{compiler} is absent")
    suffix = "cpp" if language == "c++14" else "c"
    sources = [tmp_path / f"{header.stem}.{suffix}" for header in HEADERS]
    for source, header in zip(sources, HEADERS, strict=True):
        source.write_text(f'#include "{header.name}"\n#include "{header.name}"\nextern int not_empty;\n')
    run(compiler, f"-std={language}", *WARNINGS, f"-I{LIBRARY}", "-fsyntax-only", *sources)


def test_sources_name_no_floating_type_and_no_arduino() -> None:
    for path in LIBRARY.iterdir():
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"\b(float|double|Arduino\.h|malloc|calloc|free)\b", code), path.name
