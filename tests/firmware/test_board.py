"""The board's portable library: its own C++ tests under sanitizers, and what it promises."""

from __future__ import annotations

import re
import runpy
import shutil
from pathlib import Path

import pytest

from .conftest import CORTEX_M4, LIBRARY, REPOSITORY, WARNINGS, host_compiler, run
from .test_library import ARM_FLOAT, OUTSIDE

FIRMWARE = REPOSITORY / "firmware"
BOARD = FIRMWARE / "lib" / "tinygest_board" / "src"
USED = ("tg_math", "tg_resampler", "tg_resampler_table")
SANITIZERS = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
SUITES = {"test_frames": (), "test_imu": (FIRMWARE / "virtual" / "imu_model.cpp",)}


def portable_sources() -> list[Path]:
    return sorted(BOARD.glob("*.c"))


@pytest.fixture(scope="module")
def objects(needs_host_compiler: None, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    if shutil.which("g++") is None:
        pytest.skip("g++ is absent")
    out = tmp_path_factory.mktemp("board")
    sources = [*portable_sources(), *(LIBRARY / f"{name}.c" for name in USED)]
    run(host_compiler(), "-std=c99", *WARNINGS, *SANITIZERS, f"-I{LIBRARY}", "-c", *sources, cwd=str(out))
    return [out / f"{source.stem}.o" for source in sources]


@pytest.mark.parametrize("suite", SUITES)
def test_suite(objects: list[Path], tmp_path: Path, suite: str) -> None:
    support = FIRMWARE / "test" / "support"
    runpy.run_path(str(support / "make_vectors.py"))["write"](REPOSITORY, tmp_path)
    program = tmp_path / suite
    include = [f"-I{folder}" for folder in (tmp_path, support, BOARD, LIBRARY, FIRMWARE / "virtual")]
    main = FIRMWARE / "test" / suite / "test_main.cpp"
    run("g++", "-std=c++14", "-Wall", "-Wextra", "-Werror", *SANITIZERS, *include, main, *SUITES[suite],
        *objects, "-o", program)  # fmt: skip
    told = run(program)
    assert re.search(r"^[1-9]\d* Tests 0 Failures", told, re.MULTILINE), told


def test_cortex_m4_objects_hold_no_floating_point_and_no_heap(needs_arm: None, tmp_path: Path) -> None:
    run("arm-none-eabi-gcc", "-std=c99", *WARNINGS, *CORTEX_M4, f"-I{LIBRARY}", "-c",
        *portable_sources(), cwd=str(tmp_path))  # fmt: skip
    paths = sorted(tmp_path.glob("*.o"))
    listing = run("arm-none-eabi-objdump", "-d", "--no-show-raw-insn", *paths)
    found = set(re.findall(r"^\s*[0-9a-f]+:\s+([a-z][\w.]*)", listing, re.MULTILINE))
    assert len(found) > 20
    assert not {name for name in found if ARM_FLOAT.fullmatch(name)}
    names = run("arm-none-eabi-nm", "--format=just-symbols", "--undefined-only", *paths).split()
    allowed = re.compile(OUTSIDE.pattern + r"|tg_\w+|memcmp|strlen|\S+\.o:")
    assert not {name for name in names if not allowed.fullmatch(name)}


def test_the_contract_table_is_what_its_tool_writes() -> None:
    tool = runpy.run_path(str(REPOSITORY / "tools" / "make_contracts.py"))
    assert (BOARD / "tg_contract_table.c").read_text(encoding="utf-8") == tool["render"]()


@pytest.mark.parametrize(
    "word", ["delay(", "while (!Serial", "while(!Serial", "malloc", "float ", "double "]
)
def test_firmware_sources_do_without(word: str) -> None:
    folders = (BOARD, FIRMWARE / "src")
    sources = [
        path for folder in folders for path in folder.rglob("*") if path.suffix in (".c", ".h", ".cpp")
    ]
    assert len(sources) > 20
    for path in sources:
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert word not in code, path.name
