"""A failure as a person meets it: what happened, why, and the ways on.

The catalogue makes a `Problem` of a `Failure`; the dialog, the notification and the terminal all show that one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tunneldesk.domain.errors import ErrorCode


class ActionKind(StrEnum):
    """What a button does; decided by this, never by its text."""

    TRY_AGAIN = "try-again"
    EDIT = "edit"  # the expose dialog, filled as it was
    CHANGE_PORT = "change-port"  # the expose dialog, the port focused
    CHANGE_NAME = "change-name"  # the expose dialog, the name focused
    USE_NAME = "use-name"  # `value` is the name to try
    USE_RANDOM_NAME = "use-random-name"
    MAKE_ROOM = "make-room"  # lists the user's tunnels, each with Stop
    CANCEL = "cancel"
    SIGN_IN = "sign-in"
    USE_ANOTHER_ACCOUNT = "use-another-account"
    CHECK_SERVER = "check-server"
    DOWNLOAD_CONNECTOR = "download-connector"
    OPEN_CONNECTOR_PAGE = "open-connector-page"
    CHOOSE_CONNECTOR = "choose-connector"
    CHOOSE_AUTHORITY = "choose-authority"
    SHOW_LOG = "show-log"
    COPY_DETAILS = "copy-details"
    SESSION_ONLY = "session-only"
    EXPOSE_AGAIN = "expose-again"


@dataclass(frozen=True, slots=True)
class Action:
    """One way on: a button, or a line of advice in the terminal."""

    kind: ActionKind
    label: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a failure is about, for the sentences: the user's own port, name and server.

    Attributes:
        port: The port that was to be exposed.
        slug: The requested name.
        server: The server's address.
        max_tunnels: How many tunnels the account may have.
        taken: Names that are known to be in use, so that none of them is proposed.
    """

    port: int | None = None
    slug: str | None = None
    server: str | None = None
    max_tunnels: int | None = None
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is shown.

    Attributes:
        code: The cause, for those who look for it by name.
        title: What happened, one line.
        text: Why, and what it means for the user's work; plain text.
        actions: The ways on, the likely right one first; never empty unless `quiet`.
        details: Label and value pairs for "Details": code, HTTP status, server message, time, request id.
        quiet: True for what is told by state and notification and never by a dialog.
        countdown: Seconds after which the app goes on by itself; None when it waits for the user.
    """

    code: ErrorCode
    title: str
    text: str
    actions: tuple[Action, ...]
    details: tuple[tuple[str, str], ...] = ()
    quiet: bool = False
    countdown: float | None = None
