"""Firmware as a PlatformIO project on disk, its build, the boards on USB, the upload."""
