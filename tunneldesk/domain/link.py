"""Links of our own, `tunneldesk://expose?port=3000&name=my-app`, as web pages and other programs may hold them."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, urlsplit

from tunneldesk.domain.errors import ErrorCode, InvalidValueError
from tunneldesk.domain.model import Wish
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.domain.validation import parse_port, parse_slug, shown

SCHEME: Final = "tunneldesk"
_LONGEST = 500


def is_link(text: str) -> bool:
    """Whether ``text`` means to be a link of ours."""
    return text[: len(SCHEME) + 1].lower() == f"{SCHEME}:"


def parse_link(text: str) -> Wish:
    """Return what a link suggests to expose. Anybody can have written it: it is only ever a suggestion.

    Fields that we do not know are left aside, since a later version may.

    Raises:
        InvalidValueError: INVALID_LINK: it is no link of ours, or its port or name can't be used.
    """
    try:
        parts = urlsplit(text)
        fields = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True, max_num_fields=20)
    except ValueError:
        raise _refuse(text, Because(Reason.LINK_UNREADABLE, {"value": shown(text)})) from None
    if len(text) > _LONGEST or parts.scheme != SCHEME:
        raise _refuse(text, Because(Reason.LINK_OF_OTHERS, {"value": shown(text)}))
    if parts.netloc != "expose" or parts.path not in {"", "/"}:
        raise _refuse(text, Because(Reason.LINK_ASKS_OTHERWISE, {"value": shown(text)}))
    names = [name for name, _ in fields if name in {"port", "name"}]
    if len(names) != len(set(names)) or "port" not in names:
        raise _refuse(text, Because(Reason.LINK_WITHOUT_ONE_PORT, {"value": shown(text)}))
    named = dict(fields)
    try:
        return Wish(parse_port(named["port"]), parse_slug(named.get("name", "")))
    except InvalidValueError as error:
        raise _refuse(text, *error.failure.because) from None


def _refuse(text: str, *because: Because) -> InvalidValueError:
    return InvalidValueError(ErrorCode.INVALID_LINK, text, *because)
