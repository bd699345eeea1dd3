"""The client against the paired server, in both its dialects: either one drifting is caught here."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.backend_process import Backend, running_backend
from tunneldesk.api.auth import FixedToken
from tunneldesk.api.client import ApiClient, Deletion, TimeLimits
from tunneldesk.domain.errors import (
    ApiError,
    ErrorCode,
    Failure,
    NotATunnelServerError,
    ServerRefusedError,
    ServerUnreachableError,
)
from tunneldesk.domain.model import RemoteStatus
from tunneldesk.domain.secret import Secret

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

DIALECTS = ("documented", "newer")


@pytest.fixture(scope="module", params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def server(dialect: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """Run one server of each dialect for all tests here; each test is a user of its own."""
    with running_backend(tmp_path_factory.mktemp(dialect), dialect=dialect, reaper_interval=1000) as backend:
        yield backend


@asynccontextmanager
async def talking_to(server: Backend, token: str, limits: TimeLimits | None = None) -> AsyncIterator[ApiClient]:
    client = ApiClient(server.api_url, FixedToken(Secret(token)), limits=limits)
    try:
        yield client
    finally:
        await client.aclose()


@pytest.fixture
async def client(server: Backend) -> AsyncIterator[ApiClient]:
    """A client for a user who has nothing yet."""
    async with talking_to(server, server.user()) as client:
        yield client


@pytest.fixture
def fault(server: Backend) -> Iterator[Any]:
    """Make the next call of a route fail."""

    def order(route: str, **what: object) -> None:
        server.control("faults", {"route": route, **what})

    yield order
    server.control("faults", method="DELETE")


async def refusal(call: Awaitable[object]) -> Failure:
    with pytest.raises(ServerRefusedError) as caught:
        await call
    return caught.value.failure


def name() -> str:
    return f"t-{uuid.uuid4().hex[:12]}"


async def test_the_server_is_recognised(client: ApiClient) -> None:
    await client.check()


async def test_a_tunnel_lives_from_create_to_delete(client: ApiClient, dialect: str) -> None:
    slug = name()
    grant = await client.create(3000, slug)
    assert grant.hostname.startswith(f"{slug}.tunnel.localhost:")
    assert (grant.heartbeat_interval, grant.lease_timeout) == (20, 60)
    assert (grant.run_token is None) is (dialect == "documented")

    ends = await client.heartbeat(grant)
    assert ends is not None
    assert timedelta(seconds=50) < ends - datetime.now(UTC) < timedelta(seconds=70)

    (listed,) = await client.list_tunnels()
    assert (listed.tunnel_id, listed.hostname, listed.slug) == (grant.tunnel_id, grant.hostname, slug)
    assert (listed.status, listed.port, listed.lease_expires_at) == (RemoteStatus.ACTIVE, 3000, ends)
    assert listed.created_at is not None

    assert await client.delete(grant.tunnel_id) is Deletion.DELETED
    assert await client.list_tunnels() == ()
    (over,) = await client.list_tunnels(include_inactive=True)
    assert over.status is RemoteStatus.STOPPED
    assert over.stopped_at is not None


async def test_a_tunnel_can_be_stopped_by_its_host_name_and_is_then_gone(client: ApiClient) -> None:
    grant = await client.create(3000, None)
    assert await client.delete(grant.hostname) is Deletion.DELETED
    assert await client.delete(grant.hostname) is Deletion.ALREADY_GONE
    assert await client.delete(grant.tunnel_id) is Deletion.ALREADY_GONE
    assert (await refusal(client.heartbeat(grant))).code is ErrorCode.TUNNEL_NOT_FOUND


@pytest.mark.parametrize("port", [0, -1, 65536, 10**12])
async def test_a_port_out_of_range_is_the_ports_fault(client: ApiClient, dialect: str, port: int) -> None:
    failure = await refusal(client.create(port, None))
    assert failure.code is (ErrorCode.INVALID_PORT if dialect == "documented" else ErrorCode.INVALID_INPUT)
    assert failure.code is ErrorCode.INVALID_PORT or failure.names_port
    assert not failure.transient


@pytest.mark.parametrize("slug", ["My-App", "a.b", "x" * 33, "<b>", "-a"])
async def test_a_name_against_the_rule_is_the_names_fault(client: ApiClient, dialect: str, slug: str) -> None:
    failure = await refusal(client.create(3000, slug))
    assert failure.code is (ErrorCode.INVALID_INPUT if dialect == "documented" else ErrorCode.INVALID_SLUG)
    assert failure.code is ErrorCode.INVALID_SLUG or failure.names_slug


async def test_a_name_in_use_is_a_conflict(client: ApiClient, server: Backend) -> None:
    slug = name()
    await client.create(3000, slug)
    async with talking_to(server, server.user()) as somebody:
        failure = await refusal(somebody.create(3000, slug))
    assert (failure.code, failure.status) == (ErrorCode.TUNNEL_SLUG_CONFLICT, 409)


async def test_the_sixth_tunnel_is_over_the_limit(client: ApiClient, dialect: str) -> None:
    for port in range(3000, 3005):
        await client.create(port, None)
    failure = await refusal(client.create(3005, None))
    assert failure.code is (
        ErrorCode.TUNNEL_LIMIT_EXCEEDED if dialect == "documented" else ErrorCode.TUNNEL_LIMIT_REACHED
    )
    assert failure.details == {"activeCount": 5, "maxActive": 5}
    assert not failure.transient


async def test_too_many_creates_are_a_rate_limit_that_says_how_long(client: ApiClient, dialect: str) -> None:
    failures = [await refusal(client.create(0, None)) for _ in range(21)]
    assert ErrorCode.RATE_LIMITED not in {failure.code for failure in failures[:-1]}
    assert failures[-1].code is ErrorCode.RATE_LIMITED
    assert failures[-1].status == (429 if dialect == "documented" else 500)
    assert failures[-1].retry_after is not None
    assert 0 < failures[-1].retry_after <= 60


async def test_no_free_random_name(client: ApiClient, server: Backend) -> None:
    server.control("refuse-random-slugs", {"refuse": True})
    try:
        failure = await refusal(client.create(3000, None))
    finally:
        server.control("refuse-random-slugs", {"refuse": False})
    assert (failure.code, failure.status) == (ErrorCode.SLUG_EXHAUSTED, 503)


async def test_a_revoked_token_is_refused_everywhere(server: Backend) -> None:
    token = server.user()
    async with talking_to(server, token) as client:
        await client.list_tunnels()
        server.control("revoke-token", {"accessToken": token})
        for call in (client.list_tunnels(), client.create(3000, None), client.delete(str(uuid.uuid4()))):
            failure = await refusal(call)
            assert (failure.code, failure.status) == (ErrorCode.INVALID_TOKEN, 401)


async def test_a_renewed_token_carries_a_refused_call_on(server: Backend) -> None:
    old, new = server.user(), server.user()
    server.control("revoke-token", {"accessToken": old})

    class Renewing:
        renewals = 0

        async def token(self) -> Secret:
            return Secret(new if self.renewals else old)

        async def renew(self, stale: Secret) -> Secret:
            assert stale == Secret(old)
            self.renewals += 1
            return Secret(new)

    tokens = Renewing()
    client = ApiClient(server.api_url, tokens)
    grants = await asyncio.gather(*(client.create(port, None) for port in range(3000, 3005)))
    assert len({grant.tunnel_id for grant in grants}) == 5
    assert tokens.renewals == 1
    await client.aclose()


async def test_another_users_tunnel_is_not_there(client: ApiClient, server: Backend) -> None:
    grant = await client.create(3000, None)
    async with talking_to(server, server.user()) as somebody:
        assert await somebody.list_tunnels() == ()
        assert await somebody.delete(grant.tunnel_id) is Deletion.ALREADY_GONE
    assert len(await client.list_tunnels()) == 1


async def test_a_run_token_keeps_no_other_tunnel(client: ApiClient, dialect: str) -> None:
    one, other = await client.create(3000, None), await client.create(3001, None)
    mixed_up = client.heartbeat(replace(one, run_token=other.run_token))
    if dialect == "documented":  # there are no run tokens to mix up
        assert await mixed_up is not None
    else:
        failure = await refusal(mixed_up)
        assert (failure.code, failure.status) == (ErrorCode.FORBIDDEN, 403)


async def test_a_lease_that_has_run_out_is_gone_or_revived_as_the_dialect_has_it(
    client: ApiClient, server: Backend, dialect: str
) -> None:
    grant = await client.create(3000, None)
    server.control("expire-lease", {"tunnel": grant.tunnel_id})
    if dialect == "newer":
        assert await client.heartbeat(grant) is not None
    else:
        assert (await refusal(client.heartbeat(grant))).code is ErrorCode.TUNNEL_NOT_FOUND


async def test_a_heartbeat_for_what_is_no_tunnel_id_is_refused_as_such(client: ApiClient) -> None:
    grant = replace(await client.create(3000, None), tunnel_id="not-an-id")
    assert (await refusal(client.heartbeat(grant))).code is ErrorCode.INVALID_TUNNEL_ID


async def test_another_part_of_the_server_is_no_tunnels_api(server: Backend) -> None:
    client = ApiClient(f"{server.api_url}/elsewhere", FixedToken(Secret(server.token)))
    for call in (client.check(), client.list_tunnels(), client.create(3000, None)):
        with pytest.raises(NotATunnelServerError) as caught:
            await call
        assert caught.value.failure.status == 404
    await client.aclose()


async def test_the_edge_is_no_tunnels_api(server: Backend) -> None:
    client = ApiClient(server.edge_url, FixedToken(Secret(server.token)))
    with pytest.raises(NotATunnelServerError):
        await client.check()
    await client.aclose()


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("TUNNEL_STOP_PENDING_ACTIVE_CONNECTIONS", Deletion.DRAINING),
        ("TUNNEL_CLOUDFLARE_DELETION_FAILED", Deletion.RETRYING),
        ("TUNNEL_DNS_DELETION_FAILED", Deletion.RETRYING),
    ],
)
async def test_a_deletion_that_was_accepted_counts(
    client: ApiClient, fault: Any, code: str, outcome: Deletion
) -> None:
    grant = await client.create(3000, None)
    fault("delete", code=code)
    assert await client.delete(grant.tunnel_id) is outcome
    assert [tunnel.status for tunnel in await client.list_tunnels()] == [RemoteStatus.STOPPING]


@pytest.mark.parametrize("code", ["CLOUDFLARE_ERROR", "INTERNAL_ERROR", "FORBIDDEN", "SLUG_EXHAUSTED"])
async def test_every_fault_is_told_by_its_code_and_in_the_servers_words(
    client: ApiClient, fault: Any, code: str
) -> None:
    fault("create", code=code, message="Only\x1b[1m today <b>")
    failure = await refusal(client.create(3000, None))
    assert (failure.code, failure.message) == (code, "Only [1m today <b>")


async def test_a_code_of_the_future_is_kept(client: ApiClient, fault: Any) -> None:
    fault("list", status=418, body='{"code": "TEAPOT", "message": "Short and stout."}')
    failure = await refusal(client.list_tunnels())
    assert (failure.code, failure.raw_code, failure.status) == (ErrorCode.UNKNOWN_CODE, "TEAPOT", 418)


@pytest.mark.parametrize(
    ("fault_is", "kind"),
    [
        (
            {"status": 502, "body": "<html>Bad Gateway</html>", "headers": {"Content-Type": "text/html"}},
            NotATunnelServerError,
        ),
        ({"status": 200, "body": ""}, NotATunnelServerError),
        ({"status": 200, "body": '{"tunnelId":'}, NotATunnelServerError),
        ({"status": 200, "body": "", "bodyBytes": 64 * 1024 * 1024}, NotATunnelServerError),
        ({"status": 302, "body": "", "headers": {"Location": "https://example.com/"}}, NotATunnelServerError),
        ({"status": 200, "body": '{"ok": true}', "cut": True, "times": 2}, ServerUnreachableError),
    ],
    ids=["html", "nothing", "half", "huge", "redirect", "cut"],
)
@pytest.mark.parametrize("route", ["create", "list", "heartbeat", "delete", "healthz"])
async def test_a_broken_answer_of_any_route_is_one_error_and_the_next_answer_counts(
    client: ApiClient, server: Backend, fault: Any, route: str, fault_is: dict[str, object], kind: type[ApiError]
) -> None:
    grant = await client.create(3000, None)
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "create": lambda: client.create(3001, None),
        "list": client.list_tunnels,
        "heartbeat": lambda: client.heartbeat(grant),
        "delete": lambda: client.delete(grant.tunnel_id),
        "healthz": client.check,
    }
    fault(route, **fault_is)
    with pytest.raises(kind):
        await calls[route]()
    server.control("faults", method="DELETE")
    await calls[route]()


async def test_a_slow_answer_is_waited_for_and_too_slow_a_one_is_not(server: Backend, fault: Any) -> None:
    async with talking_to(server, server.user(), TimeLimits(listing=0.5)) as client:
        fault("list", delaySec=0.1)
        assert await client.list_tunnels() == ()
        fault("list", delaySec=30)
        with pytest.raises(ServerUnreachableError) as caught:
            await client.list_tunnels()
        assert caught.value.failure.code is ErrorCode.SERVER_TIMED_OUT
        assert await client.list_tunnels() == ()


async def test_a_hundred_heartbeats_at_once_all_get_through(client: ApiClient) -> None:
    grant = await client.create(3000, None)
    ends = await asyncio.gather(*(client.heartbeat(grant) for _ in range(100)))
    assert None not in ends


async def test_a_server_that_has_gone_is_told_from_one_that_is_slow(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with running_backend(tmp_path_factory.mktemp("gone")) as backend:
        async with talking_to(backend, backend.token) as client:
            await client.list_tunnels()
            backend.stop()
            with pytest.raises(ServerUnreachableError) as caught:
                await client.list_tunnels()
    assert caught.value.failure.code is ErrorCode.SERVER_REFUSED_CONNECTION
