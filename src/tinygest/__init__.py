"""tinygest: gesture recognition for microcontrollers, from recordings to a verified C library."""

__version__ = "0.1.0"
