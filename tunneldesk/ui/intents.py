"""What widgets may ask of the desktop face: commands, and what to show next."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tunneldesk.domain.account import Account
    from tunneldesk.domain.lines import Lines
    from tunneldesk.domain.model import Wish
    from tunneldesk.presentation.problem import Action


class Field(Enum):
    """A field to put the focus on."""

    PORT = auto()
    NAME = auto()


class Intents(Protocol):
    """Widgets call these and never each other."""

    def expose(self, port: int | None = None, name: str | None = None) -> None:
        """Show the expose dialog, filled with what is given."""

    def expose_again(self, wish: Wish) -> None:
        """Expose what was exposed before, without asking."""

    def change(self, key: str, field: Field) -> None:
        """Show the expose dialog for a tunnel there is, with its wish in it."""

    def copy_address(self, key: str) -> bool:
        """Copy a tunnel's address; return whether the clipboard took it."""

    def copy_and_tell(self, key: str) -> None:
        """Copy a tunnel's address from where nothing shows that it was done, and tell that it was."""

    def open_address(self, key: str) -> None:
        """Open a tunnel's address in the browser."""

    def check_address(self, key: str) -> None:
        """Look at a tunnel's address as a visitor would."""

    def show_qr(self, key: str) -> None:
        """Show a tunnel's address as a picture that a phone can read."""

    def show_details(self, key: str) -> None:
        """Show the window with this tunnel's card in view, unfolded."""

    def connector_log(self, key: str) -> Lines:
        """Return what a tunnel's connector says, to be followed."""

    def count_traffic(self, key: str) -> None:
        """Have it counted what a tunnel's connector has carried."""

    def restart(self, key: str) -> None:
        """Restart a tunnel, or try again after a failure."""

    def try_now(self, key: str) -> None:
        """Have a tunnel that is in trouble do at once what it would do next by itself."""

    def end(self, key: str) -> None:
        """Stop a tunnel, or forget one that has ended."""

    def stop_all(self) -> None:
        """Stop every tunnel of this app."""

    def stop_remote(self, tunnel_id: str) -> None:
        """Stop a tunnel that runs elsewhere."""

    def show_window(self) -> None:
        """Show the window and bring it to the front."""

    def sign_in(self) -> None:
        """Show the ways in."""

    def add_account(self) -> None:
        """Show the ways in, for an account that is not known yet."""

    def use_account(self, account: Account) -> None:
        """Make this the account that new tunnels are for."""

    def sign_out(self) -> None:
        """Forget the account in use; ask first where that stops tunnels."""

    def dismiss_update(self) -> None:
        """Tell no more of the newer version."""

    def settings(self) -> None:
        """Show the settings."""

    def show_doctor(self) -> None:
        """Have everything looked at that the job needs."""

    def show_logs(self) -> None:
        """Show what TunnelDesk and its connectors have written down."""

    def show_about(self) -> None:
        """Show what this is, and on what it is built."""

    def show_problem(self, key: str | None) -> None:
        """Show the problem of a tunnel, or with None of the app itself, as a dialog."""

    def act(self, key: str | None, action: Action) -> None:
        """Carry out one of a problem's actions."""

    def quit(self) -> None:
        """Stop everything cleanly and end the app."""
