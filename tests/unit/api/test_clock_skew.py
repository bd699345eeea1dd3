"""How far the server's clock is from ours, as its answers tell."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk.api.auth import FixedToken
from tunneldesk.api.client import ApiClient
from tunneldesk.api.date import server_time
from tunneldesk.domain.errors import ApiError
from tunneldesk.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.backend_process import Backend

SERVER = "https://api.example.com"
DATE = "Mon, 23 Nov 2026 20:49:04 GMT"
AT = 1_795_466_944.0


class Answers:
    """A server that dates its answers as it is told, and our clock, which shows what it is told."""

    def __init__(self, *headers: dict[str, str], status: int = 200, shows: Iterable[float] = ()) -> None:
        self._headers = iter(headers)
        self._status = status
        self._shows = iter(shows) if shows else itertools.repeat(AT)

    def client(self) -> ApiClient:
        def answer(_: httpx.Request) -> httpx.Response:
            return httpx.Response(self._status, headers=next(self._headers), json={"ok": True})

        return ApiClient(
            SERVER,
            FixedToken(Secret("t")),
            transport=httpx.MockTransport(answer),
            wall_clock=lambda: next(self._shows),
        )


async def test_nothing_is_known_before_the_first_answer() -> None:
    assert Answers().client().clock_skew is None


async def test_a_server_that_is_ahead_or_behind_is_seen_so() -> None:
    client = Answers({"Date": DATE}, {"Date": DATE}, shows=[AT - 60, AT - 60, AT + 90, AT + 90]).client()
    await client.check()
    assert client.clock_skew == 60
    await client.check()
    assert client.clock_skew == -90


async def test_an_answer_is_taken_to_be_made_halfway_between_sending_and_receiving() -> None:
    client = Answers({"Date": DATE}, shows=[AT - 2, AT + 8]).client()
    await client.check()
    assert client.clock_skew == -3


async def test_a_refusal_tells_the_time_as_well() -> None:
    client = Answers({"Date": DATE}, status=500, shows=[AT - 5, AT - 5]).client()
    with pytest.raises(ApiError):
        await client.check()
    assert client.clock_skew == 5


async def test_what_was_known_stays_when_an_answer_has_no_date() -> None:
    client = Answers({"Date": DATE}, {}, {"Date": "soon"}, shows=[AT - 5] * 6).client()
    for _ in range(3):
        await client.check()
    assert client.clock_skew == 5


@pytest.mark.parametrize(
    "date",
    [
        "",
        "garbage",
        "Mon, 23 Nov 0000 20:49:04 GMT",
        "Mon, 31 Feb 2026 20:49:04 GMT",
        "Mon, 23 Xyz 2026 20:49:04 GMT",
        "Mon, 23 Nov 2026 25:00:00 GMT",
        "Mon, 23 Nov 2026 20:49:60 GMT",
        "Mon, 23 Nov 99999999999999999999 20:49:04 GMT",
        "Mon, 23 Nov 2026 20:49:04 +99999999999",
        "Mon, 23 Nov 2026 20:49:04 GMT, Tue, 24 Nov 2026 20:49:04 GMT",
        "x" * 10_000,
    ],
)
async def test_a_date_that_is_none_is_no_news_and_no_error(date: str) -> None:
    client = Answers({"Date": date}).client()
    await client.check()
    assert client.clock_skew is None


async def test_a_caches_answer_tells_no_time() -> None:
    client = Answers({"Date": DATE, "Age": "3600"}).client()
    await client.check()
    assert client.clock_skew is None


@pytest.mark.parametrize("date", ["Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"])
async def test_the_ends_of_time_are_far_away_and_no_error(date: str) -> None:
    client = Answers({"Date": date}).client()
    await client.check()
    assert client.clock_skew is not None
    assert abs(client.clock_skew) > 10**9


@given(st.text(), st.text())
def test_no_header_makes_it_raise(date: str, age: str) -> None:
    server_time({"Date": date, "Age": age})


@given(st.from_regex(r"\A[A-Z][a-z]{2}, [0-9]{2} (Jan|Feb|Dec) [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT\Z"))
def test_no_date_of_the_right_form_makes_it_raise(date: str) -> None:
    assert isinstance(server_time({"Date": date}), float | None)


async def test_the_paired_servers_clock_is_ours(backend: Backend) -> None:
    client = ApiClient(backend.api_url, FixedToken(Secret("t")))
    started = time.monotonic()
    try:
        await client.check()
    finally:
        await client.aclose()
    assert client.clock_skew is not None
    assert abs(client.clock_skew) <= 2 + time.monotonic() - started
