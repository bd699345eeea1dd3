"""Signing in with the browser, from the e-mail address to the tokens."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tunneldesk.api import pkce
from tunneldesk.domain.errors import ApiError, ErrorCode, Failure, NotATunnelServerError, ServerRefusedError
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.domain.sign_in import SignInStage
from tunneldesk.service.callback import Callback

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from tunneldesk.api.client import ApiClient
    from tunneldesk.domain.clock import Clock
    from tunneldesk.domain.secret import Secret
    from tunneldesk.domain.sign_in import Granted, Landing

T = TypeVar("T")

_log = logging.getLogger(__name__)

TIME_LIMIT: Final = 600.0
"""Seconds a sign-in may take (CONTRACT: "at most 10 min")."""

_POLL: Final = 2.1
"""Seconds between two questions: servers count 30 a minute, and ours may be counted at either end of theirs."""

_BROWSER_COMES: Final = 0.5
"""Seconds that a browser may take from the server to us, once the server has told that it sent it on its way."""

_NO_ROUTE: Final = frozenset({404, 405})


async def sign_in(
    client: ApiClient,
    email: str,
    clock: Clock,
    opened: Callable[[str], None],
    page: Callable[[Landing], str],
    *,
    only_here: Callable[[], None] = lambda: None,
) -> tuple[Granted, float]:
    """Sign in; return what was granted, and when it was asked for (monotonic seconds). To be cancelled at will.

    A server with a status route is asked how it is going; one without sends the browser to us. Both ways are open
    from the start, and the first that leads somewhere is taken.

    Args:
        client: The server, which nobody is signed in to.
        email: Whose account.
        clock: Time.
        opened: Given the address to open in the browser.
        page: Returns the HTML that a browser is shown which comes back to us.
        only_here: Called when it turns out that a browser on another computer would be of no use.

    Raises:
        ApiError: The server refused, or did not answer.
    """
    await client.check()  # before it is told of anybody
    verifier = pkce.new_verifier()
    async with Callback(page) as callback:
        started = await client.start_sign_in(email, pkce.challenge(verifier), callback.url)
        opened(started.authorize_url)
        asked = _asked(client, started.state, clock, only_here)
        code = await _first(asked, callback.code(started.state), _too_late(clock))
        asked_at = clock.monotonic()
        granted = await client.exchange(code, verifier)
        # Whoever asked at just that moment is ahead of the browser, which would find nobody here.
        await _first(clock.sleep(_BROWSER_COMES), callback.told())
        return granted, asked_at


async def _first(*ways: Coroutine[Any, Any, T]) -> T:
    """Return what comes of the first that ends; none of the others goes on."""
    tasks = {asyncio.create_task(way, name="a way to the end of a sign-in") for way in ways}
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _asked(client: ApiClient, state: Secret, clock: Clock, only_here: Callable[[], None]) -> Secret:
    """Ask until there is an answer; for ever where a server has no such route.

    A server that asks for a pause gets it: its limits may be those of heartbeats too, which must not be starved.
    """
    wait = _POLL
    while True:
        await clock.sleep(wait)
        wait = _POLL
        try:
            status = await client.sign_in_status(state)
        except ApiError as error:
            if not _passes(error):
                raise
            if _is_missing(error):
                only_here()
                await asyncio.Event().wait()
            wait = max(_POLL, error.failure.retry_after or 0.0)
            continue
        if status.login_code is not None:
            return status.login_code
        if status.stage is SignInStage.EXPIRED:
            raise ServerRefusedError(status.failure or Failure(ErrorCode.OAUTH_EXPIRED))


def _is_missing(error: ApiError) -> bool:
    return error.failure.status in _NO_ROUTE


def _passes(error: ApiError) -> bool:
    """Whether to ask again in spite of it: a server that stumbles does not end a sign-in."""
    return _is_missing(error) or error.failure.transient or isinstance(error, NotATunnelServerError)


async def _too_late(clock: Clock) -> Secret:
    await clock.sleep(TIME_LIMIT)
    because = Because(Reason.BROWSER_SILENT, {"minutes": f"{TIME_LIMIT / 60:.0f}"})
    raise ServerRefusedError(Failure(ErrorCode.OAUTH_EXPIRED, because=(because,)))
