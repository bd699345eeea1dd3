"""JSON answers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

# Made once: starlette's JSONResponse makes an encoder for every answer. ASCII only, so no text can fail to be sent.
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def json_bytes(content: Any) -> bytes:
    """Return ``content`` as JSON."""
    return _ENCODER.encode(content).encode("ascii")


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer with ``content`` as JSON."""
    return Response(json_bytes(content), status, headers, "application/json")


def plain(seconds: float) -> float:
    """Return whole seconds as an integer, so that JSON says 20 and not 20.0."""
    return int(seconds) if seconds == int(seconds) else seconds
