"""Compilers and the emulator: find them, run them, read their output."""
