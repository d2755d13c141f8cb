from platformio.public import PlatformBase


class Nordicnrf52Platform(PlatformBase):  # type: ignore[misc]  # PlatformIO has no types
    """All that PlatformIO asks of a platform with boards."""

    def is_embedded(self) -> bool:
        return True
