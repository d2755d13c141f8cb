"""The C signal path of firmware/lib/tinygest, seen from Python."""
