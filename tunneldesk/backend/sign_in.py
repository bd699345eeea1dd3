"""Signing in, staying signed in, and signing out: the routes below ``/v1/auth/``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from starlette.responses import RedirectResponse

from tunneldesk.backend import auth, tokens
from tunneldesk.backend.answer import answer, plain
from tunneldesk.backend.body import read_object
from tunneldesk.backend.database import transaction
from tunneldesk.backend.dialect import CALLBACK, STATUS
from tunneldesk.backend.emails import domain_of, valid_email
from tunneldesk.backend.errors import KINDS, ApiError, invalid_input
from tunneldesk.backend.identity import HOME_TEAM, NoProfile, NotConfirmed
from tunneldesk.backend.pages import done_page, refused_page, wants_page

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from tunneldesk.backend.accounts import Accounts
    from tunneldesk.backend.clock import Clock
    from tunneldesk.backend.dialect import Dialect
    from tunneldesk.backend.identity import Identity
    from tunneldesk.backend.limits import RateLimit
    from tunneldesk.backend.logins import Login, Logins, Person
    from tunneldesk.backend.sessions import Grant, Sessions

_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")

# RFC 8252, section 7.3. Nothing but this form, so that there is nothing that two parsers could read in two ways.
_CALLBACK_URL: Final = re.compile(
    r"http://(?:127\.0\.0\.1|localhost):([1-9][0-9]{0,4})(?:/[A-Za-z0-9._~/-]{0,200})?"
)
_CALLBACK_RULE: Final = "must be http://127.0.0.1:PORT or http://localhost:PORT, with a plain path or none"

_PRIVATE: Final = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may sign in, how, and how often they may try.

    Attributes:
        way: ``STATUS`` or ``CALLBACK``.
        email_domains: Domains of the e-mail addresses let in; none at all lets everybody in.
        starts: Counts starts, by client address.
        polls: Counts polls, by state.
        exchanges: Counts exchanges, by client address.
    """

    way: str
    email_domains: frozenset[str]
    starts: RateLimit
    polls: RateLimit
    exchanges: RateLimit


def granted(grant: Grant, lifetime: float) -> Response:
    """Return the answer that carries two new tokens."""
    person = grant.person
    body = {
        "accessToken": grant.access_token,
        "refreshToken": grant.refresh_token,
        "expiresInSec": plain(lifetime),
        "profile": {
            "email": person.email,
            "slackUserId": person.slack_user_id,
            "slackTeamId": person.slack_team_id,
        },
    }
    return answer(body, headers=_PRIVATE)


class SignIn:
    """The handlers of the sign-in API.

    Attributes:
        identity: The provider that people are sent to.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        clock: Clock,
        *,
        accounts: Accounts,
        logins: Logins,
        sessions: Sessions,
        identity: Identity,
        dialect: Dialect,
        policy: Policy,
    ) -> None:
        self._db = connection
        self._clock = clock
        self._accounts = accounts
        self._logins = logins
        self._sessions = sessions
        self.identity = identity
        self._dialect = dialect
        self._policy = policy

    @property
    def tells_status(self) -> bool:
        """Whether there is a status route."""
        return self._policy.way == STATUS

    async def start(self, request: Request) -> Response:
        """``POST /v1/auth/slack/start``. Checks, in this order: rate, shape, policy."""
        headers = self._count(self._policy.starts, _address(request))
        email, challenge, callback_url = self._read_start(await read_object(request))
        domains = self._policy.email_domains
        if domains and domain_of(email) not in domains:
            raise ApiError("EMAIL_NOT_ALLOWED", headers=headers)
        state = self._logins.begin(email, challenge, callback_url)
        body = {"authorizeUrl": self.identity.address(state, email), "state": state}
        return answer(body, headers=headers | _PRIVATE)

    def _read_start(self, body: Mapping[str, Any]) -> tuple[str, str, str | None]:
        problems = {}
        given = body.get("email")
        email = valid_email(given) if isinstance(given, str) else None
        if email is None:
            problems["email"] = "must be an e-mail address" if "email" in body else "is required"
        challenge = body.get("codeChallenge")
        if not isinstance(challenge, str) or not _CHALLENGE.fullmatch(challenge):
            problems["codeChallenge"] = "must be an S256 code challenge: 43 characters, base64url"
        callback_url = body.get("cliCallbackUrl")
        if (callback_url is not None or self._policy.way == CALLBACK) and not _is_callback_url(callback_url):
            problems["cliCallbackUrl"] = _CALLBACK_RULE
        if email is None or problems:
            raise invalid_input("The request body is invalid.", problems)
        return email, str(challenge), callback_url

    async def callback(self, request: Request) -> Response:
        """``GET /v1/auth/slack/callback``: the browser comes back from the provider."""
        try:
            return self._come_back(request.query_params)
        except ApiError as error:
            if wants_page(request):
                return refused_page(error)
            raise

    def _come_back(self, query: Mapping[str, str]) -> Response:
        state, code, error = (query.get(name, "") for name in ("state", "code", "error"))
        if not state or not (code or error):
            raise ApiError("MISSING_OAUTH_PARAMS")
        login = self._logins.unanswered(state)
        try:
            person = self._person(login, state, code, error)
        except ApiError as refusal:
            self._logins.refuse(state, refusal.code)
            raise
        login_code = self._logins.authorize(state, person)
        if login.callback_url is None:
            return done_page()
        there = f"{login.callback_url}?{urlencode({'code': login_code, 'state': state})}"
        return RedirectResponse(there, 303, _PRIVATE)

    def _person(self, login: Login, state: str, code: str, error: str) -> Person:
        if error:
            raise ApiError("SLACK_OAUTH_DENIED" if error == "access_denied" else "SLACK_OAUTH_FAILED")
        try:
            person = self.identity.redeem(code, state)
        except NotConfirmed:
            raise ApiError("SLACK_OAUTH_FAILED") from None
        except NoProfile:
            raise ApiError("SLACK_PROFILE_FAILED") from None
        if person.slack_team_id != HOME_TEAM:
            raise ApiError("WORKSPACE_NOT_ALLOWED")
        if person.email != login.email:
            raise ApiError("EMAIL_MISMATCH")
        return person

    async def status(self, request: Request) -> Response:
        """``POST /v1/auth/slack/status``. Only polls of a known state are counted."""
        state = _text(await read_object(request), "state")
        standing = self._logins.standing(state)
        headers = self._count(self._policy.polls, tokens.fingerprint(state).hex())
        body: dict[str, Any] = {"status": standing.status}
        if standing.login_code is not None:
            body["loginCode"] = standing.login_code
        if standing.refusal is not None:
            body["error"] = {"code": standing.refusal, "message": KINDS[standing.refusal].message}
        return answer(body, headers=headers | _PRIVATE)

    async def exchange(self, request: Request) -> Response:
        """``POST /v1/auth/exchange``. The code is used up and the session there, or neither."""
        self._count(self._policy.exchanges, _address(request))
        body = await read_object(request)
        login_code, verifier = _text(body, "loginCode"), _text(body, "codeVerifier")
        with transaction(self._db):
            grant = self._sessions.begin(self._logins.redeem(login_code, verifier))
        return granted(grant, self._sessions.lifetime)

    async def refresh(self, request: Request) -> Response:
        """``POST /v1/auth/refresh``."""
        grant = self._sessions.refresh(_text(await read_object(request), "refreshToken"))
        if grant is None:
            raise auth.invalid_refresh_token()
        return granted(grant, self._sessions.lifetime)

    async def logout(self, request: Request) -> Response:
        """``POST /v1/auth/logout``: ends the session of either token, or of both.

        One good token is enough, where the dialect does not want the access token: that may have expired by now.
        An access token without a session ends by itself.
        """
        body = await read_object(request, optional=True)
        refresh_token = None if body.get("refreshToken") is None else _text(body, "refreshToken")
        access_token = auth.bearer(request) if "authorization" in request.headers else None
        with transaction(self._db):
            signed_in = access_token is not None and self._accounts.user_of(access_token) is not None
            if self._dialect.names_who_leaves and not signed_in:
                raise _nobody(None, access_token)
            ended = [] if refresh_token is None else [self._sessions.of_refresh_token(refresh_token)]
            if access_token is not None and signed_in:
                ended.append(self._accounts.session_of(access_token))
                self._accounts.revoke(access_token)
            for session_id in filter(None, ended):
                self._sessions.end(session_id)
        if not signed_in and not any(ended):
            raise _nobody(refresh_token, access_token)
        return answer({"ok": True})

    def _count(self, rate: RateLimit, who: str) -> dict[str, str]:
        allowance = rate.count(who, self._clock.now())
        if not allowance.allowed:
            raise ApiError(self._dialect.rate_code, headers=allowance.headers())
        return allowance.headers()


def _nobody(refresh_token: str | None, access_token: str | None) -> ApiError:
    if refresh_token is not None:
        return auth.invalid_refresh_token()
    return auth.missing_auth() if access_token is None else auth.invalid_token()


def _is_callback_url(value: object) -> bool:
    match = _CALLBACK_URL.fullmatch(value) if isinstance(value, str) else None
    return match is not None and int(match[1]) <= 65535


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise invalid_input(
            "The request body is invalid.", {name: "must be a string" if name in body else "is required"}
        )
    return value


def _address(request: Request) -> str:
    return "" if request.client is None else request.client.host
