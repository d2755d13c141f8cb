"""The device plug-in file (SSF) by which SensiML's Data Studio knows our firmware."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from tinygest.core.canonical import canonical_json, pretty_json
from tinygest.core.sensor import SensorContract
from tinygest.protocol import gatt
from tinygest.store.project import Project
from tinygest.workflow.exporting import ExportResult, new_folder

FORMAT = "sensiml-device"
BLE, SERIAL = 0, 1  # how Data Studio numbers connections
BAUD = 115200  # a USB port has no baud rate; the dialogue wants one
SENSORS = {"a": "Accelerometer", "g": "Gyroscope"}


def export_device_file(project: Project, out: Path) -> ExportResult:
    """Write `tinygest.ssf` for what the project's boards deliver into the new folder `out`."""
    contract = project.config.sensor.contract()
    with new_folder(out) as folder:
        (folder / "tinygest.ssf").write_bytes(pretty_json(device_file(contract)))
    return ExportResult(FORMAT, str(out), 0, 1, "", [])


def device_file(contract: SensorContract) -> dict[str, Any]:
    """The plug-in's keys; equal contracts give the same file, and the same uuid in Data Studio."""
    content = {
        "device_name": "tinygest Nano 33 BLE Sense",
        "device_manufacturer": "Arduino",
        "plugin_developer": "tinygest",
        "firmware_download_links": [],
        "documentation_links": [],
        "device_connections": [_ble(), _serial()],
        "capture_sources": [_source(contract)],
        "is_little_endian": True,
    }
    return {"uuid": str(uuid.uuid5(uuid.NAMESPACE_OID, canonical_json(content).decode())), **content}


def _ble() -> dict[str, Any]:
    return {
        "display_name": "Bluetooth LE",
        "value": BLE,
        "is_default": True,
        "bluetooth_le_configuration": {
            "uuid_service": gatt.SSI_SERVICE,
            "uuid_sensor_data_out": gatt.SSI_DATA,
            "uuid_device_configuration": gatt.SSI_CONFIG,
        },
    }


def _serial() -> dict[str, Any]:
    return {
        "display_name": "Serial port",
        "value": SERIAL,
        "is_default": False,
        "serial_port_configuration": {"baud": BAUD, "stop_bits": 1, "parity": 0, "handshake": 0},
    }


def _source(contract: SensorContract) -> dict[str, Any]:
    """One source: all columns of a row, at the one rate that every board delivers."""
    kinds: dict[str, list[str]] = {}
    for name in contract.channel_names:
        kinds.setdefault(SENSORS[name[0]], []).append(name[1:].upper())
    sensors = [
        {
            "type": kind,
            "is_default": True,
            "column_count": len(suffixes),
            "column_suffixes": suffixes,
            "parameters": [],
        }
        for kind, suffixes in kinds.items()
    ]
    return {
        "name": "Motion",
        "part": "tinygest",
        "sample_rates": [round(contract.rate_hz)],
        "sensors": sensors,
    }
