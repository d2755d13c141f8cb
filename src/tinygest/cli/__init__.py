"""The command line: one verb per file, no work done here."""

from __future__ import annotations

import sys

from tinygest.core.errors import TinygestError


def main() -> None:
    """Entry point of `tinygest`: errors a user can mend are one line, only bugs show a traceback."""
    from tinygest.cli.app import app

    try:
        app()
    except TinygestError as error:
        print(f"tinygest: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        print("tinygest: interrupted", file=sys.stderr)
        sys.exit(130)
