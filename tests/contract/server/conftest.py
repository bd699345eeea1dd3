"""Servers shared by several tests, each with a user of its own; and connectors reduced to the bare dial-in."""

from __future__ import annotations

import socket
import uuid
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.backend_process import Backend, running_backend
from tests.contract.server.accounts import Account, token_of
from tests.contract.server.signing_in import Browser
from tunneldesk.backend import link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """A server of dialect ``documented``, shared by the tests of a module, which may set `SWITCHES` for it."""
    switches = getattr(request.module, "SWITCHES", {})
    with running_backend(tmp_path_factory.mktemp("documented"), **switches) as backend:
        yield backend


@pytest.fixture(scope="module")
def newer_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """A server of dialect ``newer``, shared by the tests of a module."""
    with running_backend(tmp_path_factory.mktemp("newer"), dialect="newer") as backend:
        yield backend


@pytest.fixture
def account(server: Backend) -> Account:
    """A new user of the shared server."""
    return Account(server)


@pytest.fixture
def newer(newer_server: Backend) -> Account:
    """A new user of the shared server of dialect ``newer``."""
    return Account(newer_server)


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser that knows nobody yet."""
    with Browser() as browser:
        yield browser


@pytest.fixture
def dial() -> Iterator[Callable[[dict[str, Any]], tuple[socket.socket, bytes]]]:
    """Dial the edge as the connector of a tunnel does; gives the connection and the edge's first words."""
    with ExitStack() as open_sockets:

        def attach(created: dict[str, Any]) -> tuple[socket.socket, bytes]:
            token = token_of(created)
            edge = urlsplit(f"//{token['e']}")
            assert edge.hostname is not None
            connection = socket.create_connection((edge.hostname, edge.port or 0), timeout=10)
            open_sockets.enter_context(closing(connection))
            connection.sendall(
                link.hello(token["e"], token["t"], token["s"], str(uuid.uuid4()), 0, link.ROLE_CONTROL)
            )
            return connection, connection.recv(4096)

        yield attach
