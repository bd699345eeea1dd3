"""What is given to whoever helps: everything that tells, and nothing that is nobody's business."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from build_scripts import sample_states as samples
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.model import AppState
from tunneldesk.presentation.diagnostics import Circumstances, diagnostics, redact

if TYPE_CHECKING:
    from collections.abc import Iterable

HOME = "/home/jane"


def told(state: AppState, **logs: Iterable[str]) -> str:
    return diagnostics(state, Circumstances(samples.NOW, samples.VERSIONS, HOME, logs))


def test_everything_that_helps_is_told() -> None:
    failed = samples.failed("shop", 4000, samples.TAKEN)
    unnamed = samples.creating(None, 5000)
    state = samples.signed_in(failed, samples.eventful("my-app", 3000), unnamed, remote=(samples.ELSEWHERE,))
    text = told(replace(state, checkup=samples.checkup(over=True)), connector=samples.connector_lines())
    for words in (
        "Qt 6.11.3",
        "status: signed in",
        "tunnels in use: 2 of 5",
        "protocol: auto",
        "copy when live: yes",
        "-> localhost:3000: Live",
        "problem: TUNNEL_SLUG_CONFLICT, HTTP 409, request req-7f3a",
        "2026-11-23 17:38:01 recreated <address 2>",
        "fail  connector\n      cloudflared is needed.",
        "Registered tunnel connection connIndex=0",
    ):
        assert words in text, text


def test_names_addresses_and_servers_are_taken_out() -> None:
    state = samples.signed_in(samples.live("my-app", 3000), remote=(samples.ELSEWHERE,))
    text = told(state, log=["my-app.example.com api.example.com staging.example.com (staging) my-app my-apple"])
    assert "<address 1> <server> <address elsewhere 1> (<name elsewhere 1>) <name 1> my-apple" in text
    assert "example.com" not in text


def test_servers_of_other_accounts_are_taken_out_too() -> None:
    text = told(samples.STATES["accounts"], log=["tunnels.example.net api.example.com bob@example.net"])
    assert "<server 2> <server> <e-mail>" in text
    assert "example" not in text


def test_what_is_on_this_computer_only_is_no_secret() -> None:
    tunnel = samples.live("my-app", 3000, domain="tunnel.localhost:8788")
    assert "server: this computer only" in told(samples.in_demo(tunnel))
    remote = replace(samples.ELSEWHERE, slug=None)
    local = replace(samples.in_demo(tunnel), remote=(remote,), failure=Failure(ErrorCode.UNEXPECTED, "a fault"))
    assert "problem: UNEXPECTED a fault" in told(local)


@pytest.mark.parametrize(
    ("secret", "left"),
    [
        ("eyJhIjoiYWNjb3VudCIsInQiOiJ0dW5uZWwifQ==", "<token>"),
        ("Authorization: Bearer abc.def-ghi", "Authorization: <hidden> <token>"),
        ("access_token=abcdef&x=1", "access_token=<hidden>&x=1"),
        ('"runToken": "abcdef"', '"runToken": "<hidden>"'),
        ("password: hunter2", "password: <hidden>"),
        ("mail jane.doe@example.org now", "mail <e-mail> now"),
        ("http://jane:pw@proxy:3128", "http://<user>@proxy:3128"),
        ("tunnelID=11111111-2222-4333-8444-555555555555", "tunnelID=<id>"),
        ("/home/jane/.config", "~/.config"),
    ],
)
def test_no_secret_gets_through(secret: str, left: str) -> None:
    assert redact(secret, AppState(), HOME).replace("<hidden> <token>", "<hidden> <token>") == left


def test_without_a_home_folder_nothing_is_broken() -> None:
    assert redact("a/b", AppState(), "/") == "a/b"


def test_a_first_run_has_little_to_tell() -> None:
    text = told(AppState())
    assert "server: none" in text
    assert "Tunnels\n-------\n(nothing)" in text
