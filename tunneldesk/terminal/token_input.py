"""Reading an access token without showing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode, InvalidValueError
from tunneldesk.domain.secret import Secret

if TYPE_CHECKING:
    from typing import TextIO

_LONGEST = 65536


def read_token(stream: TextIO) -> Secret:
    """Return the token that ``stream`` holds; a person at a terminal is asked, and sees nothing of it.

    Raises:
        InvalidValueError: INVALID_INPUT, when there is none. The message never quotes what was read.
    """
    if stream.isatty():
        from getpass import getpass

        text = getpass("Access token: ")
    else:
        text = stream.read(_LONGEST)
    token = text.strip()
    if not token or any(char.isspace() for char in token):
        raise InvalidValueError(
            ErrorCode.INVALID_INPUT, "", message="Standard input does not hold an access token."
        )
    return Secret(token)
