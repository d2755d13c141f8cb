"""What a layer must cost at least on a Cortex-M4, however well its kernel is written.

SMLAD multiplies and adds two pairs of 16 bits. With weights and activations already widened to 16 bits, the
largest block whose operands fit the registers, 4 points of 2 channels, takes 6 loads and 8 SMLAD for 16
multiply-accumulates; int8, as it lies in memory, takes more. Depthwise, where nothing is shared between
channels, 12 take 15 when rows are reused. To scale a sum, clamp it and store it takes 7. A table takes 3 a
value: load the value, load the answer, store it. Loops, addresses and calls are free here.
"""

from __future__ import annotations

PER_MAC = 14 / 16
PER_DEPTHWISE_MAC = 15 / 12
PER_OUTPUT = 7
PER_TABLE_VALUE = 3


def instruction_floor(kernel: str, n_macs: int, n_outputs: int) -> int | None:
    """kernel: of the C library. None where no floor is known: no products and no table."""
    if n_macs:
        per_mac = PER_DEPTHWISE_MAC if "depthwise" in kernel else PER_MAC
        return round(per_mac * n_macs + PER_OUTPUT * n_outputs)
    return PER_TABLE_VALUE * n_outputs if kernel == "tg_lookup" else None
