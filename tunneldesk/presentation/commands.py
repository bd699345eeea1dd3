"""All that a face may ask for.

Every command returns at once; what comes of it is seen in the state. None of them raises for anything that a
server, a connector or a network does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tunneldesk.domain.account import Account
    from tunneldesk.domain.lines import Lines
    from tunneldesk.domain.model import Wish
    from tunneldesk.domain.preferences import Preferences
    from tunneldesk.domain.secret import Secret


class Commands(Protocol):
    """What faces call; the composition root hands them the service's implementation."""

    def expose(self, wish: Wish) -> str:
        """Expose a port; return the key under which the state holds the new tunnel."""

    def revise(self, key: str, wish: Wish) -> None:
        """Go on with another wish under the same key: stop what there is, then expose anew.

        With the tunnel's own wish it is "try again" for one that failed, and "restart" for one that runs.
        """

    def stop(self, key: str) -> None:
        """Stop a tunnel, in whatever phase; a second call while it is stopping forces the connector down."""

    def stop_all(self) -> None:
        """Stop every tunnel of this app."""

    def try_now(self, key: str) -> None:
        """Have a tunnel that is in trouble do at once what it would do next by itself: beat, connect, ask again.

        Unlike `revise` it gives up nothing that is still up.
        """

    def dismiss(self, key: str) -> None:
        """Forget a tunnel that has failed or stopped."""

    def stop_remote(self, tunnel_id: str) -> None:
        """Stop a tunnel of this account that runs elsewhere."""

    def make_room(self, key: str, tunnel_id: str) -> None:
        """Stop the tunnel with this server id, ours or elsewhere, then go on with the refused one of ``key``."""

    def refresh(self) -> None:
        """Ask the server for its list of tunnels."""

    def sign_in(self, server: str, token: Secret, *, remember: bool) -> None:
        """Use this server with this access token, checked at once; on success whatever was refused goes on.

        ``remember`` keeps the token in the keyring, else it is for this run only.
        """

    def sign_in_by_browser(self, server: str, email: str, *, remember: bool) -> None:
        """Have this account signed in with the browser, see `AppState.signing_in`, then go on as `sign_in` does.

        The face opens the address that the state then holds.
        """

    def cancel_sign_in(self) -> None:
        """Want no sign-in with the browser after all; whoever was signed in still is."""

    def session_only(self) -> None:
        """Have the session's sign-in for this run only; what was said about the keyring has been read."""

    def use_account(self, account: Account) -> None:
        """Make this account, one of `AppState.accounts`, the one that new tunnels are for.

        Tunnels of others run on. Where its sign-in is no longer good the session says so.
        """

    def sign_out(self) -> None:
        """Forget the session's account; its tunnels are stopped first, those of other accounts run on."""

    def use_demo(self, *, stay: bool = True) -> None:
        """Start the embedded server on this computer and use it; with ``stay`` at the next start, too."""

    def prefer(self, preferences: Preferences) -> None:
        """Keep what the user has chosen; with another connector, go on with what failed for the lack of one."""

    def check_address(self, key: str) -> None:
        """Fetch a tunnel's public address as a visitor would; `Tunnel.finding` says what came of it."""

    def find_listeners(self) -> None:
        """Look what listens on this machine; `AppState.listeners` says it."""

    def examine(self) -> None:
        """Look at everything the job needs; `AppState.checkup` says what is found."""

    def download_connector(self) -> None:
        """Fetch the cloudflared of the shipped lock, see `AppState.download`, then go on with what lacked one."""

    def cancel_download(self) -> None:
        """Want no download after all; nothing half-done is kept."""

    def dismiss_update(self) -> None:
        """The user has seen that there is a newer version; the next look may tell of it again."""

    def dismiss_failure(self) -> None:
        """The user has read the failure that concerns no tunnel in particular."""

    def try_again(self) -> None:
        """Do once more what the failure that concerns no tunnel came of, and that alone; it has been read.

        A sign-in that nobody came in by is asked for anew instead, with `sign_in` or `sign_in_by_browser`.
        """

    def connector_log(self, key: str) -> Lines:
        """Return the connector's latest lines, secrets removed, to be read and followed.

        Kept out of the state, which changes far more rarely than a log does.
        """

    def count_traffic(self, key: str) -> None:
        """Ask a tunnel's connector what it has carried; `Tunnel.traffic` says it."""

    def quit(self) -> None:
        """Stop everything cleanly, then end the app."""
