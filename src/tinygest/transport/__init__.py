"""Links that carry messages between a board and this host; `base.py` is the interface."""
