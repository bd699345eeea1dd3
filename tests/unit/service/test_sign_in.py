"""How often a server is asked how a sign-in is going."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

import pytest

from tunneldesk.domain.errors import ErrorCode, Failure, ServerRefusedError
from tunneldesk.domain.secret import Secret
from tunneldesk.domain.sign_in import Granted, SignInStage, SignInStart, SignInStatus
from tunneldesk.presentation.landing import landing_page
from tunneldesk.service.sign_in import sign_in

if TYPE_CHECKING:
    from tests.unit.service.conftest import VirtualClock
    from tunneldesk.api.client import ApiClient

GRANTED = Granted(Secret("access"), Secret("refresh"), 900.0, "ann@example.com")


class Server:
    """Asks for the pauses that it is given, then says that somebody has signed in."""

    def __init__(self, clock: VirtualClock, *pauses: float | None) -> None:
        self._clock = clock
        self._pauses = list(pauses)
        self.asked: list[float] = []

    async def check(self) -> None:
        """It is a server."""

    async def start_sign_in(self, _email: str, _challenge: str, _callback: str) -> SignInStart:
        return SignInStart("https://example.com/sign-in", Secret("state"))

    async def sign_in_status(self, _state: Secret) -> SignInStatus:
        self.asked.append(self._clock.monotonic())
        if self._pauses:
            raise ServerRefusedError(Failure(ErrorCode.RATE_LIMITED, status=429, retry_after=self._pauses.pop(0)))
        return SignInStatus(SignInStage.AUTHORIZED, Secret("code"), None)

    async def exchange(self, _code: Secret, _verifier: str) -> Granted:
        return GRANTED


@pytest.mark.parametrize(("pause", "waited"), [(40.0, 40.0), (1.0, 2.1), (None, 2.1)])
async def test_a_server_that_wants_a_pause_gets_it_and_is_asked_as_often_as_before_after_that(
    clock: VirtualClock, pause: float | None, waited: float
) -> None:
    server = Server(clock, None, pause, None)
    opened = asyncio.Event()
    signing_in = asyncio.create_task(
        sign_in(cast("ApiClient", server), "ann@example.com", clock, lambda _url: opened.set(), landing_page)
    )
    await asyncio.wait_for(opened.wait(), 10)
    await clock.advance(60.0)
    assert (await asyncio.wait_for(signing_in, 10))[0] is GRANTED
    gaps = [later - earlier for earlier, later in zip(server.asked, server.asked[1:], strict=False)]
    assert gaps == pytest.approx([2.1, waited, 2.1])
