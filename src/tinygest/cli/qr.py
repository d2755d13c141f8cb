"""A QR code on a terminal, for phones."""

from __future__ import annotations

BORDER = 2
"""Modules of light around it; the standard wants four, phones read two."""
BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def qr_lines(text: str) -> list[str]:
    """Two rows of modules a line; blocks are dark, to be shown dark on light."""
    import qrcode

    code = qrcode.QRCode(border=BORDER, error_correction=qrcode.ERROR_CORRECT_L)
    code.add_data(text)
    rows: list[list[bool]] = code.get_matrix()
    rows += [[False] * len(rows[0])] * (len(rows) % 2)
    return [
        "".join(BLOCKS[pair] for pair in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    ]
