"""Importers: one file per foreign format."""
