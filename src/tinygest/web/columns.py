"""Numbers for the page as columns of bytes: a plot wants typed arrays, not JSON.

    u32 (little-endian) length of the header | header: JSON, padded with spaces to 4 bytes | columns

With a step of 1 a channel is one column of samples; with a larger one it is two, the smallest and the
largest value of each bin. Columns are 16 bits wide, little-endian, one channel after the other.
"""

from __future__ import annotations

import struct
from typing import Any

import msgspec
import numpy as np

from tinygest.workflow.signal_view import View

MEDIA_TYPE = "application/octet-stream"


def encode_view(view: View, **more: Any) -> bytes:
    """The view, with `more` in its header."""
    n = view.low.shape[1]
    kind = "u16" if view.low.dtype == np.uint16 else "i16"
    header = {"start": view.start, "step": view.step, "n": n, "kind": kind, **more}
    text = msgspec.json.encode(header)
    text += b" " * (-len(text) % 4)
    columns = [view.low] if view.step == 1 else [view.low, view.high]
    values = np.stack(columns, axis=1).astype(f"<{kind[0]}2")
    return struct.pack("<I", len(text)) + text + values.tobytes()
