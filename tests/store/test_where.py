from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import UsageError
from tinygest.store.where import Term, check_fields, parse_where


def test_reads_as_documented():
    assert parse_where("side=left subject!=S3") == (
        Term("side", ("left",)),
        Term("subject", ("S3",), negated=True),
    )
    assert parse_where("label=jab,cross notes=\"two words, 'and' more\"") == (
        Term("label", ("jab", "cross")),
        Term("notes", ("two words, 'and' more",)),
    )
    assert parse_where("  ") == ()
    assert parse_where("side=") == (Term("side", ("",)),)


@pytest.mark.parametrize(
    "text",
    ["left", "=x", "side==left", "side=a=b", 'side="a', "side='a'b", 'a="x""y"', "1a=b", "a =b", "a=b !"],
)
def test_refuses(text):
    with pytest.raises(UsageError, match="--where"):
        parse_where(text)


def test_unknown_field_names_the_known():
    with pytest.raises(UsageError, match="'sied' is not one of side, subject"):
        check_fields(parse_where("sied=left"), {"subject", "side"})


VALUES = st.text(max_size=8).filter(lambda text: not ('"' in text and "'" in text))
TERMS = st.builds(
    Term,
    st.from_regex("[a-z_][a-z0-9_]{0,5}", fullmatch=True),
    st.lists(VALUES, min_size=1).map(tuple),
    st.booleans(),
)


def written(term: Term, space: str) -> str:
    quoted = (f'"{value}"' if '"' not in value else f"'{value}'" for value in term.values)
    return f"{space}{term.field}{'!=' if term.negated else '='}{','.join(quoted)} "


@given(st.lists(TERMS, max_size=4), st.sampled_from(["", " ", "\t\n"]))
@settings(deadline=None)
def test_what_is_written_is_read(terms, space):
    assert parse_where("".join(written(term, space) for term in terms)) == tuple(terms)


@given(st.text(max_size=30) | st.text("ab=!,'\" ", max_size=30))
@settings(deadline=None, max_examples=300)
def test_any_text_is_read_or_refused(text):
    try:
        terms = parse_where(text)
    except UsageError:
        return
    assert all(term.field and term.values for term in terms)


@given(TERMS, st.sets(VALUES))
@settings(deadline=None)
def test_negation_is_the_opposite(term, found):
    opposite = Term(term.field, term.values, not term.negated)
    assert term.holds(found) != opposite.holds(found)
