"""Warnings and errors of the parts, on standard error, without getting in the way of a live display."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from logging.handlers import MemoryHandler
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HELD_RECORDS = 1000
_NEVER = logging.CRITICAL + 1


@contextmanager
def warnings_on_stderr(*, held: bool) -> Iterator[None]:
    """Print warnings and errors; when ``held``, only at the end."""
    printing = logging.StreamHandler()
    printing.setFormatter(logging.Formatter("tunneldesk: %(message)s"))
    handler = MemoryHandler(_HELD_RECORDS, flushLevel=_NEVER, target=printing) if held else printing
    handler.setLevel(logging.ERROR if held else logging.WARNING)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
