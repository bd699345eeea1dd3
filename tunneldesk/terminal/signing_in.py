"""`tunneldesk sign-in` and `sign-out`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tunneldesk.domain.account import Account
from tunneldesk.domain.errors import CredentialsError, ErrorCode, InvalidValueError, TunnelDeskError
from tunneldesk.domain.model import RemoteStatus
from tunneldesk.domain.validation import parse_email, shown
from tunneldesk.presentation.exit_status import ExitStatus
from tunneldesk.terminal.console import say
from tunneldesk.terminal.place import excuse_missing_keyring

if TYPE_CHECKING:
    from typing import TextIO

    from tunneldesk.api.client import ApiClient
    from tunneldesk.terminal.arguments import Call
    from tunneldesk.terminal.place import Place

_WAYS = (
    "Say who you are, to sign in with the browser: tunneldesk sign-in --email you@example.com. Or give an access "
    "token on standard input: tunneldesk sign-in --token-stdin"
)


async def sign_in(call: Call, place: Place, account: Account | None) -> int:
    """Sign in with the browser, or with an access token; return the exit status.

    Raises:
        TunnelDeskError: Nobody was signed in.
    """
    if account is None:
        raise InvalidValueError(ErrorCode.INVALID_INPUT, "", message="Say which server to sign in to: --server URL")
    if call.token_stdin:
        return await _with_token(place, account.server)
    email = call.email or ask_email(sys.stdin, sys.stderr, suggested=account.email)
    return await _by_browser(place, Account(account.server, email))


def ask_email(stdin: TextIO, stderr: TextIO, *, suggested: str | None) -> str:
    """Ask a person at a terminal for their e-mail address, with the one that was used last at hand.

    Raises:
        InvalidValueError: INVALID_INPUT: it is none, or there is nobody to ask.
    """
    if not stdin.isatty():
        raise InvalidValueError(ErrorCode.INVALID_INPUT, "", message=_WAYS)
    stderr.write(f"E-mail [{suggested}]: " if suggested else "E-mail: ")
    stderr.flush()
    return parse_email(stdin.readline().strip() or suggested or "")


async def _by_browser(place: Place, account: Account) -> int:
    from tunneldesk.api.auth import FixedToken
    from tunneldesk.api.client import ApiClient
    from tunneldesk.domain.secret import Secret
    from tunneldesk.presentation.landing import landing_page
    from tunneldesk.service.clock import SystemClock
    from tunneldesk.service.sign_in import sign_in as go_through
    from tunneldesk.terminal.browser import ask_for_one_here, show_address

    kept, server, email = place.sign_ins, account.server, account.email or ""
    await kept.find(account)  # a keyring that can't be used is told before anybody goes to the browser
    client = ApiClient(server, FixedToken(Secret("none")))
    try:
        granted, _ = await go_through(
            client,
            email,
            SystemClock(),
            lambda url: show_address(url, place.environ),
            landing_page,
            only_here=lambda: ask_for_one_here(place.environ),
        )
        account = Account(server, granted.email or email)
        try:
            await kept.keep(account, granted.refresh_token)
        except CredentialsError:
            await client.log_out(granted.refresh_token, granted.access_token)  # nobody would ever use it
            raise
    finally:
        await client.aclose()
    place.accounts.change(lambda accounts: accounts.using(account))
    say([f"Signed in to {server} as {account.email}. You stay signed in until you sign out."])
    return ExitStatus.AS_ASKED


async def _with_token(place: Place, server: str) -> int:
    from tunneldesk.api.auth import FixedToken
    from tunneldesk.api.client import ApiClient
    from tunneldesk.terminal.token_input import read_token

    token = read_token(sys.stdin)
    client = ApiClient(server, FixedToken(token))
    try:
        await client.check()
        await client.list_tunnels()
    finally:
        await client.aclose()
    await place.sign_ins.keep(Account(server), token)
    place.accounts.change(lambda accounts: accounts.using(Account(server)))
    say([f"Signed in to {server}. The access token is kept in the system's keyring."])
    return ExitStatus.AS_ASKED


async def sign_out(_call: Call, place: Place, account: Account | None) -> int:
    """End the session on the server, and forget it; return the exit status.

    Raises:
        CredentialsError: The keyring would not forget it.
    """
    if account is not None:
        try:
            if not await _forget(place, account):
                say(["You stay signed in."])
                return ExitStatus.AS_ASKED
        except CredentialsError as error:
            excuse_missing_keyring(error)
        gone = account
        place.accounts.change(lambda accounts: accounts.without(gone))
    whose = "" if account is None or account.email is None else f" as {account.email}"
    say([f"Signed out of {account.server}{whose}." if account else "Nobody was signed in."])
    if place.given_token is not None:
        say(["TUNNELDESK_ACCESS_TOKEN is still set, and goes on being used."], sys.stderr)
    return ExitStatus.AS_ASKED


async def _forget(place: Place, account: Account) -> bool:
    """Have the server end the session, where there is one, and keep nothing of it; return whether to, after all."""
    async with place.seat(account) as seat:
        kept = await place.sign_ins.find(account)
        if kept is not None:
            await seat.enter(kept, stored=True)
            if not await _may_leave(seat.client):
                return False
        failure = await seat.leave()
    if failure is not None:
        say([f"{account.server} did not end the session ({failure.code}); it runs out by itself."], sys.stderr)
    return True


async def _may_leave(client: ApiClient) -> bool:
    """Tell of the tunnels that are up, and ask a person about them; return whether to sign out."""
    try:
        listed = await client.list_tunnels()
    except TunnelDeskError:
        return True  # nobody can tell, and whoever wants to leave is not held up
    names = [shown(tunnel.slug or tunnel.hostname) for tunnel in listed if tunnel.status is RemoteStatus.ACTIVE]
    if not names:
        return True
    say([f"Still up: {', '.join(names)}. To stop them first: tunneldesk stop --all"], sys.stderr)
    return not sys.stdin.isatty() or ask_whether_to_leave(sys.stdin, sys.stderr)


def ask_whether_to_leave(stdin: TextIO, stderr: TextIO) -> bool:
    """Ask a person at a terminal whether to sign out though tunnels are up; anything but a yes is a no."""
    stderr.write("They go on as long as they can without you. Sign out all the same? [y/N] ")
    stderr.flush()
    return stdin.readline().strip().lower() in {"y", "yes"}
