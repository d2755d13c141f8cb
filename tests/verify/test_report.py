import pytest

from tinygest.core.errors import UsageError, VerifyError
from tinygest.verify.report import NotRun, check_required, parse_required


def test_words_are_separated_by_commas():
    assert parse_required("cortex-m4, tflm,") == {"cortex-m4", "tflm"}
    assert parse_required("") == frozenset()


def test_unknown_word_is_a_usage_error():
    with pytest.raises(UsageError, match="--require m4: choose from cortex-m4, host, tflm"):
        parse_required("host,m4")


def test_required_and_absent_is_an_error():
    not_run = [NotRun("cortex-m4", "no emulator"), NotRun("tflm", "not installed")]
    check_required({"host"}, not_run)
    with pytest.raises(VerifyError, match="tflm is required but could not run: not installed"):
        check_required({"host", "tflm"}, not_run)
