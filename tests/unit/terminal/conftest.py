"""Stand-ins for what a face is given: a core that plays recorded states, and writers that remember."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tunneldesk.domain.lifecycle import After, Phase, Standing
from tunneldesk.domain.lines import Lines
from tunneldesk.domain.model import AppState, Session, Tunnel, Wish
from tunneldesk.service.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable


class Paper:
    """A writer that remembers."""

    def __init__(self) -> None:
        self.text = ""
        self.behind = False

    def write(self, text: str) -> None:
        self.text += text


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = 100.0

    def monotonic(self) -> float:
        return self.at

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 20, 49, 4, tzinfo=UTC) + timedelta(seconds=self.at - 100)

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


class FakeCore:
    """Store and commands of a core whose one tunnel does as the test says."""

    def __init__(self) -> None:
        self.store = Store(AppState(session=Session(server="https://api.example.com")))
        self.asked: list[str] = []
        self.on_expose: Callable[[FakeCore], None] = lambda _: None
        self.on_stop: Callable[[FakeCore], None] = lambda _: None

    def expose(self, wish: Wish) -> str:
        self.asked.append("expose")
        self.store.update(lambda state: replace(state, tunnels=(Tunnel("k", wish),)))
        self.on_expose(self)
        return "k"

    def stop(self, key: str) -> None:
        self.asked.append(f"stop {key}")
        self.on_stop(self)

    def connector_log(self, key: str) -> Lines:
        lines = Lines()
        lines.append(f"the log of {key}")
        return lines

    def go(self, phase: Phase, after: After | None = None, **changes: Any) -> None:
        """Let the tunnel be in this phase."""
        self.store.update_tunnel("k", lambda tunnel: replace(tunnel, standing=Standing(phase, after), **changes))

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"nobody should ask for {name}")


@pytest.fixture
def paper() -> type[Paper]:
    return Paper


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def core() -> FakeCore:
    return FakeCore()
