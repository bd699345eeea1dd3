"""Servers made by hand for a visitor to meet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.contract.client.conftest import authority, workshop  # noqa: F401 - fixtures that are used here too
from tests.contract.visitor.pages import HOST
from tunneldesk.visitor.address import look

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tunneldesk.domain.health import AddressFinding

    Look = Callable[..., Awaitable[AddressFinding]]

NOW = datetime(2026, 11, 23, 18, 38, 1, tzinfo=UTC)
NOWHERE = 1
"""A port that nothing of ours listens on."""


@pytest.fixture
def visit() -> Look:
    """Return a look at a port of this machine under the public name."""

    def at(
        port: int, *, own_port: int = NOWHERE, scheme: str = "http", limit: float = 5.0
    ) -> Awaitable[AddressFinding]:
        return look(f"{scheme}://{HOST}:{port}", own_port, lambda: NOW, limit=limit)

    return at
