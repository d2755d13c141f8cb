"""Bytes <-> values of everything that a board and a host say to each other. No I/O.

`docs/protocol.md` fixes every byte; `tests/protocol/vectors.json` holds examples that this package and
the board's C code (`firmware/lib/tinygest_board`) are both tested with.
"""
