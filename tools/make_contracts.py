"""Writes the capture_ids of the board's sensor contracts into `tg_contract_table.c`."""

from __future__ import annotations

from pathlib import Path

from tinygest.core.sensor import imu_contract

RATES_HZ = (25, 50, 100, 200, 400)
TABLE = Path(__file__).parents[1] / "firmware" / "lib" / "tinygest_board" / "src" / "tg_contract_table.c"


def render() -> str:
    """The whole file."""
    lines = [
        "/* Made by tools/make_contracts.py. Do not edit. */",
        '#include "tg_contracts.h"',
        "",
        "const tg_contract_t tg_contracts[TG_N_RATES] = {",
    ]
    for rate_hz in RATES_HZ:
        digest = bytes.fromhex(imu_contract(float(rate_hz)).capture_id)
        rows = [", ".join(f"0x{byte:02x}" for byte in digest[i : i + 16]) for i in (0, 16)]
        lines += [f"    {{{rate_hz},", f"     {{{rows[0]},", f"      {rows[1]}}}}},"]
    return "\n".join([*lines, "};", ""])


if __name__ == "__main__":
    TABLE.write_text(render(), encoding="utf-8")
