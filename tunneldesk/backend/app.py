"""The addresses of the API, and what is behind each."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route, Router

from tunneldesk.backend import identity
from tunneldesk.backend.answer import answer, json_bytes
from tunneldesk.backend.endpoint import Action, Endpoint
from tunneldesk.resources import resource

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp

    from tunneldesk.backend.control import Control
    from tunneldesk.backend.dialect import Dialect
    from tunneldesk.backend.faults import Faults
    from tunneldesk.backend.sign_in import SignIn
    from tunneldesk.backend.tunnels import Tunnels


def build_app(
    tunnels: Tunnels, sign_in: SignIn | None, control: Control | None, faults: Faults, dialect: Dialect
) -> ASGIApp:
    """Return the API as an ASGI application.

    Args:
        tunnels: Handles the tunnels API.
        sign_in: Handles signing in, or None to have nobody sign in here.
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
    if sign_in is not None:
        routes += [
            address("/v1/auth/refresh", POST=Action("refresh", sign_in.refresh)),
            address("/v1/auth/slack/start", POST=Action("start", sign_in.start)),
            address("/v1/auth/slack/callback", GET=Action("callback", sign_in.callback)),
            address("/v1/auth/exchange", POST=Action("exchange", sign_in.exchange)),
            address("/v1/auth/logout", POST=Action("logout", sign_in.logout)),
            address(identity.PATH, GET=Action("", sign_in.identity.show), POST=Action("", sign_in.identity.decide)),
        ]
        if sign_in.tells_status:
            routes.append(address("/v1/auth/slack/status", POST=Action("status", sign_in.status, routine=True)))
    if control is not None:
        post = {
            "users": control.users,
            "sessions": control.sessions,
            "expire-access-token": control.expire_access_token,
            "expire-session": control.expire_session,
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
