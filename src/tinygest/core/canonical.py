"""Canonical JSON: one text for one value, so that its hash names it."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import msgspec

from tinygest.core.errors import FormatError

T = TypeVar("T")


def canonical_json(value: Any) -> bytes:
    """Keys sorted, no white space, UTF-8; floats as their shortest round-tripping text.

    Equal structs give equal text: a whole number in a float field is written as a float, as it will be
    once the struct has been to a file and back. Raises FormatError if a struct breaks its own types.
    """
    plain = msgspec.to_builtins(value)
    if isinstance(value, msgspec.Struct):
        try:
            plain = msgspec.to_builtins(msgspec.convert(plain, type(value)))
        except msgspec.ValidationError as error:
            raise FormatError(f"{type(value).__name__}: {error}") from error
    return msgspec.json.encode(plain, order="deterministic")


def pretty_json(value: Any) -> bytes:
    """The same value for people and for git: keys in order of declaration, two spaces, newline."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def decode_json(data: bytes, shape: type[T], path: Any = None) -> T:
    """Decode strictly into `shape`; raises FormatError with the place inside the document."""
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(str(error), path) from error


def sha256_hex(*parts: bytes | memoryview) -> str:
    """SHA-256 over the parts, each preceded by its length so that no two splits collide."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()
