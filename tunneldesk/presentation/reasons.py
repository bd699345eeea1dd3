"""What we found ourselves, in sentences: one for each reason, with its facts filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tunneldesk.domain.reasons import Reason
from tunneldesk.presentation.texts import QT_TRANSLATE_NOOP, fill, plain
from tunneldesk.presentation.translation import translate as _translate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tunneldesk.domain.errors import Failure, InvalidValueError
    from tunneldesk.domain.reasons import Because

CONTEXT = "Reason"
"""The translation context of all the sentences."""


def sentence(because: Because, *, translate: Callable[[str, str], str] = _translate) -> str:
    """Return one thing that we found as a sentence; what the system said about it is quoted in it as it came."""
    facts = {name: plain(fact) for name, fact in because.facts.items()}
    if "system" in facts:
        facts["system"] = facts["system"].rstrip(".")
    return fill(translate(CONTEXT, SENTENCES[because.reason]), facts)


def own_words(failure: Failure, *, translate: Callable[[str, str], str] = _translate) -> str:
    """Return all that we found ourselves; empty where the code says it all, or others do."""
    return " ".join(sentence(each, translate=translate) for each in failure.because)


def said(failure: Failure, *, translate: Callable[[str, str], str] = _translate) -> str:
    """Return what there is to say beyond the code: what we found, then what others said, quoted as it came."""
    return " ".join(filter(None, (own_words(failure, translate=translate), plain(failure.message))))


def complaint(error: InvalidValueError) -> str:
    """Return what is wrong with what was typed, as it stands below the field."""
    return own_words(error.failure)


SENTENCES: Mapping[Reason, str] = {
    # What was entered
    Reason.NOT_A_PORT: QT_TRANSLATE_NOOP(
        "Reason", '"{value}" is not a port. A port is a whole number from 1 to 65535.'
    ),
    Reason.NOT_A_NAME: QT_TRANSLATE_NOOP(
        "Reason",
        '"{value}" can\'t be used as a name. A name is lower-case letters, digits and hyphens, 1 to 32 of them, no '
        "hyphen at either end.",
    ),
    Reason.NOT_AN_EMAIL: QT_TRANSLATE_NOOP(
        "Reason", '"{value}" is not an e-mail address. One looks like you@example.com.'
    ),
    Reason.SERVER_NOT_AN_ADDRESS: QT_TRANSLATE_NOOP(
        "Reason",
        '"{value}" can\'t be a server address: it is not a web address. Write it like https://api.example.com.',
    ),
    Reason.SERVER_SCHEME: QT_TRANSLATE_NOOP(
        "Reason",
        '"{value}" can\'t be a server address: it starts with {scheme}://. Write it like https://api.example.com.',
    ),
    Reason.SERVER_WITHOUT_HOST: QT_TRANSLATE_NOOP(
        "Reason",
        '"{value}" can\'t be a server address: it has no host name in it. Write it like https://api.example.com.',
    ),
    Reason.SERVER_WITH_CREDENTIALS: QT_TRANSLATE_NOOP(
        "Reason",
        '"{value}" can\'t be a server address: a user name or password does not belong in it. Sign in instead.',
    ),
    Reason.SERVER_WITH_QUERY: QT_TRANSLATE_NOOP(
        "Reason", '"{value}" can\'t be a server address: it goes on after a ? or #. Leave that part out.'
    ),
    Reason.SERVER_IN_THE_CLEAR: QT_TRANSLATE_NOOP(
        "Reason", '"{value}" can\'t be a server address: plain http:// is for this computer only. Use https://.'
    ),
    Reason.NOT_A_HOST_NAME: QT_TRANSLATE_NOOP("Reason", 'The server named "{value}", which is not a host name.'),
    Reason.LINK_UNREADABLE: QT_TRANSLATE_NOOP(
        "Reason",
        "\"{value}\" can't be followed: it can't be read. One looks like "
        "tunneldesk://expose?port=3000&name=my-app.",
    ),
    Reason.LINK_OF_OTHERS: QT_TRANSLATE_NOOP(
        "Reason",
        '"{value}" can\'t be followed: it is none of ours. One looks like '
        "tunneldesk://expose?port=3000&name=my-app.",
    ),
    Reason.LINK_ASKS_OTHERWISE: QT_TRANSLATE_NOOP(
        "Reason",
        '"{value}" can\'t be followed: exposing a port is all that a link can ask for. One looks like '
        "tunneldesk://expose?port=3000&name=my-app.",
    ),
    Reason.LINK_WITHOUT_ONE_PORT: QT_TRANSLATE_NOOP(
        "Reason",
        '"{value}" can\'t be followed: it has to name one port, and one name at most. One looks like '
        "tunneldesk://expose?port=3000&name=my-app.",
    ),
    # Files of ours, and what the system keeps for us
    Reason.FILE_KEPT_ASIDE: QT_TRANSLATE_NOOP("Reason", "{path} is damaged. It is kept as {kept}."),
    Reason.FILE_LEFT: QT_TRANSLATE_NOOP("Reason", "{path} is damaged. It is left as it is."),
    Reason.FILE_UNREADABLE: QT_TRANSLATE_NOOP("Reason", "{path} can't be read: {system}. It is left as it is."),
    Reason.FILE_NOT_WRITTEN_OVER: QT_TRANSLATE_NOOP(
        "Reason", "{path} could not be read, so it is not written over."
    ),
    Reason.FILE_UNWRITABLE: QT_TRANSLATE_NOOP("Reason", "{path} can't be written: {system}."),
    Reason.FOLDER_UNWRITABLE: QT_TRANSLATE_NOOP("Reason", "The folder of TunnelDesk can't be written: {system}."),
    Reason.AUTOSTART_UNCHANGED: QT_TRANSLATE_NOOP("Reason", "Starting at login can't be changed: {system}."),
    Reason.SECRET_TOO_LONG: QT_TRANSLATE_NOOP(
        "Reason", "What is to be kept has {length} characters, and the keyring of this system keeps at most {most}."
    ),
    Reason.KEYRING_SILENT: QT_TRANSLATE_NOOP("Reason", "The keyring did not answer within {seconds} s."),
    Reason.EMBEDDED_NOT_STARTED: QT_TRANSLATE_NOOP("Reason", "It can't be started in {folder}: {system}."),
    # The way to a server, and its answers
    Reason.PROXY_UNUSABLE: QT_TRANSLATE_NOOP(
        "Reason", "The system names a proxy that can't be used ({scheme}://...). An http:// proxy can."
    ),
    Reason.AUTHORITY_UNREADABLE: QT_TRANSLATE_NOOP("Reason", "No certificate can be read from {path}: {system}."),
    Reason.AUTHORITY_EMPTY: QT_TRANSLATE_NOOP("Reason", "No certificate can be read from {path}: it holds none."),
    Reason.TIMED_OUT: QT_TRANSLATE_NOOP("Reason", "The connection timed out."),
    Reason.NO_WHOLE_ANSWER: QT_TRANSLATE_NOOP("Reason", "There was no whole answer within {seconds} s."),
    Reason.BROKEN_OFF: QT_TRANSLATE_NOOP("Reason", "The connection broke off."),
    Reason.ANSWER_NOT_HTTP: QT_TRANSLATE_NOOP("Reason", "The answer is not HTTP: {system}."),
    Reason.ANSWER_LEADS_AWAY: QT_TRANSLATE_NOOP("Reason", "The server sends us on to another address."),
    Reason.ANSWER_LEADS_TO: QT_TRANSLATE_NOOP("Reason", "The server sends us on to {target}."),
    Reason.ANSWER_IS_A_PAGE: QT_TRANSLATE_NOOP("Reason", "The answer is a web page, not JSON."),
    Reason.ANSWER_NOT_JSON: QT_TRANSLATE_NOOP("Reason", "The answer is not JSON."),
    Reason.ANSWER_OF_OTHERS: QT_TRANSLATE_NOOP("Reason", "The answer is not one of the tunnels API."),
    Reason.ANSWER_COMPRESSED: QT_TRANSLATE_NOOP(
        "Reason", "The answer is compressed, though we asked for it plain."
    ),
    Reason.ANSWER_TOO_LONG: QT_TRANSLATE_NOOP("Reason", "The answer is longer than any of the tunnels API."),
    Reason.ANSWER_NOT_AN_OBJECT: QT_TRANSLATE_NOOP("Reason", "The answer is not a JSON object."),
    Reason.ANSWER_NOT_A_LIST: QT_TRANSLATE_NOOP("Reason", "The answer is not a list of tunnels."),
    Reason.ANSWER_NOT_OK: QT_TRANSLATE_NOOP("Reason", 'The answer does not say "ok": true.'),
    Reason.NO_TUNNELS_API: QT_TRANSLATE_NOOP("Reason", "There is no tunnels API at this address."),
    Reason.FIELD_NOT_TEXT: QT_TRANSLATE_NOOP("Reason", 'In the answer, "{field}" is missing or not text.'),
    Reason.FIELD_NOT_A_NUMBER: QT_TRANSLATE_NOOP("Reason", 'In the answer, "{field}" is missing or not a number.'),
    Reason.FIELD_NOT_A_TOKEN: QT_TRANSLATE_NOOP("Reason", 'In the answer, "{field}" is not a token.'),
    Reason.FIELD_NOT_AN_ID: QT_TRANSLATE_NOOP("Reason", 'In the answer, "{field}" is not an identifier.'),
    Reason.FIELD_NOT_A_HOST: QT_TRANSLATE_NOOP("Reason", 'In the answer, "{field}" is not a host name.'),
    Reason.FIELD_NOT_A_PAGE: QT_TRANSLATE_NOOP(
        "Reason", 'In the answer, "{field}" is not the address of a web page.'
    ),
    Reason.FIELD_UNKNOWN: QT_TRANSLATE_NOOP("Reason", 'In the answer, "{field}" is none that we know.'),
    Reason.TOKEN_MISSING: QT_TRANSLATE_NOOP("Reason", "There is no access token to send."),
    Reason.TOKEN_UNSENDABLE: QT_TRANSLATE_NOOP("Reason", "The access token holds characters that no token has."),
    Reason.TUNNEL_NAMELESS: QT_TRANSLATE_NOOP("Reason", "There is no tunnel without a name."),
    Reason.BROWSER_SILENT: QT_TRANSLATE_NOOP("Reason", "Nothing came from the browser within {minutes} min."),
    # cloudflared: found, downloaded, run
    Reason.PROGRAM_NOWHERE: QT_TRANSLATE_NOOP("Reason", "There is no cloudflared."),
    Reason.PROGRAM_MISSING: QT_TRANSLATE_NOOP("Reason", "There is no file {path}."),
    Reason.PROGRAM_NOT_EXECUTABLE: QT_TRANSLATE_NOOP("Reason", "{path} is not executable."),
    Reason.PROGRAM_NOT_STARTED: QT_TRANSLATE_NOOP("Reason", "{path} can't be started: {system}."),
    Reason.PROGRAM_HANGS: QT_TRANSLATE_NOOP("Reason", "{path} --version did not end within {seconds} s."),
    Reason.PROGRAM_OF_OTHERS: QT_TRANSLATE_NOOP("Reason", "{path} does not answer as cloudflared does."),
    Reason.PROGRAM_TOO_OLD: QT_TRANSLATE_NOOP(
        "Reason", "{path} is {version}; {oldest} is the oldest that will do."
    ),
    Reason.TOKEN_LEADS_ELSEWHERE: QT_TRANSLATE_NOOP(
        "Reason",
        "The tunnel's token leads to a place other than Cloudflare, which is for servers on this computer only.",
    ),
    Reason.CONNECTOR_NOT_STARTED: QT_TRANSLATE_NOOP("Reason", "The connector can't be started: {system}."),
    Reason.CONNECTOR_ENDED: QT_TRANSLATE_NOOP("Reason", "cloudflared ended, exit status {status}"),
    Reason.CONNECTOR_KILLED: QT_TRANSLATE_NOOP("Reason", "cloudflared ended, signal {signal}"),
    Reason.DOWNLOAD_UNVERIFIABLE: QT_TRANSLATE_NOOP(
        "Reason", "cloudflared {version} for {machine} can't be verified by TunnelDesk. See its page ({page})."
    ),
    Reason.DOWNLOAD_SILENT: QT_TRANSLATE_NOOP("Reason", "{host} did not answer, or stopped in the middle."),
    Reason.DOWNLOAD_NOT_CONNECTED: QT_TRANSLATE_NOOP("Reason", "The connection to {host} failed: {system}."),
    Reason.DOWNLOAD_UNCERTIFIED: QT_TRANSLATE_NOOP(
        "Reason", "The connection to {host} failed: its certificate does not hold ({system})."
    ),
    Reason.DOWNLOAD_GOES_ROUND: QT_TRANSLATE_NOOP(
        "Reason", "{address} leads from one address to the next without end."
    ),
    Reason.DOWNLOAD_REFUSED: QT_TRANSLATE_NOOP("Reason", "{host} answered with HTTP {status}."),
    Reason.DOWNLOAD_TOO_LARGE: QT_TRANSLATE_NOOP("Reason", "What {host} sends is too large to be cloudflared."),
    Reason.DOWNLOAD_IN_THE_CLEAR: QT_TRANSLATE_NOOP(
        "Reason", "{host} leads to {target}, which is not a secure address."
    ),
    Reason.DOWNLOAD_NOWHERE_TO_PUT: QT_TRANSLATE_NOOP("Reason", "It can't be put into {folder}: {system}."),
    Reason.DOWNLOAD_DIFFERS: QT_TRANSLATE_NOOP("Reason", "{address} has the digest {digest}, and not {wanted}."),
    Reason.DOWNLOAD_DOES_NOT_RUN: QT_TRANSLATE_NOOP(
        "Reason", "The cloudflared that was downloaded does not run in {folder}."
    ),
    Reason.DOWNLOAD_OF_ANOTHER_VERSION: QT_TRANSLATE_NOOP(
        "Reason", "The cloudflared that was downloaded is {version}, and not {wanted}."
    ),
    Reason.ARCHIVE_UNREADABLE: QT_TRANSLATE_NOOP("Reason", "The archive that was downloaded can't be read."),
    Reason.ARCHIVE_WITHOUT_PROGRAM: QT_TRANSLATE_NOOP(
        "Reason", "The archive that was downloaded holds no {program}."
    ),
    Reason.MIRROR_UNUSABLE: QT_TRANSLATE_NOOP("Reason", "{variable} can't be used."),
    Reason.MIRROR_WITH_PATH: QT_TRANSLATE_NOOP(
        "Reason", "{variable} takes only a host, such as https://mirror.example."
    ),
}
