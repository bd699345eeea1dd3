"""What we find ourselves, as a reason and its facts, for the presentation to make a sentence of.

What a server, the connector or the system says is no reason of ours. It is quoted as it came: whole in
`Failure.message`, or as the fact ``system`` of a reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Reason(StrEnum):
    """Everything that we find ourselves; the values are how a log says it."""

    # What was entered
    NOT_A_PORT = "not a port"
    NOT_A_NAME = "not a name"
    NOT_AN_EMAIL = "not an e-mail address"
    SERVER_NOT_AN_ADDRESS = "not a web address"
    SERVER_SCHEME = "not a scheme of a server"
    SERVER_WITHOUT_HOST = "no host name in the server address"
    SERVER_WITH_CREDENTIALS = "user name or password in the server address"
    SERVER_WITH_QUERY = "query or fragment in the server address"
    SERVER_IN_THE_CLEAR = "plain http elsewhere than on this computer"
    NOT_A_HOST_NAME = "not a host name"
    LINK_UNREADABLE = "link can't be read"
    LINK_OF_OTHERS = "link is none of ours"
    LINK_ASKS_OTHERWISE = "link asks for something else than exposing"
    LINK_WITHOUT_ONE_PORT = "link does not name one port, and one name at most"

    # Files of ours, and what the system keeps for us
    FILE_KEPT_ASIDE = "damaged file kept aside"
    FILE_LEFT = "damaged file left as it is"
    FILE_UNREADABLE = "file can't be read"
    FILE_NOT_WRITTEN_OVER = "file that could not be read is not written over"
    FILE_UNWRITABLE = "file can't be written"
    FOLDER_UNWRITABLE = "folder can't be written"
    AUTOSTART_UNCHANGED = "starting at login can't be changed"
    SECRET_TOO_LONG = "secret is longer than the keyring keeps"  # noqa: S105 - words about one
    KEYRING_SILENT = "keyring did not answer"
    EMBEDDED_NOT_STARTED = "embedded server can't be started"

    # The way to a server, and its answers
    PROXY_UNUSABLE = "proxy can't be used"
    AUTHORITY_UNREADABLE = "no certificate authority can be read"
    AUTHORITY_EMPTY = "file holds no certificate authority"
    TIMED_OUT = "timed out"
    NO_WHOLE_ANSWER = "no whole answer in time"
    BROKEN_OFF = "connection broke off"
    ANSWER_NOT_HTTP = "answer is not HTTP"
    ANSWER_LEADS_AWAY = "answer leads to another address"
    ANSWER_LEADS_TO = "answer leads away"
    ANSWER_IS_A_PAGE = "answer is a web page, not JSON"
    ANSWER_NOT_JSON = "answer is not JSON"
    ANSWER_OF_OTHERS = "answer is not one of the tunnels API"
    ANSWER_COMPRESSED = "answer is compressed"
    ANSWER_TOO_LONG = "answer is longer than any of the tunnels API"
    ANSWER_NOT_AN_OBJECT = "answer is not an object"
    ANSWER_NOT_A_LIST = "answer is not a list"
    ANSWER_NOT_OK = "answer does not say ok"
    NO_TUNNELS_API = "no tunnels API there"
    FIELD_NOT_TEXT = "field is missing or not text"
    FIELD_NOT_A_NUMBER = "field is missing or not a number"
    FIELD_NOT_A_TOKEN = "field is not a token"  # noqa: S105 - words about one
    FIELD_NOT_AN_ID = "field is not an identifier"
    FIELD_NOT_A_HOST = "field is not a host name"
    FIELD_NOT_A_PAGE = "field is not the address of a web page"
    FIELD_UNKNOWN = "field says what nobody knows"
    TOKEN_MISSING = "no access token to send"  # noqa: S105 - words about one
    TOKEN_UNSENDABLE = "access token holds characters that no token has"  # noqa: S105 - words about one
    TUNNEL_NAMELESS = "no tunnel without a name"
    BROWSER_SILENT = "nothing came from the browser in time"

    # cloudflared: found, downloaded, run
    PROGRAM_NOWHERE = "no cloudflared"
    PROGRAM_MISSING = "no such file"
    PROGRAM_NOT_EXECUTABLE = "file is not executable"
    PROGRAM_NOT_STARTED = "file can't be started"
    PROGRAM_HANGS = "file did not end when asked for its version"
    PROGRAM_OF_OTHERS = "file does not answer as cloudflared does"
    PROGRAM_TOO_OLD = "cloudflared is too old"
    TOKEN_LEADS_ELSEWHERE = "token names an edge of its own"  # noqa: S105 - words about one
    CONNECTOR_NOT_STARTED = "connector can't be started"
    CONNECTOR_ENDED = "connector ended"
    CONNECTOR_KILLED = "connector was killed"
    DOWNLOAD_UNVERIFIABLE = "no download that can be verified"
    DOWNLOAD_SILENT = "download did not answer"
    DOWNLOAD_NOT_CONNECTED = "connection for the download failed"
    DOWNLOAD_UNCERTIFIED = "certificate for the download does not hold"
    DOWNLOAD_GOES_ROUND = "download leads on without end"
    DOWNLOAD_REFUSED = "download refused"
    DOWNLOAD_TOO_LARGE = "download is too large"
    DOWNLOAD_IN_THE_CLEAR = "download leads to an address that is not secure"
    DOWNLOAD_NOWHERE_TO_PUT = "download can't be put in its place"
    DOWNLOAD_DIFFERS = "download has another digest"
    DOWNLOAD_DOES_NOT_RUN = "download does not run"
    DOWNLOAD_OF_ANOTHER_VERSION = "download is of another version"
    ARCHIVE_UNREADABLE = "archive can't be read"
    ARCHIVE_WITHOUT_PROGRAM = "archive does not hold the program"
    MIRROR_UNUSABLE = "mirror can't be used"
    MIRROR_WITH_PATH = "mirror is more than a host"


@dataclass(frozen=True, slots=True)
class Because:
    """One thing that we have found.

    Attributes:
        reason: What.
        facts: What its sentence names, by the names that the sentence has for them. Never a secret: what is here
            is shown, logged, and copied to whoever helps.
    """

    reason: Reason
    facts: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    def __str__(self) -> str:
        """Return it as a log says it."""
        named = ", ".join(f'{name} "{fact}"' for name, fact in self.facts.items())
        return f"{self.reason} ({named})" if named else self.reason.value
