"""Warnings and errors of the parts, on standard error, without getting in the way of a live display."""

from __future__ import annotations

import logging
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HELD_RECORDS = 1000


@contextmanager
def warnings_on_stderr(*, held: bool) -> Iterator[None]:
    """Print warnings and errors; when ``held``, only at the end."""
    printing = logging.StreamHandler()
    printing.setFormatter(logging.Formatter("tunneldesk: %(message)s"))
    handler = _Held(printing) if held else printing
    handler.setLevel(logging.ERROR if held else logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


class _Held(logging.Handler):
    """Keeps the latest records until it is closed, and has them printed then."""

    def __init__(self, printing: logging.Handler) -> None:
        super().__init__()
        self._printing = printing
        self._records: deque[logging.LogRecord] = deque(maxlen=_HELD_RECORDS)

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)

    def close(self) -> None:
        for record in self._records:
            self._printing.handle(record)
        super().close()
