"""Words to splits, fall-backs that are said aloud, and split files."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import DatasetError, FormatError, TinygestError, UsageError
from tinygest.evaluate.protocol import final_split, locked_in_file, make_split, no_split_by_recording
from tinygest.evaluate.split_file import read_split_file


def test_default_holds_out_subjects(make_crowd):
    split, notes = make_split("", make_crowd())
    assert (split.unit, len(split.folds), notes) == ("subject", 4, [])


def test_one_subject_falls_back_to_recordings_and_says_so(make_crowd):
    split, notes = make_split("", make_crowd(n_subjects=1))
    assert split.unit == "recording"
    assert "only one subject (S0)" in notes[0]
    assert "recordings are held out" in notes[1]


def test_one_label_a_recording_falls_back_to_blocks_and_says_why(make_facts):
    """The shape of nano33_spells: one person, one recording a label."""
    recordings = [make_facts(f"N1_{label}", "N1", [label] * 25) for label in ("revelio", "locomotor")]
    split, notes = make_split("", recordings)
    assert (split.unit, len(split.folds)) == ("block", 5)
    assert "label 'locomotor' occurs in one recording only" in notes[1]
    assert no_split_by_recording(recordings) is not None


def test_an_explicit_wish_is_not_replaced(make_crowd):
    with pytest.raises(DatasetError, match="--split by-recording or blocks"):
        make_split("loso", make_crowd(n_subjects=1))


@pytest.mark.parametrize(
    ("spec", "unit", "n_folds"),
    [
        ("loso", "subject", 4),
        ("grouped:2", "subject", 2),
        ("by-recording", "recording", 5),
        ("by-recording:3", "recording", 3),
        ("blocks:2", "block", 2),
        ("random:4", "random", 4),
    ],
)
def test_every_word(make_crowd, spec, unit, n_folds):
    split, _ = make_split(spec, make_crowd())
    assert (split.unit, len(split.folds)) == (unit, n_folds)


@pytest.mark.parametrize(
    "spec", ["grouped", "grouped:x", "loso:3", "leave-one-out", "file:", "random:-1", ":"]
)
def test_words_that_mean_nothing(make_crowd, spec):
    with pytest.raises(UsageError, match="is not known"):
        make_split(spec, make_crowd())


def test_a_label_that_only_one_subject_has_is_named(make_crowd, make_facts):
    recordings = [*make_crowd(n_subjects=2), make_facts("x", "S9", ["jab", "uppercut"])]
    _, notes = make_split("loso", recordings)
    assert notes == ["fold S9: trained without uppercut, so these cannot be recognised"]


def test_nothing_to_evaluate():
    with pytest.raises(DatasetError):
        make_split("", [])


def test_split_files(tmp_path, make_crowd):
    recordings = make_crowd(n_subjects=3, n_recordings=1)
    table = tmp_path / "folds.csv"
    table.write_text("subject,fold\nS0,a\nS1,b\n\nS2,locked\n")
    split, _ = make_split(f"file:{table}", recordings)
    assert [fold.name for fold in split.folds] == ["a", "b"]
    assert locked_in_file(table, recordings) == {"r2_0"}
    document = tmp_path / "folds.json"
    document.write_text('{"recording": {"r0_0": "a", "r1_0": "b", "r2_0": "train"}}')
    split, _ = make_split(f"file:{document}", recordings)
    assert split.unit == "recording"


def test_final_split_needs_a_locked_group(make_crowd):
    assert final_split(make_crowd(), {"r0_0", "r0_1", "r0_2"}).unit == "subject"
    with pytest.raises(DatasetError, match="no recording is locked"):
        final_split(make_crowd(), set())


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "", "must start with"),
        ("a.csv", "subject,part\n", "must start with"),
        ("a.csv", "person,fold\nS0,a\n", "starts with 'person'"),
        ("a.csv", "subject,fold\nS0,a,b\n", "line 2: has 3 columns"),
        ("a.csv", "subject,fold\nS0,a\nS0,b\n", "line 3: puts 'S0' into a second fold"),
        ("a.csv", "subject,fold\nS0,\n", "empty fold name"),
        ("a.json", "[1]", "Expected `object`"),
        ("a.json", "{}", "exactly one of"),
        ("a.json", '{"subject": {"S0": 3}}', "Expected `str`"),
    ],
)
def test_damaged_split_files(tmp_path, name, text, message):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(FormatError, match=message):
        read_split_file(path)


def test_a_missing_split_file(tmp_path, make_crowd):
    with pytest.raises(FormatError, match="cannot be read"):
        make_split(f"file:{tmp_path / 'absent.csv'}", make_crowd())


@settings(deadline=None, max_examples=80)
@given(data=st.binary(max_size=120), ending=st.sampled_from([".csv", ".json"]))
def test_any_bytes_as_a_split_file_give_a_sentence(tmp_path_factory, data, ending):
    path = tmp_path_factory.getbasetemp() / f"hostile{ending}"
    path.write_bytes(data)
    try:
        by, fold_of = read_split_file(path)
    except TinygestError as error:
        assert str(path) in str(error)  # noqa: PT017
    else:
        assert by in {"subject", "recording"}
        assert all(fold_of.values())
