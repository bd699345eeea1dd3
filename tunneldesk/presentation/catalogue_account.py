"""The catalogue's rows for who is asking: tokens, accounts, sign-in, and where tokens are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode
from tunneldesk.presentation.catalogue_entry import (
    SESSION_ONLY,
    SIGN_IN,
    START_AGAIN,
    TRY_AGAIN,
    USE_ANOTHER_ACCOUNT,
    Entry,
)
from tunneldesk.presentation.texts import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from collections.abc import Mapping


def _sign_in_again(*texts: str) -> Entry:
    return Entry((QT_TRANSLATE_NOOP("Problem", "Sign in again"),), texts, (SIGN_IN,))


def _not_this_account(*texts: str) -> Entry:
    return Entry((QT_TRANSLATE_NOOP("Problem", "This account may not do that"),), texts, (USE_ANOTHER_ACCOUNT,))


def _provider_refused(text: str) -> Entry:
    title = QT_TRANSLATE_NOOP("Problem", "Sign-in was refused")
    return Entry((title,), (text,), (TRY_AGAIN, USE_ANOTHER_ACCOUNT))


def _provider_failed(text: str) -> Entry:
    title = QT_TRANSLATE_NOOP("Problem", "Sign-in failed at the provider")
    return Entry((title,), (text,), (TRY_AGAIN, USE_ANOTHER_ACCOUNT))


def _sign_in_void(text: str) -> Entry:
    return Entry((QT_TRANSLATE_NOOP("Problem", "That sign-in is no longer valid"),), (text,), (START_AGAIN,))


def _not_stored(text: str) -> Entry:
    title = QT_TRANSLATE_NOOP("Problem", "Can't store your sign-in safely")
    return Entry((title,), (text,), (SESSION_ONLY, TRY_AGAIN))


ENTRIES: Mapping[ErrorCode, Entry] = {
    ErrorCode.SIGNED_OUT: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "You are not signed in"),),
        texts=(
            QT_TRANSLATE_NOOP("Problem", "{server} needs to know who is asking. Sign in to expose port {port}."),
            QT_TRANSLATE_NOOP("Problem", "{server} needs to know who is asking. Sign in to go on."),
            QT_TRANSLATE_NOOP(
                "Problem",
                "TunnelDesk does not know yet which server to use, or as whom. Sign in to go on.",
            ),
        ),
        ways=(SIGN_IN,),
    ),
    ErrorCode.MISSING_AUTH: _sign_in_again(
        QT_TRANSLATE_NOOP(
            "Problem", "{server} was asked without an access token. Sign in to go on with port {port}."
        ),
        QT_TRANSLATE_NOOP("Problem", "The server was asked without an access token. Sign in to go on."),
    ),
    ErrorCode.INVALID_TOKEN: _sign_in_again(
        QT_TRANSLATE_NOOP(
            "Problem",
            "{server} does not accept the access token: it has expired, was revoked, or belongs to another "
            "server. Sign in to go on with port {port}.",
        ),
        QT_TRANSLATE_NOOP(
            "Problem",
            "The server does not accept the access token: it has expired, was revoked, or belongs to another "
            "server. Sign in to go on.",
        ),
    ),
    ErrorCode.INVALID_REFRESH_TOKEN: Entry(
        titles=(QT_TRANSLATE_NOOP("Problem", "Your session has ended"),),
        texts=(
            QT_TRANSLATE_NOOP(
                "Problem",
                "{server} no longer continues it, as happens after some time or when the session was ended "
                "elsewhere. Sign in to go on with port {port}.",
            ),
            QT_TRANSLATE_NOOP(
                "Problem",
                "The server no longer continues it, as happens after some time or when the session was ended "
                "elsewhere. Sign in to go on.",
            ),
        ),
        ways=(SIGN_IN,),
    ),
    ErrorCode.FORBIDDEN: _not_this_account(
        QT_TRANSLATE_NOOP("Problem", 'The server knows the account and does not allow this. It says: "{said}"'),
        QT_TRANSLATE_NOOP("Problem", "The server knows the account and does not allow this."),
    ),
    ErrorCode.WORKSPACE_NOT_ALLOWED: _not_this_account(
        QT_TRANSLATE_NOOP(
            "Problem",
            "The server takes accounts of certain Slack workspaces only, and this account's is not one of them.",
        )
    ),
    ErrorCode.EMAIL_MISMATCH: _not_this_account(
        QT_TRANSLATE_NOOP(
            "Problem",
            "The browser is signed in to Slack with another e-mail address than the one given here. Use the same "
            "in both places.",
        )
    ),
    ErrorCode.EMAIL_NOT_ALLOWED: _not_this_account(
        QT_TRANSLATE_NOOP("Problem", "The server takes certain e-mail addresses only, and this is not one of them.")
    ),
    ErrorCode.SLACK_OAUTH_DENIED: _provider_refused(
        QT_TRANSLATE_NOOP("Problem", "Slack says that access was declined in the browser, so nobody was signed in.")
    ),
    ErrorCode.SLACK_PROFILE_INCOMPLETE: _provider_refused(
        QT_TRANSLATE_NOOP(
            "Problem",
            "The Slack account does not show an e-mail address, and without one the server does not know whose it "
            "is.",
        )
    ),
    ErrorCode.SLACK_OAUTH_FAILED: _provider_failed(
        QT_TRANSLATE_NOOP(
            "Problem",
            "Slack did not complete the sign-in that the server asked for. This usually passes within minutes.",
        )
    ),
    ErrorCode.SLACK_PROFILE_FAILED: _provider_failed(
        QT_TRANSLATE_NOOP(
            "Problem",
            "Slack took the sign-in but did not tell the server whose account it is. This usually passes within "
            "minutes.",
        )
    ),
    ErrorCode.INVALID_STATE: _sign_in_void(
        QT_TRANSLATE_NOOP("Problem", "The server does not know this sign-in. It may have been restarted meanwhile.")
    ),
    ErrorCode.OAUTH_EXPIRED: _sign_in_void(
        QT_TRANSLATE_NOOP("Problem", "It took longer in the browser than the server waits.")
    ),
    ErrorCode.OAUTH_ALREADY_USED: _sign_in_void(
        QT_TRANSLATE_NOOP("Problem", "The page in the browser was opened a second time; it works only once.")
    ),
    ErrorCode.MISSING_OAUTH_PARAMS: _sign_in_void(
        QT_TRANSLATE_NOOP("Problem", "The browser came back without what the server needs to go on.")
    ),
    ErrorCode.INVALID_LOGIN_CODE: _sign_in_void(
        QT_TRANSLATE_NOOP(
            "Problem", "The server does not know the code with which the sign-in was to be completed."
        )
    ),
    ErrorCode.LOGIN_CODE_USED: _sign_in_void(
        QT_TRANSLATE_NOOP("Problem", "The code with which it was to be completed had been used already.")
    ),
    ErrorCode.LOGIN_CODE_EXPIRED: _sign_in_void(
        QT_TRANSLATE_NOOP("Problem", "The code with which it was to be completed was no longer fresh.")
    ),
    ErrorCode.INVALID_CODE_VERIFIER: _sign_in_void(
        QT_TRANSLATE_NOOP("Problem", "The server could not confirm that it was begun on this computer.")
    ),
    ErrorCode.USER_NOT_FOUND: _sign_in_void(
        QT_TRANSLATE_NOOP("Problem", "The account it belongs to no longer exists on the server.")
    ),
    ErrorCode.KEYRING_MISSING: _not_stored(
        QT_TRANSLATE_NOOP(
            "Problem",
            "This system offers no keyring, the place where passwords are kept encrypted. Without one you are "
            "signed in until TunnelDesk ends.",
        )
    ),
    ErrorCode.KEYRING_LOCKED: _not_stored(
        QT_TRANSLATE_NOOP(
            "Problem",
            "The system's keyring is locked or does not answer. Unlock it and try again, or stay signed in until "
            "TunnelDesk ends.",
        )
    ),
    ErrorCode.KEYRING_REFUSED: _not_stored(
        QT_TRANSLATE_NOOP(
            "Problem",
            "The system's keyring refused. Allow it when the system asks, or stay signed in until TunnelDesk ends.",
        )
    ),
}
