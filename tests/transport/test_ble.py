"""What a scan makes of what strangers send."""

from __future__ import annotations

import asyncio

import pytest
from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason, BleakError
from hypothesis import given, settings
from hypothesis import strategies as st

from tinygest.core.errors import AdapterError, LinkError, UsageError
from tinygest.protocol.advertising import COMPANY, Advertisement, encode_manufacturer
from tinygest.protocol.words import Mode, Side
from tinygest.transport.base import Found
from tinygest.transport.ble import _explained, _ours, _printable
from tinygest.transport.open import open_transport, transport_of
from tinygest.workflow.boards import matches

OURS = Advertisement(Mode.CAPTURE, Side.LEFT, 0x1A2F)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.integers(0, 0xFFFF) | st.just(COMPANY),
        st.binary(max_size=12) | st.just(b"tg\x11\x01\x2f"),
        max_size=4,
    )
)
def test_any_manufacturer_data(data: dict[int, bytes]) -> None:
    found = _ours(data)
    assert found is None or isinstance(found, Advertisement)
    assert _ours(data | {COMPANY: encode_manufacturer(OURS)}) == OURS


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_names_of_strangers_cannot_write_into_the_terminal(name: str) -> None:
    shown = _printable(name)
    assert shown.isprintable()
    assert len(shown) <= 29


def test_what_a_person_may_call_a_board() -> None:
    found = Found("C0:00:00:00:1A:2F", "Ada left", -50, frozenset(), OURS)
    for word in ("c0:00:00:00:1a:2f", "ADA LEFT", "left", "1a2f", "0000deadbeef1a2f"):
        assert matches(found, word), word
    for word in ("right", "2f", "", "ada"):
        assert not matches(found, word), word


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (
            BleakBluetoothNotAvailableError("off", BleakBluetoothNotAvailableReason.POWERED_OFF),
            AdapterError,
            "doctor",
        ),
        (TimeoutError(), LinkError, "no answer"),
        (FileNotFoundError(2, "no"), AdapterError, "no Bluetooth service"),
        (BleakError("boom"), LinkError, "boom"),
        (EOFError(), LinkError, "EOFError"),
    ],
)
def test_errors_of_the_system_are_sentences(error: Exception, kind: type, said: str) -> None:
    explained = _explained(error, "cannot connect")
    assert type(explained) is kind
    assert said in str(explained)


def test_what_is_no_failure_of_the_radio_stays_itself() -> None:
    bug, cancelled = ValueError("bug"), asyncio.CancelledError()
    assert _explained(bug, "x") is bug
    assert _explained(cancelled, "x") is cancelled


def test_words_for_ways() -> None:
    async def names() -> list[str]:
        return [open_transport(spec).name for spec in ("ble", "ble:hci1", "serial", "http", "bumble:usb:0")]

    assert asyncio.run(names()) == ["ble", "ble", "serial", "http", "ble"]
    for spec in ("", "bumble", "bumble:", "wifi"):
        with pytest.raises(UsageError, match="no way to a board"):
            open_transport(spec)
    assert transport_of("/dev/ttyACM0") == transport_of("COM3") == "serial"
    assert transport_of("http://lab:5555") == "http"
    assert transport_of("left") is None
