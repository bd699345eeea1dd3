"""The stand-in connector, noting down when it says that it has registered."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

from tunneldesk.backend.connector import main


class _Stamping:
    """Its stderr."""

    def __init__(self, stream: Any, path: str) -> None:
        self._stream = stream
        self._path = path
        self._registered = False

    def write(self, text: str) -> None:
        if not self._registered and "Registered tunnel connection" in text:
            self._registered = True
            with Path(self._path).open("a") as stamps:
                stamps.write(f"{time.monotonic()}\n")
        self._stream.write(text)

    def flush(self) -> None:
        self._stream.flush()


if __name__ == "__main__":
    sys.stderr = _Stamping(sys.stderr, os.environ["BENCH_STAMPS"])
    sys.exit(main())
