"""SQUEEZE: a RESHAPE that drops axes of one."""

from __future__ import annotations

from tinygest.generate.operators.reshape import resolve

__all__ = ["resolve"]
