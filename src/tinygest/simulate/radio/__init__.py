"""A virtual radio: boards that run as processes, and centrals that reach them as over the air.

`radio.VirtualRadio` is where to start. Needs bumble, an extra; importing this package without it raises
a sentence.
"""

from tinygest.core.errors import ToolchainError

try:
    import bumble as bumble
except ImportError as error:
    raise ToolchainError(
        "the virtual radio needs bumble; install it with `pip install 'tinygest[virtual]'`"
    ) from error
