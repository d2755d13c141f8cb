"""How `pio test` understands our tests: the lines that Unity prints, without Unity."""

from typing import Any

from platformio.public import UnityTestRunner


class CustomTestRunner(UnityTestRunner):  # type: ignore[misc]  # PlatformIO has no types
    """Nothing is downloaded and nothing is generated into the build."""

    EXTRA_LIB_DEPS = None

    def configure_build_env(self, env: Any) -> Any:
        return env
