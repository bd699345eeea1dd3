"""What is told where the system shows no notifications: the window shows it, for as long as it is so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from build_scripts import sample_states as samples
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.ui.notice_bar import NoticeBar
from tunneldesk.ui.problems import OURSELVES

if TYPE_CHECKING:
    from collections.abc import Callable

LIVE = samples.signed_in(samples.live("my-app", 3000))
AWAY = samples.signed_in(samples.reconnecting("my-app", 3000))
KEY = "key-my-app"


@pytest.fixture
def telling(face: Callable[..., Any]) -> Callable[..., Any]:
    """Return a maker of faces behind an icon, on a desktop without notifications."""

    def make(state: Any) -> Any:
        made = face(state)
        made.tray.tells = False
        return made

    return make


def notice(made: Any) -> str | None:
    """Return what the bar in the window says, once somebody looks at the window."""
    made.desktop.intents.show_window()
    bar = made.desktop.window.widget.findChild(NoticeBar)
    return bar.accessibleName() if bar is not None and bar.isVisible() else None


def test_no_window_is_made_for_it_but_the_first_one_shows_it(telling: Callable[..., Any]) -> None:
    made = telling(samples.signed_in(samples.connecting("my-app", 3000)))
    made.become(LIVE)
    assert "widget" not in vars(made.desktop.window)
    assert notice(made) == "my-app is live. https://my-app.example.com"


def test_what_was_over_before_there_was_a_window_is_never_shown(telling: Callable[..., Any]) -> None:
    made = telling(samples.signed_in(samples.connecting("my-app", 3000)))
    made.become(LIVE)
    made.become(samples.signed_in())
    assert notice(made) is None


def test_it_is_said_of_a_tunnel_while_that_is_so(telling: Callable[..., Any]) -> None:
    made = telling(samples.signed_in(samples.connecting("my-app", 3000)))
    made.become(LIVE)
    assert notice(made)
    made.become(AWAY)
    assert notice(made) is None
    made.clock.passed = 10
    made.desktop.telling.render_state(AWAY)
    assert str(notice(made)).startswith("my-app has lost its connection")
    made.become(LIVE)
    assert str(notice(made)).startswith("my-app is connected again")
    made.become(samples.signed_in(samples.stopping("my-app", 3000)))
    assert notice(made) is None


def test_a_copied_address_is_told_while_it_is_the_tunnels(telling: Callable[..., Any]) -> None:
    made = telling(LIVE)
    made.desktop.addresses.copy_and_tell(KEY)
    made.become(AWAY)
    assert str(notice(made)).startswith("Address copied")
    made.become(samples.signed_in())
    assert notice(made) is None


@pytest.mark.parametrize(
    ("wrong", "mended"),
    [
        (replace(LIVE, failure=Failure(ErrorCode.KEYRING_LOCKED)), LIVE),
        (replace(LIVE, failure=samples.OFFLINE), replace(LIVE, failure=Failure(ErrorCode.KEYRING_LOCKED))),
        (samples.signed_in(samples.failed("my-app", 3000, samples.TAKEN)), LIVE),
        (samples.signed_in(samples.failed("my-app", 3000, samples.TAKEN)), samples.signed_in()),
    ],
)
def test_a_problem_is_told_until_it_is_gone(telling: Callable[..., Any], wrong: Any, mended: Any) -> None:
    made = telling(samples.signed_in(samples.creating("my-app", 3000)))
    made.become(wrong)
    told = notice(made)
    assert told is not None
    made.become(replace(wrong, max_tunnels=7))
    assert notice(made) == told
    made.become(mended)
    assert notice(made) != told


def test_a_fault_of_our_own_is_told_until_it_is_answered(telling: Callable[..., Any]) -> None:
    made = telling(LIVE)
    made.desktop.report(Failure(ErrorCode.UNEXPECTED, "ValueError"))
    assert notice(made) is not None
    made.desktop.problems.show(OURSELVES)
    made.desktop.problems.dialog.reject()
    assert notice(made) is None


def test_that_the_session_is_over_is_told_until_somebody_signs_in(telling: Callable[..., Any]) -> None:
    made = telling(LIVE)
    made.become(samples.STATES["session-ended"])
    assert notice(made) is not None
    made.become(LIVE)
    assert notice(made) is None
