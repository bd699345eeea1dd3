"""What must hold when everybody asks at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.backend_process import Backend
    from tests.conftest import StartBackend


async def create_at_once(backend: Backend, tokens: Sequence[str], slug: str | None) -> Counter[tuple[int, str]]:
    """Send one create for each token, all together, each over a connection of its own; count the answers."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    async with httpx.AsyncClient(base_url=backend.api_url, trust_env=False, timeout=60, limits=limits) as http:
        await asyncio.gather(*(http.get("/healthz") for _ in tokens))  # so that all of them are connected

        async def create(token: str) -> tuple[int, str]:
            body = {"port": 3000} | ({"requestedSlug": slug} if slug else {})
            answer = await http.post("/v1/tunnels", json=body, headers={"Authorization": f"Bearer {token}"})
            return answer.status_code, answer.json().get("code", "created")

        return Counter(await asyncio.gather(*map(create, tokens)))


@pytest.mark.parametrize("dialect", ["documented", "newer"])
@pytest.mark.slow
async def test_a_hundred_creates_of_one_user_give_five_tunnels(start_backend: StartBackend, dialect: str) -> None:
    backend = start_backend(create_rate=1000, dialect=dialect)
    refused = (429, "TUNNEL_LIMIT_EXCEEDED") if dialect == "documented" else (409, "TUNNEL_LIMIT_REACHED")
    answers = await create_at_once(backend, [backend.user()] * 100, slug=None)
    assert answers == {(200, "created"): 5, refused: 95}


@pytest.mark.slow
async def test_fifty_users_who_want_one_name_leave_one_with_it(start_backend: StartBackend) -> None:
    backend = start_backend()
    answers = await create_at_once(backend, [backend.user() for _ in range(50)], slug="wanted")
    assert answers == {(200, "created"): 1, (409, "TUNNEL_SLUG_CONFLICT"): 49}


@pytest.mark.slow
async def test_twenty_of_forty_creates_at_once_are_within_the_rate(start_backend: StartBackend) -> None:
    backend = start_backend(max_tunnels=100)
    answers = await create_at_once(backend, [backend.user()] * 40, slug=None)
    assert answers == {(200, "created"): 20, (429, "RATE_LIMITED"): 20}
