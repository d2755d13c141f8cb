"""PADV2: PAD with a value of its own."""

from __future__ import annotations

from tinygest.generate.operators.pad import resolve

__all__ = ["resolve"]
