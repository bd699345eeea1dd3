"""The contract, and a run of requests made up from it against the live server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.contract.server.accounts import Account
from tunneldesk.backend.errors import KINDS
from tunneldesk.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

    from tests.backend_process import Backend
    from tests.conftest import StartBackend

WITHIN_SEC = 100
ACCEPTED = "positive_data_acceptance"
NOT_OF_THE_TUNNELS_API = {"NOT_FOUND", "METHOD_NOT_ALLOWED"}


def test_the_contract_is_served(server: Backend) -> None:
    answer = server.call("GET", "/openapi.json", token="")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == yaml.safe_load(resource("openapi.yaml").read_text())


def test_the_contract_names_every_code_of_the_api() -> None:
    contract = resource("openapi.yaml").read_text()
    named = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)*\b", contract))
    assert set(KINDS) - named == NOT_OF_THE_TUNNELS_API


def test_addresses_that_lead_nowhere(server: Backend) -> None:
    for path in ("/", "/v1", "/v1/tunnels/", "/v1/tunnels/a/b", "/v1/tunnels/a/telemetry", "/%2e%2e/etc/passwd"):
        answer = server.call("GET", path)
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND"), path
    for method, path, allowed in (
        ("PUT", "/v1/tunnels", "GET, HEAD, POST"),
        ("POST", "/v1/tunnels/a", "DELETE"),
        ("GET", "/v1/tunnels/a/heartbeat", "POST"),
        ("PATCH", "/healthz", "GET, HEAD"),
    ):
        answer = server.call(method, path)
        assert (answer.status_code, answer.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
        assert answer.headers["allow"] == allowed
    assert server.call("HEAD", "/healthz").status_code == 200


# What a valid request to these comes to depends on what came before it, and a sign-out would end the others' token.
SIGN_IN = "/v1/auth/(slack/callback|slack/status|exchange|logout)"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("switches", "options"),
    [
        # With room for all, every valid request has to be accepted.
        ({"max_tunnels": 1_000_000}, ("--exclude-path-regex", SIGN_IN)),
        # Otherwise a valid one may be refused with 409 or 429.
        ({"max_tunnels": 5}, (*("--exclude-path-regex", SIGN_IN), *("--exclude-checks", ACCEPTED))),
        ({"dialect": "newer"}, (*("--exclude-path-regex", SIGN_IN), *("--exclude-checks", ACCEPTED))),
        # A provider that does not play along is a 502 by contract; a 500 would be found in the log below.
        ({}, (*("--include-path-regex", "/v1/auth/"), *("--exclude-checks", f"{ACCEPTED},not_a_server_error"))),
        (
            {"sign_in": "callback"},
            (
                *("--include-path-regex", "/v1/auth/", "--exclude-path-regex", "/status$"),
                *("--phases", "examples,coverage,fuzzing"),  # without the status, nothing leads to anything
                *("--exclude-checks", f"{ACCEPTED},not_a_server_error"),
            ),
        ),
    ],
    ids=["roomy", "five tunnels", "newer", "sign-in", "older sign-in"],
)
def test_requests_made_up_from_the_contract(
    start_backend: StartBackend, tmp_path: Path, switches: dict[str, Any], options: tuple[str, ...]
) -> None:
    backend = start_backend(create_rate=0, start_rate=0, poll_rate=0, exchange_rate=0, **switches)
    account = Account(backend)
    command = [
        *(sys.executable, "-c", "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"),
        *("run", f"{backend.api_url}/openapi.json", "--no-color", "--continue-on-failure"),
        *("--header", f"Authorization: Bearer {account.token}"),
        *("--max-examples", "60", "--generation-deterministic", *options),
    ]
    ran = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=os.environ | {"NO_PROXY": "127.0.0.1"},
        timeout=WITHIN_SEC,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert " 500 " not in backend.log.read_text()
