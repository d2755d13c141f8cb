import ctypes
import subprocess
import sys

import pytest

from tinygest.core.errors import ToolchainError
from tinygest.toolchain import host

pytestmark = pytest.mark.usefixtures("needs_host_compiler")


def test_executable_runs(tmp_path):
    (tmp_path / "a.h").write_text("#define BASE 40\n")
    source = tmp_path / "a.c"
    source.write_text('#include "a.h"\nint main(void) { return BASE + ADD; }\n')
    program = host.compile_executable(
        [source], tmp_path / "new folder" / "a", include_dirs=[tmp_path], defines={"ADD": "2"}
    )
    assert subprocess.run([program], check=False).returncode == 42


def test_shared_library_loads(tmp_path):
    source = tmp_path / "b.c"
    source.write_text("int twice(int x);\nint twice(int x) { return 2 * x; }\n")
    library = ctypes.CDLL(str(host.compile_shared([source], tmp_path / "b.so")))
    assert library.twice(21) == 42


def test_error_shows_the_compilers_first_diagnostic(tmp_path):
    source = tmp_path / "c.c"
    source.write_text("int main(void) { return nothing; }\n")
    with pytest.raises(ToolchainError, match=r"c\.c:1:\d+: error: .*nothing"):
        host.compile_executable([source], tmp_path / "c")


def test_cc_is_used_and_must_exist(monkeypatch):
    monkeypatch.setenv("CC", "no-such-cc --fast")
    with pytest.raises(ToolchainError, match="CC names, 'no-such-cc --fast', is not there; install"):
        host.find_compiler()


def test_without_any_compiler_the_remedy_is_told(monkeypatch):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setattr(host, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolchainError, match=r"no C compiler.*apt install gcc.*pip install ziglang"):
        host.find_compiler()


def test_zig_is_the_last_resort(monkeypatch):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(host, "find_spec", lambda name: name)
    monkeypatch.setattr(host, "ask_version", list)
    assert host.find_compiler() == [sys.executable, "-m", "ziglang", "cc"]


def test_an_object_is_linked_into_many_programs(tmp_path):
    for name in ("one", "two"):
        (tmp_path / f"{name}.c").write_text(f"int {name}(void) {{ return 1; }}\n")
    main = tmp_path / "main.c"
    main.write_text("int one(void);\nint two(void);\nint main(void) { return one() + two() - 2; }\n")
    linked = host.compile_object([tmp_path / "one.c", tmp_path / "two.c"], tmp_path / "both.o")
    for program in ("a", "b"):
        subprocess.run([host.compile_executable([main, linked], tmp_path / program)], check=True)
