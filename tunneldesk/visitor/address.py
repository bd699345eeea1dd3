"""Looks at the public address once, as a visitor would, and says what stands in a visitor's way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tunneldesk.domain.health import AddressFinding, AddressState
from tunneldesk.visitor.answer import NoAnswerError
from tunneldesk.visitor.edge_pages import edge_state
from tunneldesk.visitor.fetching import fetch
from tunneldesk.visitor.frameworks import Refusal, behind, refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tunneldesk.visitor.answer import Answer

LIMIT: Final = 10.0
"""Seconds a look takes at most."""

_SECOND_LIMIT: Final = 5.0
"""Seconds for a second question, which is only asked where the first answer leaves something open."""

_REFUSING: Final = {400, 403, 421}
"""Statuses with which a server turns a host name away."""


async def look(
    address: str, port: int | None, clock_now: Callable[[], datetime], *, limit: float = LIMIT
) -> AddressFinding:
    """Fetch ``address`` and say what came of it; nothing but its own cancellation is ever raised.

    Args:
        address: The public address, `https://my-app.example.com`.
        port: The local port it leads to, which is asked under its own name when the service turns visitors away;
            None when that is not known.
        clock_now: The time of day (UTC).
        limit: Seconds the address gets.
    """
    try:
        answer = await fetch(address, limit=limit)
    except NoAnswerError as none:
        return AddressFinding(clock_now(), none.state)
    state = edge_state(answer)
    if state is not None:
        return AddressFinding(clock_now(), state, answer.status)
    refused = await _refusal(answer, address, port)
    if refused is None:
        return AddressFinding(clock_now(), AddressState.OK, answer.status)
    return AddressFinding(
        clock_now(), AddressState.HOST_REFUSED, answer.status, refused.framework, refused.remedy, refused.where
    )


async def _refusal(answer: Answer, address: str, port: int | None) -> Refusal | None:
    """Return how the user's service keeps visitors out; None when it lets them in."""
    host = urlsplit(address).hostname or ""
    refused = refusal(answer, host)
    if refused is not None:
        return refused
    script = behind(answer)
    if script is not None:
        return await _refusal_behind(script, address, host)
    if port is not None and answer.status in _REFUSING and await _welcome_at_home(port):
        return Refusal()
    return None


async def _refusal_behind(script: str, address: str, host: str) -> Refusal | None:
    parts = urlsplit(address)
    origin = f"{parts.scheme}://{parts.netloc}"
    try:
        answer = await fetch(f"{origin}{script}", limit=_SECOND_LIMIT, headers={"Origin": origin, "Accept": "*/*"})
    except NoAnswerError:
        return None
    return refusal(answer, host)


async def _welcome_at_home(port: int) -> bool:
    """Whether the service answers well when it is asked for as localhost: then it is the name that it minds."""
    try:
        answer = await fetch(f"http://localhost:{port}/", limit=_SECOND_LIMIT)
    except NoAnswerError:
        return False
    return answer.status < 400
