"""The way to a board by the words of the command line: `ble`, `ble:hci1`, `bumble:usb:0`, `serial`, ..."""

from __future__ import annotations

from tinygest.core.errors import UsageError
from tinygest.transport.base import Transport

KINDS = "ble, ble:ADAPTER, bumble:TRANSPORT, serial, http"


def open_transport(spec: str) -> Transport:
    """Must be called on the running event loop. Raises UsageError.

    ble: the system's Bluetooth, or one adapter of it (Linux: hci1). bumble: a controller without the
    system's stack, by bumble's name (usb:0, tcp-client:127.0.0.1:41234). serial: the ports of this
    machine. http: gateways of SensiML or others that speak SSI.
    """
    kind, _, rest = spec.partition(":")
    if kind == "ble":
        return _system_ble(rest)
    if kind == "bumble" and rest:
        return bumble_transport(rest)
    if spec == "serial":
        from tinygest.transport.serial import SerialTransport

        return SerialTransport()
    if spec == "http":
        from tinygest.transport.http import HttpTransport

        return HttpTransport()
    raise UsageError(f"{spec!r} is no way to a board; there are {KINDS}")


def transport_of(address: str) -> str | None:
    """What `open_transport` wants for an address that says it itself; None for BLE, names and ids."""
    if address.startswith(("http://", "https://")):
        return "http"
    if address.startswith(("/dev/", "\\\\.\\")) or address.upper().startswith("COM"):
        return "serial"
    return None


def _system_ble(adapter: str) -> Transport:
    from tinygest.transport.ble import BleTransport

    options = {"bluez": {"adapter": adapter}} if adapter else {}
    return BleTransport(adapter=adapter, scanner_options=options, client_options=options)


def bumble_transport(controller: object) -> Transport:
    """controller: bumble's name of a transport, or a controller in this process. Raises UsageError."""
    try:
        from tinygest.transport.bumble_backend import backends
        from tinygest.transport.bumble_radio import Radio
    except ImportError as error:
        raise UsageError("bumble is not installed; `pip install 'tinygest[virtual]'`") from error
    from tinygest.transport.ble import BleTransport

    radio = Radio(controller)
    scanner, client = backends(radio)
    return BleTransport(
        adapter=f"bumble {id(radio)}",
        scanner_options={"backend": scanner},
        client_options={"backend": client},
        on_close=radio.close,
    )
