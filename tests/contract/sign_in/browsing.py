"""A person at their browser, where the app has sent them to sign in."""

from __future__ import annotations

from typing import Any

import httpx

from tests.contract.server.signing_in import Browser

UNLIMITED: dict[str, Any] = {"start_rate": 0, "poll_rate": 0, "exchange_rate": 0}
"""Switches of a server that counts no sign-ins."""


def in_the_browser(url: str, choice: str) -> httpx.Response:
    """Do what a person does; follow the server to wherever it leads, our own machine included."""
    with Browser() as browser:
        browser.open(url)
        more = {"email": "ann@elsewhere.example"} if choice == "wrong-email" else {}
        answer = browser.choose(choice, **more)
        if answer.has_redirect_location:
            answer = httpx.get(answer.headers["location"], trust_env=False)
        return answer
