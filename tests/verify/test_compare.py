import pytest

from tinygest.core.errors import VerifyError
from tinygest.core.recording import Gap
from tinygest.verify.compare import count_bytes, require_equal
from tinygest.verify.stream import TracedBytes, TracedEvent, TracedSegment
from tinygest.verify.timeline import Timeline

TIMELINE = Timeline((Gap(10, 5),), 100)
SEGMENT = TracedSegment(20, 12, 4)
INPUT = TracedBytes(20, bytes([1, 2, 255]))
AT_20 = r"sample 20 \(row 15\)"
EVENT = TracedEvent(20, 12, 4, label=1, score=9)


def check(found, expected):
    require_equal(found, expected, "stage s on host, recording r", "python", TIMELINE)


def test_equal_is_silent_and_counted():
    entries = [SEGMENT, INPUT, EVENT]
    check(entries, list(entries))
    assert count_bytes(entries) == 10 + 7 + 12


@pytest.mark.parametrize(
    ("found", "expected", "message"),
    [
        ([SEGMENT], [TracedSegment(20, 12, 5)], rf"{AT_20}: number 0 has length 4, python has 5"),
        ([SEGMENT], [TracedSegment(9, 1, 4)], r"sample 9: number 0 has at 20, python has 9"),
        ([SEGMENT, SEGMENT], [SEGMENT], rf"{AT_20}: 2 against 1 of python"),
        ([], [TracedSegment(12, 1, 4)], r"sample 12: 0 against 1 of python"),
        ([INPUT], [TracedBytes(20, bytes([1, 2, 254]))], r"value 2 of 3 is -1, python has -2"),
        ([INPUT], [TracedBytes(20, bytes([1, 2]))], r"3 values, python has 2"),
        ([INPUT], [TracedBytes(21, bytes([1, 2, 3]))], rf"{AT_20}: number 0 has at 20, python has 21"),
        ([EVENT], [TracedEvent(20, 12, 4, 2, 9)], r"number 0 has label 1, python has 2"),
    ],
)  # fmt: skip
def test_the_first_difference_is_named(found, expected, message):
    with pytest.raises(VerifyError, match=r"^stage s on host, recording r, .*" + message):
        check(found, expected)
