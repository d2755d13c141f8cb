"""`tinygest generate`"""

from __future__ import annotations

from pathlib import Path

import pytest

GOLDEN = Path(__file__).resolve().parent.parent / "golden"


def test_a_bare_file_as_json(cli, needs_host_compiler, tmp_path):
    file = GOLDEN / "networks" / "dense_none.tflite"
    finished = cli("generate", file, "--name", "net", "--out", tmp_path / "lib", "--zip", "--json")
    assert finished.status == 0, finished.err
    assert finished.json["name"] == "net"
    assert finished.json["self_test"] is True
    assert Path(finished.json["zip"]).is_file()
    assert (tmp_path / "lib" / "tg_net" / "src" / "tg_net.h").is_file()


def test_the_files_name_is_the_default(cli, needs_host_compiler, tmp_path):
    finished = cli("generate", GOLDEN / "networks" / "dense_none.tflite", "--out", tmp_path)
    assert finished.status == 0, finished.err
    assert "tg_dense_none" in finished.out
    assert "multiply-accumulates" in finished.out


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("networks/dense_none.tflite", "--name", "a-b"), 1, "cannot be used in C"),
        (("networks/dense_none.tflite", "--name", "int"), 1, "reserved word"),
        (("networks/dense_none.tflite", "--name", "softmax"), 1, "belongs to tinygest"),
        (("networks/dense_none.tflite", "--name", "../x"), 1, "cannot be used in C"),
        (("networks/absent.tflite", "--name", "x"), 1, "No such file"),
        (("networks/my-net.tflite",), 1, "--name gives the C another name than the file"),
        (("refused/transposed.tflite", "--name", "x"), 1, "operator TRANSPOSE_CONV is not supported"),
        (("refused/float.tflite", "--name", "x"), 1, "float32, not int8"),
        (("networks/dense_none.tflite", "--back-end", "gpu"), 2, "gpu"),
    ],
)
def test_what_cannot_be_is_one_sentence(cli, tmp_path, arguments, status, sentence):
    file, *options = arguments
    finished = cli("generate", GOLDEN / file, *options, "--out", tmp_path / "lib")
    assert finished.status == status
    assert sentence in finished.err
    assert "Traceback" not in finished.err
    assert not (tmp_path / "lib").exists()


def test_a_name_for_a_model_is_a_usage_error(cli):
    finished = cli("generate", "punch", "--name", "kick")
    assert finished.status == 2
    assert "--name is for .tflite files" in finished.err
