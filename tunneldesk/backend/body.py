"""Reading JSON bodies that may be anything at all."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final, NoReturn

from tunneldesk.backend.errors import ApiError, invalid_input

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from starlette.requests import Request

MAX_BODY_BYTES: Final = 64 * 1024


async def read_object(request: Request, *, optional: bool = False) -> dict[str, Any]:
    """Return the JSON object in a request's body, whatever its Content-Type says.

    Args:
        request: Its body is read.
        optional: No body at all counts as an object without fields.

    Raises:
        ApiError: INVALID_INPUT, with status 413 for a body over 64 KiB.
    """
    body = await read_body(request)
    if optional and not body:
        return {}
    try:
        # Decoded first: left to itself json.loads would take UTF-16 and UTF-32, too.
        parsed = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise invalid_input("The body is not JSON.") from None
    if not isinstance(parsed, dict):
        raise invalid_input("The body is not a JSON object.")
    return parsed


async def read_body(request: Request) -> bytes:
    """Return a request's body.

    Raises:
        ApiError: INVALID_INPUT with status 413, when it is over 64 KiB.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise invalid_input(f"The body is larger than {MAX_BODY_BYTES} bytes.", status=413)
    return bytes(body)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def integer(value: object) -> int | None:
    """Return ``value`` as the integer it is (3000.0 is 3000), or None when it is none; booleans are not."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else None


def _sendable(text: str) -> bool:
    """Tell whether a string is text: JSON can also write half a surrogate pair, which nothing can store or send."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


class Fields:
    """Takes typed fields out of a JSON object, and says clearly which one is wrong.

    Used for the control switches, where a misspelt field must not pass for one that was left out.
    """

    def __init__(self, body: Mapping[str, Any], known: Collection[str]) -> None:
        """Refuse fields that are not ``known``.

        Raises:
            ApiError: INVALID_INPUT, here and in every method.
        """
        for name in body:
            if name not in known:
                raise invalid_input(f"There is no such field; there are: {', '.join(known)}.", {name: "unknown"})
        self._body = body

    def __contains__(self, name: str) -> bool:
        return name in self._body

    def text(self, name: str) -> str:
        """Return a string, not empty, that has to be there."""
        value = self._body.get(name)
        if not isinstance(value, str) or not value or not _sendable(value):
            raise self._bad(name, "must be a string that is not empty")
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a string, or None when it is absent or null."""
        value = self._body.get(name)
        if value is not None and not (isinstance(value, str) and _sendable(value)):
            raise self._bad(name, "must be a string or null")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a boolean."""
        value = self._body.get(name, default)
        if not isinstance(value, bool):
            raise self._bad(name, "must be true or false")
        return value

    def number(self, name: str, low: float, high: float, *, default: float | None = None) -> float:
        """Return a number between ``low`` and ``high``, which has to be there unless there is a default."""
        value = self._body.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self._bad(name, f"must be a number between {low:g} and {high:g}")
        return value

    def whole(self, name: str, low: int, high: int, *, default: int) -> int:
        """Return an integer between ``low`` and ``high``."""
        value = self.number(name, low, high, default=default)
        if math.floor(value) != value:
            raise self._bad(name, "must be an integer")
        return int(value)

    def value(self, name: str) -> Any:
        """Return whatever is there, or None."""
        return self._body.get(name)

    def headers(self, name: str) -> dict[str, str]:
        """Return HTTP headers: an object of strings, empty when absent."""
        value = self._body.get(name, {})
        if not isinstance(value, dict):
            raise self._bad(name, "must be an object of strings")
        for key, text in value.items():
            if not isinstance(text, str) or not (key + text).isascii() or not (key + text).isprintable() or not key:
                raise self._bad(name, "must be an object of printable ASCII strings")
        return value

    @staticmethod
    def _bad(name: str, problem: str) -> ApiError:
        return invalid_input(f"{name} {problem}.", {name: problem})
