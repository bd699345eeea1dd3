"""The addresses of the API, and what is behind each."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route, Router

from tunneldesk.backend.answer import answer, json_bytes
from tunneldesk.backend.endpoint import Action, Endpoint
from tunneldesk.resources import resource

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from tunneldesk.backend.control import Control
    from tunneldesk.backend.dialect import Dialect
    from tunneldesk.backend.faults import Faults
    from tunneldesk.backend.tunnels import Tunnels


def build_app(tunnels: Tunnels, control: Control | None, faults: Faults, dialect: Dialect) -> ASGIApp:
    """Return the API as an ASGI application.

    Args:
        tunnels: Handles the tunnels API.
        control: Handles the fault switches, or None to have none.
        faults: Faults that were ordered.
        dialect: Says how unknown addresses are answered.
    """

    def address(path: str, **actions: Action) -> Route:
        return Route(path, Endpoint(actions, faults=faults, codeless=dialect.codeless_routes))

    # The busiest first: they are tried in this order.
    routes = [
        address(
            "/v1/tunnels/{tunnel}/heartbeat",
            POST=Action("heartbeat", tunnels.heartbeat, routine=True),
        ),
        address(
            "/v1/tunnels",
            POST=Action("create", tunnels.create),
            GET=Action("list", tunnels.list_all),
        ),
        address(
            "/v1/tunnels/{tunnel}",
            DELETE=Action("delete", tunnels.delete, accept=tunnels.accept_delete),
        ),
        address("/healthz", GET=Action("healthz", _healthz, routine=True)),
        address("/openapi.json", GET=Action("openapi", _openapi)),
    ]
    if control is not None:
        post = {
            "users": control.users,
            "revoke-token": control.revoke_token,
            "expire-lease": control.expire_lease,
            "clock": control.clock,
            "refuse-random-slugs": control.refuse_random_slugs,
            "edge/drop": control.edge_drop,
            "edge/refuse": control.edge_refuse,
        }
        routes += [
            address(f"/_control/{name}", POST=Action("", control.guarded(handler)))
            for name, handler in post.items()
        ]
        routes.append(
            address(
                "/_control/faults",
                POST=Action("", control.guarded(control.add_fault)),
                GET=Action("", control.guarded(control.list_faults)),
                DELETE=Action("", control.guarded(control.clear_faults)),
            )
        )
    nowhere = Endpoint({}, faults=faults, codeless=dialect.codeless_routes)
    return Router(routes, redirect_slashes=False, default=nowhere)


async def _healthz(_request: Request) -> Response:
    return answer({"ok": True})


async def _openapi(_request: Request) -> Response:
    return Response(_contract(), media_type="application/json")


@functools.cache
def _contract() -> bytes:
    """Return ``openapi.yaml`` as JSON."""
    import yaml

    return json_bytes(yaml.safe_load(resource("openapi.yaml").read_bytes()))
