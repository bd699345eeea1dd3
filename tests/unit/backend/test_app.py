"""The ASGI application by itself: what must hold whatever a client sends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tunneldesk.backend.app import build_app
from tunneldesk.backend.dialect import DIALECTS, DOCUMENTED, Dialect
from tunneldesk.backend.errors import KINDS
from tunneldesk.backend.faults import Fault, Faults
from tunneldesk.backend.limits import RateLimit
from tunneldesk.backend.tunnels import Terms, Tunnels

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.backend.accounts import Accounts
    from tunneldesk.backend.clock import Clock
    from tunneldesk.backend.store import Store

    Client = Callable[..., httpx.AsyncClient]


class NobodyAttached:
    """An edge without connectors."""

    def connectors(self, _tunnel_id: str) -> int:
        return 0


@pytest.fixture
def client(accounts: Accounts, store: Store, clock: Clock) -> Client:
    """Return a client of an application on ``store``, signed in."""

    def build(dialect: Dialect = DOCUMENTED, faults: Faults | None = None, rate: int = 0) -> httpx.AsyncClient:
        terms = Terms(heartbeat_interval=20, lease_timeout=60, max_tunnels=5, edge="127.0.0.1:8788")
        tunnels = Tunnels(
            accounts, store, NobodyAttached(), clock, rate=RateLimit(rate), dialect=dialect, terms=terms
        )
        app = build_app(tunnels, None, None, faults or Faults(), dialect)
        token = accounts.mint_access_token(accounts.add_user("ann@example.com"))
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url="http://127.0.0.1",
            headers={"Authorization": f"Bearer {token}"},
        )

    return build


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
create_bodies = st.one_of(
    st.binary(),
    json_values.map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries(
        {}, optional={"port": json_values, "requestedSlug": json_values, "more": json_values}
    ).map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries(
        {"port": st.integers(-1, 65537) | st.floats()},
        optional={"requestedSlug": st.from_regex(r"[ a-zA-Z0-9.-]{0,34}")},
    ).map(lambda value: json.dumps(value).encode()),
)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=create_bodies)
async def test_no_body_upsets_it(client: Client, dialect: Dialect, body: bytes) -> None:
    async with client(dialect) as http:
        answer = await http.post("/v1/tunnels", content=body)
    if answer.status_code != 200:
        error = answer.json()
        assert answer.status_code == KINDS[error["code"]].status < 500
        assert error["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", None),
        (b"{", None),
        (b"[]", None),
        (b"null", None),
        (b'"port"', None),
        (b'{"port": NaN}', None),
        (b'{"port": Infinity}', None),
        (b'{"port": \xff}', None),
        ('{"port": 3000}'.encode("utf-16"), None),
        (b"[" * 60_000, None),
        (b'{"port": ' + b"9" * 5000 + b"}", None),
        (b"{}", "port"),
        (b'{"port": null}', "port"),
        (b'{"port": "3000"}', "port"),
        (b'{"port": true}', "port"),
        (b'{"port": 1.5}', "port"),
        (b'{"port": 1e999}', "port"),
        (b'{"port": [3000]}', "port"),
        (b'{"port": 3000, "requestedSlug": null}', "requestedSlug"),
        (b'{"port": 3000, "requestedSlug": 5}', "requestedSlug"),
        (b'{"port": 99999, "requestedSlug": 5}', "requestedSlug"),
    ],
)
async def test_a_body_of_the_wrong_shape_is_invalid_input(client: Client, body: bytes, field: str | None) -> None:
    async with client() as http:
        answer = await http.post("/v1/tunnels", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_INPUT")
    details = answer.json()["details"]
    assert list(details["fieldErrors"]) == ([] if field is None else [field])
    assert bool(details["formErrors"]) == (field is None)


@pytest.mark.parametrize(
    "slug", ["My-App", "my.app", "a" * 33, "-a", "a-", "<b>", "é", "a b", "a\n-", "\ud800", "a\0"]
)
async def test_a_slug_against_the_rule_is_named_and_not_repeated(client: Client, slug: str) -> None:
    body = json.dumps({"port": 3000, "requestedSlug": slug})
    for dialect, code in zip(DIALECTS.values(), ("INVALID_INPUT", "INVALID_SLUG"), strict=True):
        async with client(dialect) as http:
            answer = await http.post("/v1/tunnels", content=body)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert list(answer.json()["details"]["fieldErrors"]) == ["requestedSlug"]
        assert "<b>" not in answer.text


@pytest.mark.parametrize("port", ["0", "-1", "65536", "1e10", "1e308", "70000.0"])
async def test_an_integer_that_is_no_port(client: Client, port: str) -> None:
    for dialect, code in zip(DIALECTS.values(), ("INVALID_PORT", "INVALID_INPUT"), strict=True):
        async with client(dialect) as http:
            answer = await http.post("/v1/tunnels", content=f'{{"port": {port}, "requestedSlug": "NOT A SLUG"}}')
        assert (answer.status_code, answer.json()["code"]) == (400, code)
        assert list(answer.json()["details"]["fieldErrors"]) == ["port"]


@pytest.mark.parametrize("port", ["1", "65535", "3000.0", "3e3"])
async def test_every_way_to_write_a_port(client: Client, store: Store, ann: str, port: str) -> None:
    async with client() as http:
        answer = await http.post("/v1/tunnels", content=f'{{"port": {port}}}')
    assert answer.status_code == 200
    (tunnel,) = store.tunnels(ann)
    assert tunnel.requested_port == float(port)


@pytest.mark.parametrize(
    ("slug", "taken"), [("  my-app\n", "my-app"), ("a", "a"), ("9-9", "9-9"), ("a" * 32, "a" * 32)]
)
async def test_a_slug_is_trimmed(client: Client, slug: str, taken: str) -> None:
    async with client() as http:
        answer = await http.post("/v1/tunnels", json={"port": 1, "requestedSlug": slug})
    assert answer.json()["hostname"] == f"{taken}.tunnel.localhost:8788"


@pytest.mark.parametrize("slug", ["", "  "])
async def test_an_empty_slug_counts_as_none(client: Client, slug: str) -> None:
    async with client() as http:
        answer = await http.post("/v1/tunnels", json={"port": 1, "requestedSlug": slug})
    assert len(answer.json()["hostname"].partition(".")[0]) == 8


async def test_a_body_too_large_is_not_read_to_its_end(client: Client) -> None:
    async with client() as http:
        answer = await http.post("/v1/tunnels", content=b" " * 65_536 + b"{}")
    assert (answer.status_code, answer.json()["code"]) == (413, "INVALID_INPUT")


async def test_a_bug_is_an_internal_error_and_a_line_in_the_log(
    client: Client, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("in the store")

    monkeypatch.setattr(store, "create", broken)
    async with client() as http:
        answer = await http.post("/v1/tunnels", json={"port": 1}, headers={"x-request-id": "abc"})
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL_ERROR")
    assert "ZeroDivision" not in answer.text
    assert "ZeroDivisionError: in the store" in caplog.text
    assert "id=abc" in caplog.text


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-1.2_3", True), ("a" * 65, False), ("a b", False), ("", False), ("a;b", False)]
)
async def test_a_sane_request_id_is_repeated(client: Client, given: str, kept: bool) -> None:
    async with client() as http:
        answer = await http.get("/healthz", headers={"x-request-id": given})
    assert (answer.headers["x-request-id"] == given) == kept
    assert answer.headers["x-request-id"]


async def test_a_path_cannot_forge_a_line_of_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with client() as http:
        await http.get("/x%0AINFO%20forged")
    assert "GET /x%0AINFO%20forged 404" in caplog.text


def fault(**fields: Any) -> Fault:
    return Fault.from_json({"route": "list"} | fields)


async def test_faults_come_in_the_order_they_were_asked_for(client: Client) -> None:
    faults = Faults()
    faults.add(fault(status=502, body="<html>", headers={"Content-Type": "text/html"}, times=2))
    faults.add(fault(code="TEAPOT", status=418, message="short", details={"a": 1}))
    faults.add(fault(route="*", bodyBytes=1000))
    async with client(faults=faults) as http:
        answers = [await http.get("/v1/tunnels") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [502, 502, 418, 200, 200]
    assert (answers[0].text, answers[0].headers["content-type"]) == ("<html>", "text/html")
    assert answers[2].json() == {"code": "TEAPOT", "message": "short", "details": {"a": 1}}
    assert answers[3].text == "x" * 1000
    assert answers[4].json() == []
    assert not faults.waiting()


async def test_a_fault_can_fail_what_was_carried_out(client: Client, store: Store, ann: str) -> None:
    faults = Faults()
    faults.add(fault(route="create", code="INTERNAL_ERROR", apply=True))
    faults.add(fault(route="delete", code="TUNNEL_DNS_DELETION_FAILED"))
    async with client(faults=faults) as http:
        created = await http.post("/v1/tunnels", json={"port": 1, "requestedSlug": "my-app"})
        again = await http.post("/v1/tunnels", json={"port": 1, "requestedSlug": "my-app"})
        deleted = await http.delete("/v1/tunnels/my-app.tunnel.localhost")
    assert [answer.json()["code"] for answer in (created, again, deleted)] == [
        "INTERNAL_ERROR",
        "TUNNEL_SLUG_CONFLICT",
        "TUNNEL_DNS_DELETION_FAILED",
    ]
    (tunnel,) = store.tunnels(ann)
    assert (tunnel.status, tunnel.last_error) == ("stopping", "TUNNEL_DNS_DELETION_FAILED")


async def test_a_fault_that_is_not_applied_changes_nothing(client: Client, store: Store, ann: str) -> None:
    faults = Faults()
    faults.add(fault(route="create", status=502, body=""))
    faults.add(fault(route="delete", code="INTERNAL_ERROR", apply=False))
    async with client(faults=faults) as http:
        assert (await http.post("/v1/tunnels", json={"port": 1, "requestedSlug": "my-app"})).text == ""
        await http.post("/v1/tunnels", json={"port": 1, "requestedSlug": "my-app"})
        await http.delete("/v1/tunnels/my-app.tunnel.localhost")
    assert [tunnel.status for tunnel in store.tunnels(ann)] == ["active"]
