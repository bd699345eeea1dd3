"""Killed at any moment, the server knows afterwards whatever it had acknowledged."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.backend_process import Backend, running_backend

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 8
WORKERS = 6
CHANCE = random.Random()  # noqa: S311 - no secret depends on it


@dataclass
class Acknowledged:
    """What the server has said, by tunnel id."""

    expires_at: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    in_doubt: set[str] = field(default_factory=set)
    """Deletes that were sent and not answered: they may or may not have happened."""


async def work(http: httpx.AsyncClient, known: Acknowledged) -> None:
    """Create, renew and delete tunnels until the server is no more."""
    while True:
        created = await http.post("/v1/tunnels", json={"port": 3000})
        assert created.status_code == 200, created.text
        tunnel = created.json()["tunnelId"]
        known.expires_at[tunnel] = ""
        for _ in range(CHANCE.randrange(4)):
            beat = await http.post(f"/v1/tunnels/{tunnel}/heartbeat")
            assert beat.status_code == 200, beat.text
            known.expires_at[tunnel] = beat.json()["expiresAt"]
        if CHANCE.random() < 0.3:
            known.in_doubt.add(tunnel)
            assert (await http.delete(f"/v1/tunnels/{tunnel}")).status_code == 200
            known.in_doubt.discard(tunnel)
            known.deleted.add(tunnel)


async def work_until_killed(backend: Backend, known: Acknowledged, seconds: float) -> None:
    async def worker() -> None:
        headers = {"Authorization": f"Bearer {backend.token}"}
        async with httpx.AsyncClient(base_url=backend.api_url, headers=headers, trust_env=False) as http:
            try:
                await work(http, known)
            except httpx.TransportError:
                assert killed

    killed = False
    before = len(known.expires_at)
    async with asyncio.timeout(30), asyncio.TaskGroup() as workers:
        for _ in range(WORKERS):
            workers.create_task(worker())
        # Counted from the first answer on, which takes its time on a busy machine.
        while len(known.expires_at) == before:  # noqa: ASYNC110 - the workers have no event of their own
            await asyncio.sleep(0.005)
        await asyncio.sleep(seconds)
        killed = True
        backend.kill()


def compare(backend: Backend, token: str, known: Acknowledged) -> None:
    """Compare what a server knows with what its predecessor had acknowledged."""
    answer = backend.call("GET", "/v1/tunnels?includeInactive=true", token=token)
    listed = {tunnel["id"]: tunnel for tunnel in answer.json()}
    for tunnel_id, expires_at in known.expires_at.items():
        tunnel = listed[tunnel_id]
        if tunnel_id in known.deleted:
            assert tunnel["status"] == "stopped"
        elif tunnel_id not in known.in_doubt:
            assert tunnel["status"] == "active"
            assert tunnel["lease"]["expiresAt"] >= expires_at
            assert backend.call("POST", f"/v1/tunnels/{tunnel_id}/heartbeat", token=token).status_code == 200


@pytest.mark.slow
async def test_whatever_was_acknowledged_is_known_after_a_kill(tmp_path: Path) -> None:
    known = Acknowledged()
    first_token = None
    switches: dict[str, Any] = {"create_rate": 0, "max_tunnels": 1_000_000, "lease_timeout": 3600}
    for _ in range(ROUNDS):
        with running_backend(tmp_path, **switches) as backend:
            first_token = first_token or backend.token  # tokens of earlier starts stay valid
            before = len(known.expires_at)
            await work_until_killed(backend, known, CHANCE.uniform(0.05, 0.4))
        with running_backend(tmp_path, **switches) as backend:
            fresh = dict(list(known.expires_at.items())[before:])
            compare(backend, first_token, Acknowledged(fresh, known.deleted, known.in_doubt))
            backend.kill()
    with running_backend(tmp_path, **switches) as backend:
        compare(backend, first_token or "", known)
    assert len(known.expires_at) > ROUNDS


def test_a_kill_does_not_free_what_is_held(tmp_path: Path) -> None:
    with running_backend(tmp_path) as backend:
        token = backend.token
        body = {"port": 3000, "requestedSlug": "kept"}
        assert backend.call("POST", "/v1/tunnels", body).status_code == 200
        backend.kill()
    with running_backend(tmp_path) as backend:
        assert backend.call("POST", "/v1/tunnels", body, token=token).json()["code"] == "TUNNEL_SLUG_CONFLICT"
        backend.control("clock", {"jumpSec": 60})
        assert backend.call("POST", "/v1/tunnels", body).status_code == 200


def test_a_lease_that_ended_while_the_server_was_away_has_ended(tmp_path: Path) -> None:
    with running_backend(tmp_path, lease_timeout=0.2) as backend:
        assert backend.call("POST", "/v1/tunnels", {"port": 3000}).status_code == 200
    with running_backend(tmp_path) as backend:
        assert backend.call("GET", "/v1/tunnels").json() == []
        (tunnel,) = backend.call("GET", "/v1/tunnels?includeInactive=true").json()
        assert tunnel["lastError"] == "LEASE_EXPIRED"
