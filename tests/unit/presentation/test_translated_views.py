"""Whatever state the app is in, each word of ours that is shown has gone through the translation."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

import pytest

from build_scripts import sample_states as samples
from tests.unit.presentation.strange_language import left_in_english, strange
from tunneldesk.domain.model import Moment, MomentKind, RemoteStatus
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.presentation.account import account_rows
from tunneldesk.presentation.details import details_view
from tunneldesk.presentation.doctor import doctor_view
from tunneldesk.presentation.expose import expose_view, listener_rows
from tunneldesk.presentation.status import Instant
from tunneldesk.presentation.texts import count, decimal, duration
from tunneldesk.presentation.translation import install_translator
from tunneldesk.presentation.tray import tray_view
from tunneldesk.presentation.window import room, window_view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tunneldesk.domain.model import AppState

NOW = Instant(samples.MONOTONIC, samples.NOW)

DATA = (
    r"(https?://)?[\w.-]+\.(com|net|localhost)\S*",  # addresses, and e-mail addresses
    r"[\w.]+@",
    r"http://127\.0\.0\.1\S*",
    r"localhost|/home/me\S*|vite\.config\.js|server: \{.*\}",
    r"\b(my-app|api|docs|shop|preview|staging)(-2)?\b",  # names the user chose
    r"\b(FRA|GB|TCP|UDP|QUIC|HTTP)\b",
    r"\b(node|Vite|python|Django|postgres|java)\b",
    r"timeout: no recent network activity",  # what the connector said
)
"""What the sample states hold that is nobody's to translate."""

_OURS_NEVER = frozenset({"key", "newest", "tunnel_id", "value", "notes", "exact_address"})
"""What no person reads, and the notes of a release, which are published in one language."""


@pytest.fixture(autouse=True)
def _strange() -> Iterator[None]:
    install_translator(strange)
    yield
    install_translator(None)


def strings(shown: object) -> Iterator[str]:
    """Yield every text in a view, however deep."""
    if isinstance(shown, Enum):
        return
    if isinstance(shown, str):
        yield shown
    elif is_dataclass(shown):
        for each in fields(shown):
            if each.name not in _OURS_NEVER:
                yield from strings(getattr(shown, each.name))
    elif isinstance(shown, tuple | list):
        for item in shown:
            yield from strings(item)


def in_english(shown: object) -> set[str]:
    return {
        word
        for text in strings(shown)
        for word in left_in_english(re.sub("|".join(DATA), " ", text))
        if len(word) > 1
    }


@pytest.mark.parametrize("state", samples.STATES.values(), ids=samples.STATES)
def test_nothing_is_shown_untranslated(state: AppState) -> None:
    keys = frozenset(tunnel.key for tunnel in state.tunnels)
    listened = replace(state, listeners=samples.LISTENERS)
    assert in_english(window_view(state, NOW, keys)) == set()
    assert in_english(tray_view(state, NOW)) == set()
    assert in_english([expose_view(state, key) for key in keys]) == set()
    assert in_english([room(state, None), account_rows(state), listener_rows(listened)]) == set()


@pytest.mark.parametrize("over", [True, False])
def test_nor_does_the_doctor_speak_english(over: bool) -> None:
    assert in_english(doctor_view(samples.checkup(over=over), "https://api.example.com")) == set()


@pytest.mark.parametrize("status", [each for each in RemoteStatus if replace(samples.ELSEWHERE, status=each).held])
def test_how_a_tunnel_elsewhere_stands_is_said_in_the_users_language(status: RemoteStatus) -> None:
    state = replace(samples.signed_in(), remote=(replace(samples.ELSEWHERE, status=status),))
    (row,) = window_view(state, NOW).elsewhere
    assert in_english(row) == set()
    install_translator(None)
    assert window_view(state, NOW).elsewhere[0].words.endswith(f":8080  {status}")


def test_how_a_connector_ended_is_said_in_the_users_language_and_what_it_said_is_quoted() -> None:
    killed = Because(Reason.CONNECTOR_KILLED, {"signal": "9"})
    moment = Moment(samples.NOW, MomentKind.CONNECTION_LOST, "timeout: no recent network activity", killed)
    tunnel = replace(samples.live("my-app", 3000), timeline=(moment,))
    assert in_english(details_view(tunnel, NOW)) == set()
    install_translator(None)
    assert details_view(tunnel, NOW).moments[0].words == (
        "Connection lost: cloudflared ended, signal 9: timeout: no recent network activity"
    )


def test_times_and_numbers_are_written_as_the_language_has_them() -> None:
    for seconds in (5, 60, 65, 3600, 3660):
        assert left_in_english(duration(seconds)) == set()
    install_translator(lambda _, text: {",": ".", ".": ","}.get(text, text))
    assert (count(1_234_567), count(12), decimal(48.04)) == ("1.234.567", "12", "48,0")
