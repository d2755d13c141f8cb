import sys

import pytest

from tinygest.core.errors import ToolchainError
from tinygest.toolchain.process import first_diagnostic, run


def test_output_is_captured():
    output = run([sys.executable, "-c", "import sys; print('a'); print('b', file=sys.stderr)"])
    assert (output.stdout.strip(), output.stderr.strip()) == ("a", "b")


def test_failure_tells_status_and_first_error():
    script = "import sys; print('x.c:3:5: error: no such thing\\nmore', file=sys.stderr); sys.exit(4)"
    with pytest.raises(ToolchainError, match=r"status 4: x\.c:3:5: error: no such thing$"):
        run([sys.executable, "-c", script])


def test_absent_program_is_one_sentence():
    with pytest.raises(ToolchainError, match="no-such-tool cannot be started"):
        run(["no-such-tool"])


def test_endless_program_is_stopped():
    with pytest.raises(ToolchainError, match=r"did not finish within 0\.2 s"):
        run([sys.executable, "-c", "import time; time.sleep(60)"], timeout_s=0.2)


def test_bytes_that_are_no_text_do_not_hurt():
    assert "�" in run([sys.executable, "-c", r"import os; os.write(1, b'\xff\xfe')"]).stdout


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "it printed nothing"),
        ("one\ntwo\n", "two"),
        ("note\nx.o: undefined reference to `tg_x'\nend", "x.o: undefined reference to `tg_x'"),
        ("In file\n a.c:1: fatal error: b.h: No such file\n", "a.c:1: fatal error: b.h: No such file"),
    ],
)
def test_first_diagnostic(text, line):
    assert first_diagnostic(text) == line
