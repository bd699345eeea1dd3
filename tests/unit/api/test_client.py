"""What is sent for each call, and what comes of the answers."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunneldesk import __version__
from tunneldesk.api.auth import FixedToken
from tunneldesk.api.client import ApiClient, Deletion, TimeLimits
from tunneldesk.domain.errors import (
    ApiError,
    ErrorCode,
    InvalidValueError,
    NotATunnelServerError,
    ServerRefusedError,
    ServerUnreachableError,
)
from tunneldesk.domain.model import Grant
from tunneldesk.domain.secret import Secret
from tunneldesk.domain.validation import parse_server
from tunneldesk.presentation.reasons import said

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

SERVER = "https://api.example.com/base"
TOKEN = "access-token-0451"
GRANT = Grant("a1b2", "my-app.example.com", Secret("connector-token"), 20, 60)
CREATED = {
    "tunnelId": "a1b2",
    "hostname": "my-app.example.com",
    "cloudflaredToken": "eyJh",
    "heartbeatIntervalSec": 20,
}


@dataclass
class Server:
    """Gives the answers it was given, one after the other, and writes down what it was asked."""

    answers: list[httpx.Response | Exception] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def client(self, limits: TimeLimits | None = None) -> ApiClient:
        transport = httpx.MockTransport(self.handle)
        return ApiClient(SERVER, FixedToken(Secret(TOKEN)), transport=transport, limits=limits)


def says(status: int, body: object) -> Server:
    return Server([httpx.Response(status, json=body)])


CALLS: dict[str, Callable[[ApiClient], Awaitable[object]]] = {
    "create": lambda client: client.create(3000, None),
    "heartbeat": lambda client: client.heartbeat(GRANT),
    "list": lambda client: client.list_tunnels(),
    "delete": lambda client: client.delete("a1b2"),
    "check": lambda client: client.check(),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@pytest.mark.parametrize("status", [200, 201, 202])
async def test_a_tunnel_is_created_as_documented(status: int) -> None:
    server = says(status, CREATED)
    grant = await server.client().create(3000, "my-app")
    assert grant.hostname == "my-app.example.com"
    (asked,) = server.asked
    assert (asked.method, str(asked.url)) == ("POST", f"{SERVER}/v1/tunnels")
    assert json.loads(asked.content) == {"port": 3000, "requestedSlug": "my-app"}
    assert asked.headers["Content-Type"] == "application/json"
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["User-Agent"] == f"TunnelDesk/{__version__}"


async def test_a_heartbeat_goes_with_the_access_token_where_there_is_no_other() -> None:
    server = says(200, {"ok": True, "expiresAt": "2026-11-23T18:01:20Z"})
    assert await server.client().heartbeat(GRANT) == datetime(2026, 11, 23, 18, 1, 20, tzinfo=UTC)
    (asked,) = server.asked
    assert (asked.method, str(asked.url)) == ("POST", f"{SERVER}/v1/tunnels/a1b2/heartbeat")
    assert asked.headers["Authorization"] == f"Bearer {TOKEN}"


async def test_a_heartbeat_goes_with_the_run_token_where_there_is_one() -> None:
    server = says(200, {"ok": True})
    await server.client().heartbeat(replace(GRANT, run_token=Secret("run-token")))
    assert server.asked[0].headers["Authorization"] == "Bearer run-token"


async def test_a_run_token_of_another_tunnel_is_said_to_be_forbidden() -> None:
    server = says(403, {"code": "FORBIDDEN", "message": "run-token connector-token access-token-0451"})
    with pytest.raises(ServerRefusedError) as caught:
        await server.client().heartbeat(replace(GRANT, run_token=Secret("run-token")))
    assert caught.value.failure.code is ErrorCode.FORBIDDEN
    assert "run-token" not in said(caught.value.failure)
    assert "connector-token" not in said(caught.value.failure)


@pytest.mark.parametrize(("everything", "query"), [(False, ""), (True, "?includeInactive=true")])
async def test_the_list_holds_what_is_over_only_when_asked_for(everything: bool, query: str) -> None:
    server = says(200, [])
    assert await server.client().list_tunnels(include_inactive=everything) == ()
    assert str(server.asked[0].url) == f"{SERVER}/v1/tunnels{query}"


@pytest.mark.parametrize("call", [CALLS["heartbeat"], CALLS["delete"], CALLS["check"]])
async def test_a_request_without_a_body_names_no_content_type(
    call: Callable[[ApiClient], Awaitable[object]],
) -> None:
    server = says(200, {"ok": True})
    await call(server.client())
    assert "Content-Type" not in server.asked[0].headers
    assert server.asked[0].content == b""


async def test_the_check_shows_no_token() -> None:
    server = says(200, {"ok": True})
    client = server.client()
    await client.check()
    assert str(server.asked[0].url) == f"{client.server}/healthz" == f"{SERVER}/healthz"
    assert "Authorization" not in server.asked[0].headers


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, {"ok": True}, Deletion.DELETED),
        (202, {"ok": True, "status": "stopping"}, Deletion.DELETED),
        (404, {"code": "TUNNEL_NOT_FOUND", "message": "?"}, Deletion.ALREADY_GONE),
        (503, {"code": "TUNNEL_STOP_PENDING_ACTIVE_CONNECTIONS", "message": "?"}, Deletion.DRAINING),
        (502, {"code": "TUNNEL_CLOUDFLARE_DELETION_FAILED", "message": "?"}, Deletion.RETRYING),
        (502, {"code": "TUNNEL_DNS_DELETION_FAILED", "message": "?"}, Deletion.RETRYING),
    ],
)
async def test_a_tunnel_that_is_gone_or_going_counts_as_deleted(
    status: int, body: object, outcome: Deletion
) -> None:
    server = says(status, body)
    assert await server.client().delete("a1b2") is outcome
    assert (server.asked[0].method, str(server.asked[0].url)) == ("DELETE", f"{SERVER}/v1/tunnels/a1b2")


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (502, {"code": "CLOUDFLARE_ERROR", "message": "?"}, ServerRefusedError),
        (403, {"code": "FORBIDDEN"}, ServerRefusedError),
        (404, {"message": "Not Found", "error": "Not Found", "statusCode": 404}, NotATunnelServerError),
        (200, {"ok": False}, NotATunnelServerError),
        (204, "", NotATunnelServerError),
    ],
)
async def test_any_other_answer_to_a_deletion_is_a_failure(status: int, body: object, kind: type[ApiError]) -> None:
    with pytest.raises(kind):
        await says(status, body).client().delete("a1b2")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("my-app.tunnel.localhost:8788", "/v1/tunnels/my-app.tunnel.localhost:8788"),
        ("../../healthz", "/v1/tunnels/..%2F..%2Fhealthz"),
        ("a?b#c", "/v1/tunnels/a%3Fb%23c"),
        ("ümläut \ud800", "/v1/tunnels/%C3%BCml%C3%A4ut%20%3F"),
    ],
)
async def test_whatever_a_tunnel_is_called_it_stays_one_part_of_the_path(name: str, path: str) -> None:
    server = says(404, {"code": "TUNNEL_NOT_FOUND"})
    await server.client().delete(name)
    assert server.asked[0].url.raw_path.decode() == f"/base{path}"


@pytest.mark.parametrize("name", ["", ".", ".."])
async def test_a_name_that_would_lead_to_another_route_is_not_sent(name: str) -> None:
    server = Server()
    with pytest.raises(ServerRefusedError) as caught:
        await server.client().delete(name)
    assert caught.value.failure.code is ErrorCode.INVALID_TUNNEL_ID
    assert server.asked == []


BROKEN: list[Exception] = [
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("Server disconnected without sending a response."),
]


@pytest.mark.parametrize("broken", BROKEN, ids=repr)
@pytest.mark.parametrize("call", [CALLS["heartbeat"], CALLS["delete"], CALLS["check"]])
async def test_a_connection_that_had_gone_stale_goes_unnoticed(
    call: Callable[[ApiClient], Awaitable[object]], broken: Exception
) -> None:
    server = Server([broken, httpx.Response(200, json={"ok": True})])
    await call(server.client())
    assert len(server.asked) == 2


@pytest.mark.parametrize("broken", BROKEN, ids=repr)
async def test_a_create_is_never_sent_twice(broken: Exception) -> None:
    server = Server([broken, httpx.Response(200, json=CREATED)])
    with pytest.raises(ServerUnreachableError) as caught:
        await server.client().create(3000, None)
    assert caught.value.failure.code is ErrorCode.SERVER_CONNECTION_BROKEN
    assert caught.value.__cause__ is broken
    assert len(server.asked) == 1


@every_call
async def test_a_connection_that_breaks_twice_is_broken(call: Callable[[ApiClient], Awaitable[object]]) -> None:
    server = Server([BROKEN[0], BROKEN[1]])
    with pytest.raises(ServerUnreachableError):
        await call(server.client())


@every_call
async def test_an_unreachable_server_is_asked_once(call: Callable[[ApiClient], Awaitable[object]]) -> None:
    server = Server([httpx.ConnectError("refused")])
    with pytest.raises(ServerUnreachableError):
        await call(server.client())
    assert len(server.asked) == 1


@every_call
async def test_a_call_takes_no_longer_than_its_limit(call: Callable[[ApiClient], Awaitable[object]]) -> None:
    async def hang(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    client = ApiClient(
        SERVER,
        FixedToken(Secret(TOKEN)),
        transport=httpx.MockTransport(hang),
        limits=TimeLimits(0.01, 0.01, 0.01, 0.01, 0.01),
    )
    with pytest.raises(ServerUnreachableError, match=r"0\.01") as caught:
        await call(client)
    assert caught.value.failure.code is ErrorCode.SERVER_TIMED_OUT
    assert "0.01 s" in said(caught.value.failure)


def test_the_limits_are_those_of_the_contract() -> None:
    assert (TimeLimits().heartbeat, TimeLimits().delete) == (5, 30)


@every_call
async def test_a_cancelled_call_is_cancelled_and_nothing_else(
    call: Callable[[ApiClient], Awaitable[object]],
) -> None:
    asked = asyncio.Event()

    async def hang(_request: httpx.Request) -> httpx.Response:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    client = ApiClient(SERVER, FixedToken(Secret(TOKEN)), transport=httpx.MockTransport(hang))
    calling = asyncio.ensure_future(call(client))
    await asked.wait()
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    await client.aclose()


@pytest.mark.parametrize("name", [name for name in CALLS if name != "check"])  # which shows nobody the token
@pytest.mark.parametrize("status", [200, 302, 400, 401, 404, 429, 500])
async def test_a_token_in_an_answer_of_any_form_is_in_no_failure(name: str, status: int) -> None:
    said = {"code": TOKEN, "message": TOKEN, "tunnelId": "a", "hostname": TOKEN, "details": {"token": TOKEN}}
    for content in (f"<html>{TOKEN}</html>", json.dumps(said), json.dumps([said])):
        client = Server([httpx.Response(status, text=content, headers={"X-Request-Id": TOKEN})]).client()
        with pytest.raises(ApiError) as caught:
            await CALLS[name](client)
        assert TOKEN not in repr(caught.value.failure)
        assert TOKEN not in str(caught.value)


SECTIONS = st.text(st.characters(exclude_categories=[]), max_size=10)


@given(st.from_regex(r"https://[a-z0-9.-]{1,12}(:[0-9]{1,5})?", fullmatch=True), SECTIONS)
def test_every_address_that_was_accepted_can_be_used(origin: str, path: str) -> None:
    try:
        server = parse_server(f"{origin}/{path}")
    except InvalidValueError:
        return
    ApiClient(server, FixedToken(Secret(TOKEN)), transport=httpx.MockTransport(Server().handle))
