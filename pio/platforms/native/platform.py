from platformio.public import PlatformBase


class NativePlatform(PlatformBase):  # type: ignore[misc]  # PlatformIO has no types
    """All that PlatformIO asks of a platform without boards."""
