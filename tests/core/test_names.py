from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinygest.core.errors import ContractError
from tinygest.core.names import check_distinct_macros, check_identifier, macro_name


@pytest.mark.parametrize("name", ["punch", "left_hook2", "M"])
def test_identifiers_pass(name: str) -> None:
    assert check_identifier(name) == name


@pytest.mark.parametrize(
    "name", ["", "2nd", "left hook", "a/b", "..", "a-b", "müller", "int", "Template", "x" * 41, "a\n"]
)
def test_what_c_cannot_use_is_refused(name: str) -> None:
    with pytest.raises(ContractError, match=re.escape(repr(name))):
        check_identifier(name)


def test_two_labels_that_become_one_macro_are_refused() -> None:
    with pytest.raises(ContractError, match="LEFT_HOOK"):
        check_distinct_macros(("left hook", "Left-Hook"))


@given(st.text(max_size=30))
def test_macro_is_always_part_of_an_identifier(name: str) -> None:
    try:
        macro = macro_name(name)
    except ContractError:
        return
    assert re.fullmatch(r"[A-Z0-9]+(_[A-Z0-9]+)*", macro)
