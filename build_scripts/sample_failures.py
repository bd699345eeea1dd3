"""A failure of every cause as it really comes: told by a server, or found by ourselves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from build_scripts.sample_states import NOW, TAKEN
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.reasons import Because, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

QUOTED = "What the server said, as it said it."
"""What others say in these failures, in whatever language that is."""

_PROGRAM = "/usr/bin/cloudflared"
_RELEASE = "https://github.com/cloudflare/cloudflared/releases"
_FILE = "/home/me/.config/tunneldesk/settings.json"
_FULL = "No space left on device"
_FOREIGN = "Exec format error"

THEIRS = (QUOTED, TAKEN.message, _FULL, _FOREIGN, "timeout: no recent network activity", "ann at example.com")
"""All that the sample screens quote: from servers, the system and the connector, and what somebody typed."""

_FOUND: Mapping[ErrorCode, Because] = {
    ErrorCode.INVALID_PORT: Because(Reason.NOT_A_PORT, {"value": "65536"}),
    ErrorCode.INVALID_SLUG: Because(Reason.NOT_A_NAME, {"value": "my-app"}),
    ErrorCode.INVALID_SERVER_ADDRESS: Because(Reason.SERVER_IN_THE_CLEAR, {"value": "http://api.example.com"}),
    ErrorCode.INVALID_LINK: Because(Reason.LINK_ASKS_OTHERWISE, {"value": "tunneldesk://stop?port=3000"}),
    ErrorCode.NOT_A_TUNNEL_SERVER: Because(Reason.ANSWER_IS_A_PAGE),
    ErrorCode.SERVER_TIMED_OUT: Because(Reason.NO_WHOLE_ANSWER, {"seconds": "15"}),
    ErrorCode.SERVER_CONNECTION_BROKEN: Because(Reason.PROXY_UNUSABLE, {"scheme": "socks5"}),
    ErrorCode.SERVER_CERTIFICATE_INVALID: Because(Reason.AUTHORITY_EMPTY, {"path": "/etc/ssl/company.pem"}),
    ErrorCode.OAUTH_EXPIRED: Because(Reason.BROWSER_SILENT, {"minutes": "10"}),
    ErrorCode.KEYRING_LOCKED: Because(Reason.KEYRING_SILENT, {"seconds": "10"}),
    ErrorCode.KEYRING_REFUSED: Because(Reason.SECRET_TOO_LONG, {"length": "1900", "most": "1280"}),
    ErrorCode.CONNECTOR_MISSING: Because(Reason.PROGRAM_NOWHERE),
    ErrorCode.CONNECTOR_TOO_OLD: Because(
        Reason.PROGRAM_TOO_OLD, {"path": _PROGRAM, "version": "2021.12.4", "oldest": "2022.3.0"}
    ),
    ErrorCode.CONNECTOR_NOT_EXECUTABLE: Because(Reason.PROGRAM_NOT_EXECUTABLE, {"path": _PROGRAM}),
    ErrorCode.CONNECTOR_WRONG_ARCHITECTURE: Because(
        Reason.PROGRAM_NOT_STARTED, {"path": _PROGRAM, "system": _FOREIGN}
    ),
    ErrorCode.CONNECTOR_TOKEN_REFUSED: Because(Reason.TOKEN_LEADS_ELSEWHERE),
    ErrorCode.CONNECTOR_DOWNLOAD_FAILED: Because(Reason.DOWNLOAD_SILENT, {"host": "github.com"}),
    ErrorCode.CONNECTOR_NO_DOWNLOAD: Because(
        Reason.DOWNLOAD_UNVERIFIABLE, {"version": "2026.7.1", "machine": "darwin-arm64", "page": _RELEASE}
    ),
    ErrorCode.FILE_DAMAGED: Because(Reason.FILE_KEPT_ASIDE, {"path": _FILE, "kept": f"{_FILE}.1"}),
    ErrorCode.FILE_NOT_WRITTEN: Because(Reason.FILE_UNWRITABLE, {"path": _FILE, "system": _FULL}),
    ErrorCode.EMBEDDED_SERVER_FAILED: Because(
        Reason.EMBEDDED_NOT_STARTED, {"folder": "/home/me/demo", "system": _FULL}
    ),
}


def sample_failure(code: ErrorCode) -> Failure:
    """Return a failure of this cause: found by ourselves where we find it, else said by a server."""
    found = _FOUND.get(code)
    if found is None:
        return replace(TAKEN, code=code, message=QUOTED)
    return Failure(code, because=(found,), at=NOW)
