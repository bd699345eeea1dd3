"""An app that signs in and a browser without scripts, as the tests of the server need them."""

from __future__ import annotations

import base64
import hashlib
import secrets
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpx

if TYPE_CHECKING:
    from tests.backend_process import Backend

ANN = "ann@example.com"
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def challenge(verifier: str) -> str:
    """Return the S256 challenge of a code verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


class App:
    """One sign-in of one app."""

    def __init__(self, backend: Backend, email: str = ANN, **more: object) -> None:
        self.backend = backend
        self.verifier = secrets.token_urlsafe(32)
        body = {"email": email, "codeChallenge": challenge(self.verifier), **more}
        started = self.post("slack/start", body)
        assert started.status_code == 200, started.text
        self.state: str = started.json()["state"]
        self.authorize_url: str = started.json()["authorizeUrl"]

    def post(self, path: str, body: object, **options: Any) -> httpx.Response:
        return self.backend.call("POST", f"/v1/auth/{path}", body, **({"token": ""} | options))

    def status(self) -> dict[str, Any]:
        answer = self.post("slack/status", {"state": self.state})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def exchange(self, code: str, verifier: str | None = None) -> httpx.Response:
        return self.post("exchange", {"loginCode": code, "codeVerifier": verifier or self.verifier})

    def refresh(self, token: str) -> httpx.Response:
        return self.post("refresh", {"refreshToken": token})

    def session(self) -> dict[str, Any]:
        """Sign in to the end, with a browser that says yes."""
        with Browser() as browser:
            browser.open(self.authorize_url)
            assert browser.choose("allow").status_code == 200
        answer = self.exchange(self.status()["loginCode"])
        assert answer.status_code == 200, answer.text
        granted: dict[str, Any] = answer.json()
        return granted


class Page(HTMLParser):
    """What is on a page: its forms' hidden fields, its buttons, its labels, and that everything is closed."""

    VOID = frozenset({"meta", "input", "br", "hr", "img", "link"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.shown = ""
        self.style = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "style":
            self.style += data
        else:
            self.shown += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def field(self, name: str) -> str:
        return next(str(field["value"]) for field in self.all("input") if field.get("name") == name)


class Browser:
    """Keeps cookies, sends forms with its origin, and follows redirects to the server, but not to an app."""

    def __init__(self) -> None:
        self.http = httpx.Client(trust_env=False, headers=PAGE, timeout=30)
        self.page = Page("")
        self.url = ""

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def open(self, url: str) -> httpx.Response:
        self.url = url
        answer = self.http.get(url)
        if "text/html" in answer.headers.get("content-type", ""):
            self.page = Page(answer.text)
        return answer

    def send(self, form: dict[str, str], **headers: str) -> httpx.Response:
        """Send the page's form; the answer is not followed."""
        there = urlsplit(self.url)
        headers = {"Origin": f"{there.scheme}://{there.netloc}", "Sec-Fetch-Site": "same-origin"} | headers
        return self.http.post(f"{there.scheme}://{there.netloc}/identity", data=form, headers=headers)

    def decide(self, choice: str, **more: str) -> str:
        """Make a choice; return where that leads."""
        answer = self.send({"form": self.page.field("form"), "choice": choice, **more})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def choose(self, choice: str, **more: str) -> httpx.Response:
        """Make a choice, and go where that leads."""
        return self.open(self.decide(choice, **more))


def query(url: str) -> dict[str, str]:
    """Return the query of an address."""
    return {name: value for name, (value,) in parse_qs(urlsplit(url).query).items()}
