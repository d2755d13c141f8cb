"""Automatic segmentation, and edits with undo."""
