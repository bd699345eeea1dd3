"""From a request to its answer: methods, faults, errors, request ids and the log.

One thin layer instead of a stack of middleware, since every heartbeat passes through it.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import re
import secrets
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from starlette.requests import ClientDisconnect, Request

from tunneldesk.backend.answer import answer
from tunneldesk.backend.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from tunneldesk.backend.faults import Faults

Handler: TypeAlias = "Callable[[Request], Awaitable[Response]]"

_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")

# A random number for each request would be one more call into the kernel for each heartbeat.
_RUN: Final = secrets.token_hex(8)
_NUMBERS: Final = itertools.count(1)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Action:
    """What one method of one address does.

    Attributes:
        name: What faults know it by; empty where faults don't reach.
        run: Carries it out.
        accept: What a fault with ``apply`` carries out before it answers with the given error code; None where that
            is ``run``.
        routine: Its successes are not worth a line in the log.
    """

    name: str
    run: Handler
    accept: Callable[[Request, str | None], Awaitable[object]] | None = None
    routine: bool = False


class Endpoint:
    """An ASGI application for one address."""

    def __init__(self, actions: Mapping[str, Action], *, faults: Faults, codeless: bool) -> None:
        """Serve one address.

        Args:
            actions: By HTTP method; HEAD goes where GET goes. None at all: the address does not exist.
            faults: Asked before each action.
            codeless: Answer requests that lead nowhere without an error code (dialect ``newer``).
        """
        self._actions = dict(actions)
        if "GET" in self._actions:
            self._actions.setdefault("HEAD", self._actions["GET"])
        self._faults = faults
        self._codeless = codeless

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        started = time.perf_counter()
        request = Request(scope, receive)
        request_id = _request_id(request)
        action = self._actions.get(scope["method"])
        try:
            response = self._nowhere(request) if action is None else await self._act(action, request)
        except ApiError as error:
            response = answer(error.body(), error.status, error.headers)
        except ClientDisconnect:
            _log.info("%s %s left before its body was here id=%s", scope["method"], _path(scope), request_id)
            return
        except asyncio.CancelledError:
            # Uvicorn does this to whatever is still waiting when the server stops; it has nothing to wait for then.
            stopping = ApiError("INTERNAL_ERROR", "The server is stopping.")
            response = answer(stopping.body(), HTTPStatus.SERVICE_UNAVAILABLE)
        except Exception:  # noqa: BLE001 - whatever it is, the client gets a clean answer and the log the whole story
            _log.exception("%s %s failed id=%s", scope["method"], _path(scope), request_id)
            response = answer(ApiError("INTERNAL_ERROR").body(), HTTPStatus.INTERNAL_SERVER_ERROR)
        response.raw_headers.append((b"x-request-id", request_id.encode("ascii")))
        if action is None or not action.routine or response.status_code >= HTTPStatus.BAD_REQUEST:
            _log.info(
                "%s %s %d %.1f ms id=%s",
                scope["method"],
                _path(scope),
                response.status_code,
                1000 * (time.perf_counter() - started),
                request_id,
            )
        await response(scope, receive, send)

    async def _act(self, action: Action, request: Request) -> Response:
        fault = self._faults.take(action.name)
        if fault is None:
            return await action.run(request)
        if not fault.answers:
            response = await action.run(request)
        else:
            if fault.apply:
                await (action.accept(request, fault.code) if action.accept else action.run(request))
            response = fault.response()
        await asyncio.sleep(fault.delay_sec)
        return response

    def _nowhere(self, request: Request) -> Response:
        error = ApiError("NOT_FOUND")
        if self._actions:
            allowed = ", ".join(sorted(self._actions))
            error = ApiError("METHOD_NOT_ALLOWED", headers={"Allow": allowed})
        if not self._codeless:
            return answer(error.body(), error.status, error.headers)
        body: dict[str, Any] = {
            "message": f"Route {request.method}:{_path(request.scope)} not found",
            "error": HTTPStatus(error.status).phrase,
            "statusCode": error.status,
        }
        return answer(body, error.status, error.headers)


def _path(scope: Scope) -> str:
    """Return the path as it was sent: still percent-encoded, so that it can't break a log line."""
    raw: bytes = scope["raw_path"]
    return raw.decode("ascii", "backslashreplace")


def _request_id(request: Request) -> str:
    """Return the id the client gave the request, when it is a sane one, or a new one."""
    given = request.headers.get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else f"{_RUN}-{next(_NUMBERS):08x}"
