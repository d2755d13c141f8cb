"""Where results are kept, and how a finished one is found again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Work:
    """Folder of the results, folder of the data, and what it may cost."""

    folder: Path
    data: Path
    jobs: int
    hours: float

    def once(self, name: str, compute: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """The result of that name; computed and kept if there is none. Delete the file to repeat it."""
        path = self.folder / "results" / f"{name}.json"
        if path.is_file():
            return json.loads(path.read_text())
        started = time.monotonic()
        result = compute() | {"seconds": round(time.monotonic() - started, 1)}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(result, indent=1, sort_keys=True))
        print(f"{name}: {json.dumps({k: v for k, v in result.items() if not isinstance(v, (dict, list))})}")
        return result

    def known(self, prefix: str) -> dict[str, dict[str, Any]]:
        """Finished results by the rest of their name."""
        paths = sorted((self.folder / "results").glob(f"{prefix}.*.json"))
        return {path.stem.removeprefix(prefix + "."): json.loads(path.read_text()) for path in paths}
