import pytest

from tinygest.core.errors import VerifyError
from tinygest.verify.library import open_library


@pytest.fixture
def folder(tmp_path):
    for name in (
        "tg_a/src/tg_a.c",
        "tg_a/src/tg_a.h",
        "tg_a/src/tg_a_selftest.c",
        "tinygest/src/tg_ring.c",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return tmp_path


def test_selftest_is_left_out(folder):
    library = open_library(folder, "a")
    assert [path.name for path in library.model] == ["tg_a.c"]
    assert [path.name for path in library.runtime] == ["tg_ring.c"]


def test_absent_model_is_told(folder):
    with pytest.raises(
        VerifyError, match=r"tg_b/src is absent; write the library with `tinygest generate b"
    ):
        open_library(folder, "b")


def test_tflm_sources_cannot_be_compiled_here(folder):
    (folder / "tg_a" / "src" / "tg_a_network.cpp").write_text("")
    with pytest.raises(VerifyError, match="--back-end c"):
        open_library(folder, "a")
