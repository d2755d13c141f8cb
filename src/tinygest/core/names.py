"""Names that become C identifiers, file names and macro names."""

from __future__ import annotations

import re

from tinygest.core.errors import ContractError

MAX_NAME_LENGTH = 40
IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")

# C99 6.4.1, C++14 2.12 and the alternative tokens 2.6: a name must work in both languages.
RESERVED_WORDS = frozenset(
    """
    auto break case char const continue default do double else enum extern float for goto if inline
    int long register restrict return short signed sizeof static struct switch typedef union unsigned
    void volatile while alignas alignof and and_eq asm bitand bitor bool catch char16_t char32_t class
    compl const_cast constexpr decltype delete dynamic_cast explicit export false friend mutable
    namespace new noexcept not not_eq nullptr operator or or_eq private protected public
    reinterpret_cast static_assert static_cast template this thread_local throw true try typeid
    typename using virtual wchar_t xor xor_eq final override main
    """.split()
)


def check_identifier(name: str, what: str = "name") -> str:
    """Return `name` if it can be a C identifier and a file name; raises ContractError otherwise."""
    if not IDENTIFIER.match(name) or len(name) > MAX_NAME_LENGTH:
        raise ContractError(
            f"{what} {name!r} cannot be used in C: start with a letter and use at most "
            f"{MAX_NAME_LENGTH} letters, digits and underscores"
        )
    if name.lower() in RESERVED_WORDS:
        raise ContractError(f"{what} {name!r} is a reserved word of C or C++; choose another")
    return name


def macro_name(name: str) -> str:
    """`left hook` -> `LEFT_HOOK`: a label as part of a C macro or enumerator."""
    macro = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").upper()
    if not macro:
        raise ContractError(f"label {name!r} holds no letter or digit that C could use")
    return macro


def check_distinct_macros(names: tuple[str, ...]) -> None:
    """Raise ContractError if two names become the same C identifier."""
    seen: dict[str, str] = {}
    for name in names:
        macro = macro_name(name)
        if macro in seen:
            raise ContractError(f"labels {seen[macro]!r} and {name!r} both become {macro} in C; rename one")
        seen[macro] = name
