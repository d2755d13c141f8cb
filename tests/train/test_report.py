from tinygest.core.contract import Decision, SlidingSegmenter
from tinygest.core.labels import LabelTrack
from tinygest.train.report import _in_words, lock_rows, shown_recordings


def test_contract_parts_are_told_in_words():
    assert _in_words(SlidingSegmenter(333.3333, 100)) == "sliding: length_ms 333.3, hop_ms 100"
    assert _in_words(Decision(agree=2, agree_of=3)) == "refractory_ms 0, agree 2, agree_of 3"


def test_lock_is_told_row_by_row():
    rows = lock_rows({"seed": 1, "versions": {"keras": "3"}, "recordings": list("abcdefghij")})
    assert rows == [
        ("seed", "1"),
        ("versions: keras", "3"),
        ("recordings", "10: a, b, c, d, e, f, g, h, …"),
    ]


def test_shown_are_a_few_of_the_recordings_with_most_labels(burst_recordings):
    rich, poor = burst_recordings(7), burst_recordings(1, "xy")
    bare = [(recording, LabelTrack()) for recording, _ in burst_recordings(1)]
    shown = shown_recordings([*bare, *poor, *rich])
    assert [recording.id for recording, _ in shown] == ["r0", "r2", "r4"]
    assert len(shown_recordings([*bare, *poor])) == 1
