"""Answers that were ordered in advance: how a test makes the server fail."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from tunneldesk.backend.answer import json_bytes
from tunneldesk.backend.body import Fields
from tunneldesk.backend.errors import KINDS, invalid_input

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.types import Receive, Scope, Send

ROUTES: Final = (
    *("create", "list", "heartbeat", "delete"),
    *("start", "callback", "status", "exchange", "refresh", "logout"),
    *("healthz", "openapi", "*"),
)

_FIELDS: Final = (
    "route",
    "times",
    "code",
    "message",
    "details",
    "status",
    "body",
    "bodyBytes",
    "headers",
    "delaySec",
    "apply",
    "cut",
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What the next few calls of a route get; ``control`` says what each field means."""

    route: str
    times: int
    code: str | None = None
    message: str | None = None
    details: Any = None
    status: int | None = None
    body: str | None = None
    body_bytes: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_sec: float = 0.0
    apply: bool = False
    cut: bool = False

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Fault:
        """Read one from what ``POST /_control/faults`` was sent.

        Raises:
            ApiError: INVALID_INPUT.
        """
        fields = Fields(body, _FIELDS)
        route, code = fields.text("route"), fields.optional_text("code")
        if route not in ROUTES:
            raise invalid_input("There is no such route.", {"route": f"must be one of {', '.join(ROUTES)}"})
        fault = cls(
            route=route,
            times=fields.whole("times", 1, 1_000_000, default=1),
            code=code,
            message=fields.optional_text("message"),
            details=fields.value("details"),
            status=fields.whole("status", 200, 599, default=0) if "status" in fields else None,
            body=fields.optional_text("body"),
            body_bytes=fields.whole("bodyBytes", 0, 256 * 1024 * 1024, default=0),
            headers=fields.headers("headers"),
            delay_sec=fields.number("delaySec", 0, 3600, default=0),
            cut=fields.flag("cut", default=False),
        )
        # A delete that fails with a code of the server's own making was accepted and is finished later (CONTRACT).
        accepted = route == "delete" and code is not None and code in KINDS and KINDS[code].status >= 500
        return replace(fault, apply=fields.flag("apply", default=accepted))

    def to_json(self) -> dict[str, Any]:
        """Return the fault as ``GET /_control/faults`` lists it."""
        body = asdict(self)
        body["bodyBytes"] = body.pop("body_bytes")
        body["delaySec"] = body.pop("delay_sec")
        return body

    @property
    def answers(self) -> bool:
        """Whether it brings an answer of its own; one that doesn't only delays the real answer."""
        return self.code is not None or self.status is not None or self.body is not None or self.body_bytes > 0

    def response(self) -> Response:
        """Return the answer it brings."""
        kind = KINDS.get(self.code or "")
        status = self.status or (kind.status if kind else 500 if self.code else 200)
        response_class = _CutResponse if self.cut else Response
        if self.body is None and self.code is not None and not self.body_bytes:
            body: dict[str, Any] = {
                "code": self.code,
                "message": self.message or (kind.message if kind else "A fault that was ordered."),
            }
            if self.details is not None:
                body["details"] = self.details
            content = json_bytes(body)
        else:
            content = (self.body or "").encode() + b"x" * self.body_bytes
        headers = {"content-type": "application/json"} | {name.lower(): text for name, text in self.headers.items()}
        return response_class(content, status, headers)


class _CutResponse(Response):
    """Promises its whole body and hangs up in the middle of it."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body[: len(self.body) // 2])
        await send({"type": "http.response.body", "body": half, "more_body": True})


class Faults:
    """The faults still to come, in the order they were asked for."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Let ``fault`` happen, after those already waiting for the same route."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Let none of them happen."""
        self._waiting.clear()

    def waiting(self) -> Sequence[Fault]:
        """Return them, each with the number of calls still to fail."""
        return tuple(self._waiting)

    def take(self, route: str) -> Fault | None:
        """Return what this call of ``route`` gets, and count it; nothing ever happens to a route without a name."""
        if not self._waiting or not route:
            return None
        for index, fault in enumerate(self._waiting):
            if fault.route in (route, "*"):
                if fault.times == 1:
                    del self._waiting[index]
                else:
                    self._waiting[index] = replace(fault, times=fault.times - 1)
                return fault
        return None
