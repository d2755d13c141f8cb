"""Write the constant tables of the C library: python tools/make_tables.py

The files are committed; a test writes them anew and compares.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "firmware" / "lib" / "tinygest" / "src"
Q31_MAX = 2**31 - 1

LOG2_STEPS = 32  # TG_LOG2_STEPS
FFT_POINTS = 32  # TG_FFT_POINTS
REACH = 8  # TG_RESAMPLER_REACH
PHASES = 64  # TG_RESAMPLER_PHASES
CUT_OFF = 0.74
"""Where the resampler's kernel has fallen to half, as a share of the slower rate's Nyquist frequency.

The kernel is short, so the transition is half as wide as the band; it ends where aliasing would start.
"""
KAISER_BETA = 6.5
"""From the Nyquist frequency on the kernel lets less than -66 dB through, as measured by a test."""


def log2_table() -> list[int]:
    """log2(1 + i / 32) in Q15."""
    return [round(2**15 * math.log2(1 + i / LOG2_STEPS)) for i in range(LOG2_STEPS + 1)]


def fft_turns() -> list[int]:
    """cos, sin of 2 pi i / 32 in turn, Q31, for half a turn."""
    angles = [2 * math.pi * i / FFT_POINTS for i in range(FFT_POINTS // 2)]
    return [_q31(part) for angle in angles for part in (math.cos(angle), math.sin(angle))]


def fft_hann() -> list[int]:
    """First half of Hann's window, taken between the points, Q31."""
    return [_q31(math.sin(math.pi * (i + 0.5) / FFT_POINTS) ** 2) for i in range(FFT_POINTS // 2)]


def resampler_kernel() -> list[int]:
    """One side of sinc times Kaiser's window, Q15 with 1 as 32767; 0 at its end."""
    times = [i / PHASES for i in range(REACH * PHASES)]
    return [round(32767 * _sinc(CUT_OFF * t) * _kaiser(t / REACH)) for t in times] + [0]


def _q31(value: float) -> int:
    return min(round(value * 2**31), Q31_MAX)


def _sinc(x: float) -> float:
    return math.sin(math.pi * x) / (math.pi * x) if x else 1.0


def _kaiser(x: float) -> float:
    """Kaiser's window at x in 0..1, its middle at 0."""
    return _bessel_i0(KAISER_BETA * math.sqrt(1 - x * x)) / _bessel_i0(KAISER_BETA)


def _bessel_i0(x: float) -> float:
    """Modified Bessel function of the first kind, order 0, by its power series."""
    return math.fsum((x / 2) ** (2 * k) / math.factorial(k) ** 2 for k in range(40))


def render(header: str, tables: Sequence[tuple[str, Sequence[int]]]) -> str:
    """The text of a C file that defines `tables`: (declaration, values)."""
    lines = [
        "/* Made by tools/make_tables.py, which says what the numbers are. Do not edit. */",
        f'#include "{header}"',
    ]
    for declaration, values in tables:
        width = 8 if max(map(abs, values)) < 2**16 else 6
        rows = [values[i : i + width] for i in range(0, len(values), width)]
        lines += ["", f"const {declaration} = {{"]
        lines += ["    " + ", ".join(map(str, row)) + "," for row in rows]
        lines += ["};"]
    return "\n".join(lines) + "\n"


def files() -> dict[str, str]:
    """Name and text of every table file."""
    return {
        "tg_log2_table.c": render(
            "tg_log2.h", [("uint16_t tg_log2_table[TG_LOG2_STEPS + 1]", log2_table())]
        ),
        "tg_fft_table.c": render(
            "tg_fft.h",
            [
                ("int32_t tg_fft_turns[TG_FFT_POINTS]", fft_turns()),
                ("int32_t tg_fft_hann[TG_FFT_POINTS / 2]", fft_hann()),
            ],
        ),
        "tg_resampler_table.c": render(
            "tg_resampler.h",
            [
                (
                    "int16_t tg_resampler_kernel[TG_RESAMPLER_REACH * TG_RESAMPLER_PHASES + 1]",
                    resampler_kernel(),
                )
            ],
        ),
    }


def main() -> None:
    for name, text in files().items():
        (SOURCES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
