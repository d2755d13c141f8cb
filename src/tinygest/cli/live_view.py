"""Boards on a terminal: one line each, and sparklines of their channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from rich.table import Table

    from tinygest.gateway.live import Live

BARS = "▁▂▃▄▅▆▇█"
WIDTH = 48
HEADER = ("board", "side", "state", "Hz", "samples", "missing", "twice", "late", "links", "signal")


def sparkline(values: NDArray[np.float64], width: int = WIDTH) -> str:
    """The extremes of each of `width` pieces, whichever is further from the mean, from its lowest to its
    highest; a flat line where nothing happens."""
    import numpy as np

    if not len(values):
        return ""
    pieces = np.array_split(values, min(width, len(values)))
    mean = values.mean()
    extremes = np.array([piece[np.abs(piece - mean).argmax()] for piece in pieces])
    low, high = extremes.min(), extremes.max()
    if high == low:
        return BARS[0] * len(extremes)
    steps = np.rint((extremes - low) / (high - low) * (len(BARS) - 1)).astype(int)
    return "".join(BARS[step] for step in steps)


def board_table(lives: list[Live]) -> Table:
    from rich.table import Table

    table = Table(*HEADER, box=None, pad_edge=False)
    for live in lives:
        status = live.status()
        signal = f"{status.rssi_dbm} dBm" if status.rssi_dbm else "-"
        numbers = (status.n_samples, status.n_missing, status.n_repeated, status.n_late, status.n_links)
        state = f"{status.state}: {status.reason}" if status.reason else status.state
        cells = (
            status.name,
            status.side or "-",
            state,
            f"{status.rate_hz:.1f}",
            *map(str, numbers),
            signal,
        )
        table.add_row(*cells)
    return table


def channel_table(live: Live) -> Table:
    """Name, unit, last value, and the last seconds of each channel."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    values, contract = live.values(), live.session.contract
    if contract is not None and len(values):
        for i, channel in enumerate(contract.channels):
            table.add_row(channel.name, f"{values[-1, i]:8.2f} {channel.unit}", sparkline(values[:, i]))
    return table
