"""How one row of the catalogue is written down."""

from __future__ import annotations

from dataclasses import dataclass

from tunneldesk.presentation.problem import ActionKind
from tunneldesk.presentation.texts import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class Way:
    """One way on, as a template.

    Attributes:
        kind: What it does.
        label: What the button says; left out when it names a fact that is not known.
        value: The fact the action works with.
    """

    kind: ActionKind
    label: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What is shown for a code.

    Titles and texts are given from the most telling to the plainest: the first whose facts are all known is used,
    and the last needs none. The facts are ``{slug}``, ``{next_slug}``, ``{port}``, ``{server}``, ``{max}``,
    ``{status}`` (HTTP), ``{wait}`` (until the server wants to be asked again), ``{said}`` (what the other side
    said, quoted as it came) and ``{own}`` (what we found ourselves, see `reasons`).

    Attributes:
        titles: What happened, one line.
        texts: Why, and what it means for the user's work.
        ways: The ways on, the likely right one first.
        quiet: Told by state and notification, never by a dialog.
        waits: The app asks again by itself once the wait is over.
    """

    titles: tuple[str, ...]
    texts: tuple[str, ...]
    ways: tuple[Way, ...] = ()
    quiet: bool = False
    waits: bool = False


OWN_WORDS = "{own}"
"""The text of a check of our own, which names the value and the way out already."""

ITS_WORDS = "{said}"
"""What the command line says of itself, which is English, like all of the terminal."""

TRY_AGAIN = Way(ActionKind.TRY_AGAIN, QT_TRANSLATE_NOOP("Problem", "Try again"))
START_AGAIN = Way(ActionKind.SIGN_IN, QT_TRANSLATE_NOOP("Problem", "Start again"))
SIGN_IN = Way(ActionKind.SIGN_IN, QT_TRANSLATE_NOOP("Problem", "Sign in"))
USE_ANOTHER_ACCOUNT = Way(ActionKind.USE_ANOTHER_ACCOUNT, QT_TRANSLATE_NOOP("Problem", "Use another account"))
EDIT = Way(ActionKind.EDIT, QT_TRANSLATE_NOOP("Problem", "Edit..."))
CHANGE_PORT = Way(ActionKind.CHANGE_PORT, QT_TRANSLATE_NOOP("Problem", "Change port"))
CHANGE_NAME = Way(ActionKind.CHANGE_NAME, QT_TRANSLATE_NOOP("Problem", "Change name"))
CHOOSE_NAME = Way(ActionKind.CHANGE_NAME, QT_TRANSLATE_NOOP("Problem", "Choose a name"))
USE_NEXT_NAME = Way(ActionKind.USE_NAME, QT_TRANSLATE_NOOP("Problem", 'Try "{next_slug}"'), "next_slug")
USE_RANDOM_NAME = Way(ActionKind.USE_RANDOM_NAME, QT_TRANSLATE_NOOP("Problem", "Use a random name"))
MAKE_ROOM = Way(ActionKind.MAKE_ROOM, QT_TRANSLATE_NOOP("Problem", "Stop a tunnel..."))
CANCEL = Way(ActionKind.CANCEL, QT_TRANSLATE_NOOP("Problem", "Cancel"))
CHECK_SERVER = Way(ActionKind.CHECK_SERVER, QT_TRANSLATE_NOOP("Problem", "Check server address"))
CHOOSE_AUTHORITY = Way(ActionKind.CHOOSE_AUTHORITY, QT_TRANSLATE_NOOP("Problem", "Choose certificate..."))
DOWNLOAD_CONNECTOR = Way(ActionKind.DOWNLOAD_CONNECTOR, QT_TRANSLATE_NOOP("Problem", "Download it"))
DOWNLOAD_AGAIN = Way(ActionKind.DOWNLOAD_CONNECTOR, QT_TRANSLATE_NOOP("Problem", "Try again"))
OPEN_CONNECTOR_PAGE = Way(ActionKind.OPEN_CONNECTOR_PAGE, QT_TRANSLATE_NOOP("Problem", "Open the release page"))
CHOOSE_CONNECTOR = Way(ActionKind.CHOOSE_CONNECTOR, QT_TRANSLATE_NOOP("Problem", "Choose file..."))
SHOW_LOG = Way(ActionKind.SHOW_LOG, QT_TRANSLATE_NOOP("Problem", "Show log"))
SESSION_ONLY = Way(ActionKind.SESSION_ONLY, QT_TRANSLATE_NOOP("Problem", "Only for this session"))
EXPOSE_AGAIN = Way(ActionKind.EXPOSE_AGAIN, QT_TRANSLATE_NOOP("Problem", "Expose again"))
GO_ON = Way(ActionKind.CANCEL, QT_TRANSLATE_NOOP("Problem", "OK"))
COPY_DETAILS = Way(ActionKind.COPY_DETAILS, QT_TRANSLATE_NOOP("Problem", "Copy details"))
