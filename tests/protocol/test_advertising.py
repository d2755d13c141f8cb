"""31 bytes of advertising data and at most 31 of scan response, in every mode."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import ProtocolError
from tinygest.protocol import gatt
from tinygest.protocol.advertising import (
    COMPANY,
    Advertisement,
    advertising_data,
    decode_manufacturer,
    encode_manufacturer,
    scan_response,
)
from tinygest.protocol.info import MAX_NAME
from tinygest.protocol.words import Mode, Side

from .conftest import Vector, vectors

DOCUMENT = Path(__file__).parents[2] / "docs" / "protocol.md"


@pytest.mark.parametrize("vector", vectors("advertising"), ids=str)
def test_advertising(vector: Vector) -> None:
    value = vector.value
    advertisement = Advertisement(Mode(value["mode"]), Side(value["side"]), value["device_id16"])
    assert advertising_data(advertisement) == vector.data
    assert len(vector.data) == 31
    assert decode_manufacturer(COMPANY, vector.data[25:]) == advertisement
    assert scan_response(advertisement.mode, value["name"]) == bytes.fromhex(value["scan_response"])


def test_the_longest_name_fits_a_scan_response() -> None:
    assert len(scan_response(Mode.CAPTURE, "x" * MAX_NAME)) <= 31


@pytest.mark.parametrize("mode", Mode)
def test_what_is_advertised_is_scanned_for(mode: Mode) -> None:
    uuid = advertising_data(Advertisement(mode, Side.NONE, 0))[5:21][::-1]
    assert str(UUID(bytes=uuid)) in gatt.SERVICES


def test_others_are_not_ours() -> None:
    data = encode_manufacturer(Advertisement(Mode.CAPTURE, Side.LEFT, 7))
    assert decode_manufacturer(0x004C, data) is None
    assert decode_manufacturer(COMPANY, b"xx" + data[2:]) is None
    with pytest.raises(ProtocolError):
        decode_manufacturer(COMPANY, data[:-1])


@given(st.binary(max_size=6))
@settings(deadline=None, max_examples=100)
def test_manufacturer_noise(data: bytes) -> None:
    with suppress(ProtocolError):
        assert decode_manufacturer(COMPANY, b"tg" + data) is not None


def test_the_document_names_every_uuid() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for uuid in (v for k, v in vars(gatt).items() if k.isupper() and isinstance(v, str) and "-" in v):
        assert uuid in text or re.search(re.escape(uuid[:8]) + "-…", text), uuid
