"""The cache gives back what it was given, and nothing else."""

from __future__ import annotations

import os

import pytest

from tinygest.core.contract import SlidingSegmenter
from tinygest.evaluate.data import Piece
from tinygest.evaluate.folds import FoldCache, FoldResult, SegmentAnswer, StreamResult, code_hash, fold_key
from tinygest.evaluate.guard import Fold
from tinygest.metrics import FoundEvent, StreamTruth, TrueEvent

FOLD = Fold("S1", (Piece("a", 0, 10),), (Piece("b", 0, 10),))


@pytest.fixture
def result():
    truth = StreamTruth(100, 50.0, (TrueEvent(1, 5, "jab"),), ((7, 9),), ((0, 100),))
    stream = StreamResult("b", "S1", 0, truth, (FoundEvent(1, 5, "jab", 200, 6),))
    answer = SegmentAnswer("b", "S1", 1, 5, "jab", "unknown", 3)
    return FoldResult(
        "S1", 1, "id", "c", SlidingSegmenter(500.0, 100.0), 12, 0.1, (stream,), (answer,), 1.5, 0.5
    )


def test_round_trip(tmp_path, result):
    cache = FoldCache(tmp_path / "not" / "yet")
    assert cache.get("0" * 64) is None
    cache.put("0" * 64, result)
    assert cache.get("0" * 64) == result
    assert [path.name for path in cache.folder.iterdir()] == ["0" * 64 + ".json"]


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\xfe", b'{"fold":'])
def test_a_damaged_result_is_absent(tmp_path, result, damage):
    cache = FoldCache(tmp_path)
    cache.put("k", result)
    (tmp_path / "k.json").write_bytes(damage)
    assert cache.get("k") is None


def test_what_nobody_asked_for_goes_first(tmp_path, result):
    cache = FoldCache(tmp_path)
    for age, key in enumerate(("new", "asked", "old")):
        cache.put(key, result)
        os.utime(tmp_path / f"{key}.json", (1000 - age, 1000 - age))
    assert cache.get("asked") == result
    size = (tmp_path / "new.json").stat().st_size
    assert cache.prune(3 * size) == 0
    assert cache.prune(2 * size) == 1
    assert [cache.get(key) is None for key in ("new", "asked", "old")] == [False, False, True]
    assert cache.prune(0) == 2


def test_a_result_of_another_format_is_absent(tmp_path, result):
    cache = FoldCache(tmp_path)
    cache.put("k", result)
    path = tmp_path / "k.json"
    path.write_bytes(path.read_bytes().replace(b'"format_version":2', b'"format_version":1'))
    assert cache.get("k") is None


def test_everything_that_decides_is_in_the_key():
    prints = {"a": "1", "b": "2", "elsewhere": "3"}

    def key(fold=FOLD, data=prints, settings=None, versions=None):
        return fold_key(fold, data, settings or {"seed": 1}, versions or {"tinygest": "1"})

    keys = {
        key(),
        key(data=prints | {"b": "changed"}),
        key(settings={"seed": 2}),
        key(versions={"tinygest": "2"}),
        key(fold=Fold("S1", FOLD.test, FOLD.train)),
        key(fold=Fold("S1", FOLD.train, (Piece("b", 0, 9),))),
    }
    assert len(keys) == 6
    assert key(fold=Fold("another name", FOLD.train, FOLD.test)) == key()
    assert key(data=prints | {"elsewhere": "changed"}) == key()


def test_code_hash_is_stable():
    assert code_hash() == code_hash()
