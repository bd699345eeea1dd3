"""What the tests of the server say to it, and how they read its answers."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

    from tests.backend_process import Backend


class Account:
    """One user of a server."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.token = backend.user()

    def call(self, method: str, path: str, body: object = None, **options: Any) -> httpx.Response:
        options.setdefault("token", self.token)
        return self.backend.call(method, f"/v1/tunnels{path}", body, **options)

    def create(self, slug: str | None = None, port: int = 3000) -> dict[str, Any]:
        body: dict[str, Any] = {"port": port}
        answer = self.call("POST", "", body if slug is None else body | {"requestedSlug": slug})
        assert answer.status_code == 200, answer.text
        created: dict[str, Any] = answer.json()
        return created

    def beat(self, tunnel: str, **options: Any) -> httpx.Response:
        return self.call("POST", f"/{tunnel}/heartbeat", **options)

    def delete(self, tunnel: str, **options: Any) -> httpx.Response:
        return self.call("DELETE", f"/{tunnel}", **options)

    def tunnels(self, *, inactive: bool = False) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = self.call("GET", "?includeInactive=true" if inactive else "").json()
        return listed


def code(answer: httpx.Response) -> tuple[int, str]:
    """Return what an error answer boils down to."""
    return answer.status_code, answer.json()["code"]


def token_of(created: dict[str, Any]) -> dict[str, str]:
    """Return what a connector reads in its token."""
    decoded: dict[str, str] = json.loads(base64.b64decode(created["cloudflaredToken"], validate=True))
    return decoded
