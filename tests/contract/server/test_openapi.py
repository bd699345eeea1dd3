"""The contract, and a run of requests made up from it against the live server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("dialect", "max_tunnels", "left_out"),
    [
        # With room for all, every valid request has to be accepted.
        ("documented", 1_000_000, ""),
        # Otherwise a valid one may be refused with 409 or 429.
        ("documented", 5, "positive_data_acceptance"),
        ("newer", 5, "positive_data_acceptance"),
    ],
)
def test_requests_made_up_from_the_contract(
    start_backend: StartBackend, tmp_path: Path, dialect: str, max_tunnels: int, left_out: str
) -> None:
    backend = start_backend(dialect=dialect, max_tunnels=max_tunnels, create_rate=0)
    account = Account(backend)
    command = [
        *(sys.executable, "-c", "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"),
        *("run", f"{backend.api_url}/openapi.json", "--no-color", "--continue-on-failure"),
        *("--header", f"Authorization: Bearer {account.token}"),
        *("--max-examples", "60", "--generation-deterministic"),
        *(("--exclude-checks", left_out) if left_out else ()),
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
