"""Text from a server, made fit to be shown: plain, short, and without our secrets in it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tunneldesk.domain.secret import Secret

MESSAGE_MAX = 500
"""Characters of a server's message that are kept."""

_LOOKED_AT = 50 * MESSAGE_MAX
_DEPTH_MAX = 4
_ITEMS_MAX = 50
_MASK = "***"


def plain(text: str, secrets: Iterable[Secret] = (), *, limit: int = MESSAGE_MAX) -> str:
    """Return ``text`` on one line, printable, at most ``limit`` characters, with every secret masked.

    Control characters, line breaks, direction marks and lone surrogates become spaces. Secrets go first, while they
    are still whole.
    """
    masked = _mask(text, secrets)[:_LOOKED_AT]
    squeezed = " ".join("".join(char if char.isprintable() else " " for char in masked).split())
    return squeezed if len(squeezed) <= limit else f"{squeezed[: limit - 3]}..."


def plain_details(details: object, secrets: Iterable[Secret] = ()) -> dict[str, object]:
    """Return an error's ``details`` with every text in it made plain, and nothing endless or bottomless left.

    Details that are no object say nothing to us, and give an empty one.
    """
    known = tuple(secrets)

    def tidy(value: object, depth: int) -> object:
        if isinstance(value, str):
            return plain(value, known)
        if isinstance(value, bool | int | float | None):
            return value
        if depth >= _DEPTH_MAX:
            return None
        if isinstance(value, dict):
            return {plain(str(key), known): tidy(item, depth + 1) for key, item in [*value.items()][:_ITEMS_MAX]}
        return [tidy(item, depth + 1) for item in value[:_ITEMS_MAX]] if isinstance(value, list) else None

    tidied = tidy(details, 0) if isinstance(details, dict) else {}
    return tidied if isinstance(tidied, dict) else {}


def _mask(text: str, secrets: Iterable[Secret]) -> str:
    forms = {form for secret in secrets if secret for form in _forms(secret.reveal())}
    for form in sorted(forms, key=len, reverse=True):  # one secret may begin with another
        text = text.replace(form, _MASK)
    return text


def _forms(value: str) -> tuple[str, ...]:
    """Return a secret as it is, and as an address would carry it."""
    return (value, quote(value, safe="", errors="replace"))
