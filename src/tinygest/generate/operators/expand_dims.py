"""EXPAND_DIMS: a RESHAPE that adds an axis of one."""

from __future__ import annotations

from tinygest.generate.operators.reshape import resolve

__all__ = ["resolve"]
