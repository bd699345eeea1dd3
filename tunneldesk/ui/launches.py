"""What launches ask for: our own, and the later ones that leave it to us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tunneldesk.domain.errors import InvalidValueError
from tunneldesk.domain.link import parse_link
from tunneldesk.domain.model import Wish
from tunneldesk.ui.activation import use_token

if TYPE_CHECKING:
    from tunneldesk.desktop_options import DesktopOptions
    from tunneldesk.domain.errors import Failure
    from tunneldesk.domain.model import AppState
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.ui.intents import Intents
    from tunneldesk.ui.signing import Signing


class LaunchHost(Protocol):
    """What this needs of the desktop face."""

    signing: Signing

    @property
    def state(self) -> AppState:
        """The state as it is now."""

    def in_background(self) -> bool:
        """Whether no window of ours is on the screen."""

    def report(self, failure: Failure) -> None:
        """Show a fault of the desktop face itself."""


class Launches:
    """Does for a later launch what it would have done as the first.

    A server that a later launch names is turned to before anything else is done: what somebody wants exposed on
    this computer only is never exposed anywhere else. If nobody is signed in there, it goes on after the sign-in.
    """

    def __init__(self, host: LaunchHost, intents: Intents, commands: Commands) -> None:
        self._host = host
        self._intents = intents
        self._commands = commands
        self._waiting: DesktopOptions | None = None
        self._failure: Failure | None = None

    @property
    def ending(self) -> bool:
        """Whether nothing more will be done, because the app is on its way out."""
        return self._host.state.quitting

    def first(self, options: DesktopOptions) -> None:
        """Our own launch, whose server is the one we were opened with."""
        if options.expose_port is not None and not options.background:
            self._intents.show_window()
        self._carry_out(options)

    def again(self, options: DesktopOptions) -> None:
        """Another launch has left it to us."""
        if options.quit:
            self._intents.quit()
            return
        self._waiting = None
        if options.activation is not None:
            use_token(options.activation)
        if options.link is None and not options.background:
            self._intents.show_window()
        if self._is_there(options):
            self._carry_out(options)
        else:
            self._turn_to(options)

    def follow(self, link: str) -> None:
        """Follow a link of ours, which anybody can have written: it is asked about, and never just done."""
        try:
            wish = parse_link(link)
        except InvalidValueError as error:
            self._intents.show_window()  # somebody has clicked, and waits for something to happen
            self._host.report(error.failure)
        else:
            self._intents.expose(wish.port, wish.slug)

    def activated(self) -> None:
        """The system has brought us to the front; where nothing of ours is to be seen, the app was opened again."""
        if not self.ending and self._host.in_background():
            self._intents.show_window()

    def render_state(self, state: AppState) -> None:
        """Go on when the server that was named is in use; a failure on the way there is told, and ends it."""
        if self._waiting is None:
            return
        if self._is_there(self._waiting):
            options, self._waiting = self._waiting, None
            self._carry_out(options)
        elif self._waiting.demo and state.failure is not None and state.failure != self._failure:
            self._waiting = None

    def _is_there(self, options: DesktopOptions) -> bool:
        session = self._host.state.session
        if options.demo:
            return session.demo
        return options.server in {None, session.server}

    def _turn_to(self, options: DesktopOptions) -> None:
        state = self._host.state
        self._waiting, self._failure = options, state.failure
        if options.server is None:
            self._commands.use_demo(stay=False)
            return
        account = next((each for each in state.accounts if each.server == options.server), None)
        if account is not None:
            self._commands.use_account(account)
        elif not options.background:
            self._host.signing.add(options.server)

    def _carry_out(self, options: DesktopOptions) -> None:
        if options.expose_port is not None:
            # Typed by the user into a terminal: that is the wish itself, not a suggestion to ask about.
            self._commands.expose(Wish(options.expose_port, options.expose_name))
        if options.link is not None:
            self.follow(options.link)
