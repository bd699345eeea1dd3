"""The identity page: stands in for the provider that knows who people are.

It asks for no password, and so answers on this computer only. Like a real provider it knows nothing of the API's
database: all that passes between them is the browser, with a state and a code, and the API's question whom a code
stands for.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import html
import re
from dataclasses import dataclass
from string import Template
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlencode

from starlette.responses import RedirectResponse

from tunneldesk.backend import tokens
from tunneldesk.backend.body import read_body
from tunneldesk.backend.emails import valid_email
from tunneldesk.backend.errors import ApiError
from tunneldesk.backend.here import from_here
from tunneldesk.backend.logins import Person
from tunneldesk.backend.one_shot import OneShot
from tunneldesk.backend.pages import page

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from tunneldesk.backend.clock import Clock

PATH: Final = "/identity"
HOME_TEAM: Final = "T0TUNNELDESK"
OTHER_TEAM: Final = "T0ELSEWHERE"
SLOW_SEC: Final = 5.0

_COOKIE: Final = "tunneldesk_identity"
_BROWSER: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_FORM_SEC: Final = 600.0
_CODE_SEC: Final = 60.0
_LONGEST_STATE: Final = 512
_MOST_FIELDS: Final = 10

_FORM: Final = Template(f"""<p>TunnelDesk on this computer asks who you are. Continue only if you have just started
to sign in there; otherwise deny, or close this page.</p>
<form method="post" action="{PATH}">
<input type="hidden" name="form" value="$form">
<button class="primary" name="choice" value="allow">Continue as $email</button>
<button name="choice" value="deny">Deny</button>
</form>
<details>
<summary><h2>Something else</h2></summary>
<form method="post" action="{PATH}">
<input type="hidden" name="form" value="$form">
<p class="hint">This page stands in for an identity provider. It can also play what goes wrong.</p>
<label for="other">Another e-mail address</label>
<input id="other" name="email" type="email" maxlength="254" autocomplete="off" value="$other">
<button name="choice" value="wrong-email">Continue as the other address</button>
<button name="choice" value="wrong-workspace">Continue from another workspace</button>
<button name="choice" value="slow">Continue slowly ($slow seconds)</button>
<button name="choice" value="no-confirmation">Continue, and do not confirm it</button>
<button name="choice" value="no-profile">Continue, and do not tell who it is</button>
</form>
</details>
<small>Identity page of the paired server &middot; no password is asked, on this computer only</small>""")

_CHOICES: Final = ("allow", "deny", "wrong-email", "wrong-workspace", "slow", "no-confirmation", "no-profile")


class NotConfirmed(Exception):  # noqa: N818 - an answer, not a fault
    """The provider does not know this code, or not with this state."""


class NoProfile(Exception):  # noqa: N818 - an answer, not a fault
    """The provider does not tell whom this code stands for."""


@dataclass(frozen=True, slots=True)
class _Form:
    """What a form was made for: one sign-in, in one browser."""

    state: str
    email: str
    browser: bytes

    def __repr__(self) -> str:
        return "_Form()"


@dataclass(frozen=True, slots=True)
class _Consent:
    """What somebody agreed to: the person, told to nobody but the sign-in of this state."""

    state: bytes
    person: Person | None


class Identity:
    """The provider: its page, and its answer to the API."""

    def __init__(self, clock: Clock, api_url: str) -> None:
        """Serve below ``api_url``, and send browsers back to its call-back and nowhere else."""
        self._page_url = f"{api_url}{PATH}"
        self._callback_url = f"{api_url}/v1/auth/slack/callback"
        self._forms: OneShot[_Form] = OneShot(clock, lifetime=_FORM_SEC)
        self._consents: OneShot[_Consent] = OneShot(clock, lifetime=_CODE_SEC)

    def address(self, state: str, email: str) -> str:
        """Return where a browser is to be sent for a sign-in."""
        return f"{self._page_url}?{urlencode({'state': state, 'login_hint': email})}"

    def redeem(self, code: str, state: str) -> Person:
        """Return whom a code stands for, once.

        Raises:
            NotConfirmed: The code is unknown, used, too old, or was given for another state.
            NoProfile: It is not told.
        """
        consent = self._consents.take(code)
        if consent is None or not hmac.compare_digest(consent.state, tokens.fingerprint(state)):
            raise NotConfirmed
        if consent.person is None:
            raise NoProfile
        return consent.person

    async def show(self, request: Request) -> Response:
        """``GET /identity?state&login_hint``."""
        _guard(request)
        state = request.query_params.get("state", "")
        email = valid_email(request.query_params.get("login_hint", ""))
        if not 0 < len(state) <= _LONGEST_STATE or email is None:
            return _stop("This address is not complete. Return to the app and start again.")
        browser = request.cookies.get(_COOKIE, "")
        if not _BROWSER.fullmatch(browser):
            browser = tokens.new_state()
        form = self._forms.give(_Form(state, email, tokens.fingerprint(browser)))
        content = _FORM.substitute(
            form=form,
            email=html.escape(email),
            other="somebody.else@example.com",
            slow=f"{SLOW_SEC:g}",
        )
        response = page("Who are you?", content)
        response.set_cookie(_COOKIE, browser, path=PATH, httponly=True, samesite="strict")
        return response

    async def decide(self, request: Request) -> Response:
        """``POST /identity``: what was chosen; leads the browser back to the call-back."""
        _guard(request)
        if not _same_origin(request):
            return _stop("This answer came from another page, and was not used.", status=403)
        try:
            fields = parse_qs((await read_body(request)).decode(), max_num_fields=_MOST_FIELDS)
        except ValueError:
            fields = {}
        form = self._forms.take(fields.get("form", [""])[0])
        browser = tokens.fingerprint(request.cookies.get(_COOKIE, ""))
        if form is None or not hmac.compare_digest(form.browser, browser):
            return _stop(
                "This page is out of date, or has been answered already. Return to the app and start again."
            )
        choice = fields.get("choice", [""])[0]
        if choice not in _CHOICES:
            return _stop("That is no choice of this page. Return to the app and start again.")
        if choice == "deny":
            return self._back(form, error="access_denied")
        email = form.email
        if choice == "wrong-email":
            other = valid_email(fields.get("email", [""])[0])
            if other is None:
                return _stop("That is no e-mail address. Return to the app and start again.")
            email = other
        if choice == "slow":
            await asyncio.sleep(SLOW_SEC)
        person = None
        if choice != "no-profile":
            person = account_of(email, OTHER_TEAM if choice == "wrong-workspace" else HOME_TEAM)
        # A code given for no state at all is what an unconfirmed one looks like from outside.
        state = "" if choice == "no-confirmation" else form.state
        return self._back(form, code=self._consents.give(_Consent(tokens.fingerprint(state), person)))

    def _back(self, form: _Form, **answer: str) -> Response:
        return RedirectResponse(
            f"{self._callback_url}?{urlencode(answer | {'state': form.state})}", 303, {"Cache-Control": "no-store"}
        )


def account_of(email: str, team: str = HOME_TEAM) -> Person:
    """Return the account at the provider that has an address: always the same one."""
    return Person(email, f"U{hashlib.sha256(email.encode()).hexdigest()[:10].upper()}", team)


def _guard(request: Request) -> None:
    if not from_here(request):
        raise ApiError("FORBIDDEN", "The identity page answers on this computer only.")


def _same_origin(request: Request) -> bool:
    """Tell whether a form was sent from a page of this very server; older browsers leave it to the cookie."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    return origin in (None, f"http://{request.headers.get('host', '')}") and site == "same-origin"


def _stop(message: str, *, status: int = 400) -> Response:
    return page("This can't go on", f"<p>{html.escape(message)}</p>", status=status)
