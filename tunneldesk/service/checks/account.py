"""The server, its clock, the sign-in and the keyring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tunneldesk.api.auth import FixedToken
from tunneldesk.api.client import ApiClient, TimeLimits
from tunneldesk.domain.account import Account
from tunneldesk.domain.checkup import AccountSeen, Check, ClockSeen, Finding, ServerSeen, Unseen, Verdict
from tunneldesk.domain.errors import CredentialsError, ErrorCode, Failure, TunnelDeskError
from tunneldesk.domain.secret import Secret
from tunneldesk.network import system_proxy
from tunneldesk.service.clock import SystemClock
from tunneldesk.service.seat import Seat
from tunneldesk.storage.credentials import Credentials
from tunneldesk.storage.sign_ins import SignIns

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from tunneldesk.storage.paths import Paths

SKEW_TOLERATED = 30.0
"""Seconds by which clocks may differ: tokens and certificates are given at least that much leeway."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """What came of asking a server for a sign of life.

    Attributes:
        failure: Why there was none.
        skew: Its clock minus ours in seconds, where an answer told.
    """

    failure: Failure | None
    skew: float | None


async def greet(server: str | None, limit: float) -> Greeting:
    """Ask ``server`` whether it is one."""
    if server is None:
        return Greeting(Failure(ErrorCode.SIGNED_OUT), None)
    client = ApiClient(server, FixedToken(Secret("")), limits=TimeLimits(check=limit))
    failure = None
    try:
        await client.check()
    except TunnelDeskError as error:
        failure = error.failure
    finally:
        await client.aclose()
    return Greeting(failure, client.clock_skew)


async def look_at_server(server: str | None, fault: Failure | None, greeting: Awaitable[Greeting]) -> Finding:
    """Whether the server answers as one does, and by which way; ``fault`` is why there is none to ask."""
    failure = fault or (await greeting).failure
    verdict = Verdict.OK if failure is None else Verdict.FAIL
    return Finding(Check.SERVER, verdict, ServerSeen(server, proxy_to(server)), failure)


async def look_at_clock(greeting: Awaitable[Greeting]) -> Finding:
    """Whether our clock goes with the server's."""
    met = await greeting
    if met.skew is None:
        return Finding(Check.CLOCK, Verdict.SKIPPED, Unseen.NO_ANSWER if met.failure else Unseen.NO_DATE)
    verdict = Verdict.OK if abs(met.skew) <= SKEW_TOLERATED else Verdict.WARN
    return Finding(Check.CLOCK, verdict, ClockSeen(met.skew))


async def look_at_token(
    account: Account | None,
    greeting: Awaitable[Greeting],
    given: Secret | None,
    kept: Awaitable[Secret | None],
    paths: Paths,
    limit: float,
) -> Finding:
    """Whether the server accepts the access token, the one given or else the one kept.

    Raises:
        TunnelDeskError: It does not, or there is none.
    """
    if (await greeting).failure is not None or account is None:
        return Finding(Check.ACCESS_TOKEN, Verdict.SKIPPED, Unseen.NO_ANSWER)
    found = given or await _kept(kept)
    if found is None:
        return Finding(Check.ACCESS_TOKEN, Verdict.FAIL, failure=Failure(ErrorCode.SIGNED_OUT))
    seat = Seat(
        Account(account.server) if given else account,
        sign_ins=SignIns(Credentials(paths, time_limit=limit)),
        clock=SystemClock(),
        lock=paths.renewal_lock,
        limits=TimeLimits(listing=limit),
    )
    try:
        await seat.enter(found, stored=given is None)
        tunnels = await seat.client.list_tunnels()
    finally:
        await seat.aclose()
    return Finding(Check.ACCESS_TOKEN, Verdict.OK, AccountSeen(len(tunnels)))


async def look_at_keyring(kept: Awaitable[Secret | None]) -> Finding:
    """Whether the keyring gives what it keeps.

    Raises:
        CredentialsError: It does not.
    """
    await kept
    return Finding(Check.KEYRING, Verdict.OK)


async def read_keyring(paths: Paths, account: Account | None, limit: float) -> Secret | None:
    """Return the sign-in that is kept for ``account``; without one, just try the keyring.

    Raises:
        CredentialsError: It can't be had.
    """
    return await SignIns(Credentials(paths, time_limit=limit)).find(account or Account("nothing"))


def proxy_to(server: str | None) -> str | None:
    """Return host and port of the proxy that stands before ``server``; never its user name or password."""
    proxy = None if server is None else system_proxy(server)
    if not proxy:
        return None
    try:
        parts = urlsplit(proxy)
        host, port = parts.hostname or "?", parts.port
    except ValueError:
        return "?"
    return host if port is None else f"{host}:{port}"


async def _kept(kept: Awaitable[Secret | None]) -> Secret | None:
    try:
        return await kept
    except CredentialsError as error:
        if error.failure.code is not ErrorCode.KEYRING_MISSING:
            raise
        return None  # a system without a keyring holds no token
