"""Fixtures shared by every part of the test suite."""

from __future__ import annotations

import pytest


@pytest.fixture
def anyio_backend() -> str:
    """Run the async tests on asyncio, the only loop TunnelDesk uses."""
    return "asyncio"
