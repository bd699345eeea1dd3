"""Where this TunnelDesk was published."""

from __future__ import annotations

import json
import re

from tunneldesk.resources import resource

_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}", re.ASCII)


def published_at() -> str | None:
    """Return the repository on GitHub (`owner/name`) whose release workflow built this TunnelDesk.

    The workflow writes it into `release.json`. What runs from source, or was built elsewhere, was published
    nowhere, and looks for no updates.
    """
    try:
        said = json.loads(resource("release.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    named = said.get("repository") if isinstance(said, dict) else None
    return named if isinstance(named, str) and _REPOSITORY.fullmatch(named) else None
