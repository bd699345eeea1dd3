"""``tunneldesk --version``: ours, and on request those of the parts."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from tunneldesk.versions import versions

if TYPE_CHECKING:
    from collections.abc import Iterator


def lines(*, verbose: bool, cloudflared: str | None = None) -> Iterator[str]:
    """Yield the versions; ours alone unless ``verbose``."""
    for name, version in islice(versions(), None if verbose else 1):
        yield f"{name} {version}"
    if verbose:
        yield f"cloudflared {cloudflared or 'not found'}"
