"""Leaks of every kind are refused with their place."""

from __future__ import annotations

import pytest

from tinygest.core.errors import DatasetError
from tinygest.evaluate.data import Piece
from tinygest.evaluate.guard import Fold, Split, check_no_leakage


def split(train, test, unit="recording"):
    return Split(unit, "made up", (Fold("f", tuple(train), tuple(test)),))


def test_disjoint_sides_pass(make_facts):
    recordings = [make_facts("a", "S1", ["jab"]), make_facts("b", "S2", ["jab"])]
    good = split([Piece("a", 0, 1000)], [Piece("b", 0, 1000)], "subject")
    assert check_no_leakage(good, recordings) is good


@pytest.mark.parametrize(
    ("train", "test"),
    [
        ([("a", 0, 500)], [("a", 499, 1000)]),
        ([("a", 0, 1000)], [("a", 10, 20)]),
        ([("a", 5, 6)], [("a", 5, 6)]),
    ],
)
def test_overlapping_rows(make_facts, train, test):
    with pytest.raises(DatasetError, match="of a overlap"):
        check_no_leakage(
            split([Piece(*p) for p in train], [Piece(*p) for p in test]), [make_facts("a", "S1", ["jab"])]
        )


def test_touching_rows_are_fine(make_facts):
    good = split([Piece("a", 0, 500)], [Piece("a", 500, 1000)], "block")
    assert check_no_leakage(good, [make_facts("a", "S1", ["jab"])]) is good


def test_a_subject_on_both_sides(make_facts):
    recordings = [make_facts("a", "S1", ["jab"]), make_facts("b", "S1", ["jab"])]
    sides = [Piece("a", 0, 1000)], [Piece("b", 0, 1000)]
    assert check_no_leakage(split(*sides), recordings)
    with pytest.raises(DatasetError, match="'S1' is on both sides"):
        check_no_leakage(split(*sides, "subject"), recordings)


def test_the_same_samples_under_two_names(make_facts):
    recordings = [
        make_facts("a", "S1", ["jab"], content="x"),
        make_facts("b", "S2", ["jab"], content="x"),
        make_facts("c", "S1", ["jab"]),
    ]
    with pytest.raises(DatasetError, match="a and b hold the same samples"):
        check_no_leakage(
            split([Piece("a", 0, 1000), Piece("c", 0, 1000)], [Piece("b", 0, 1000)], "subject"), recordings
        )


@pytest.mark.parametrize("side", ["train", "test"])
def test_an_empty_side(make_facts, side):
    piece = [Piece("a", 0, 1000)]
    with pytest.raises(DatasetError, match=f"leaves nothing to {side} on"):
        check_no_leakage(
            split([] if side == "train" else piece, [] if side == "test" else piece),
            [make_facts("a", "S1", ["jab"])],
        )


def test_tested_twice(make_facts):
    recordings = [make_facts(name, name, ["jab"]) for name in "abc"]
    whole = {name: (Piece(name, 0, 1000),) for name in "abc"}
    twice = Split("subject", "", (Fold("1", whole["a"], whole["b"]), Fold("2", whole["c"], whole["b"])))
    with pytest.raises(DatasetError, match="tested in two folds"):
        check_no_leakage(twice, recordings)


def test_no_folds():
    with pytest.raises(DatasetError, match="nothing to hold out"):
        check_no_leakage(Split("subject", ""), [])
