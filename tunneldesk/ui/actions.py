"""What each of a problem's buttons does: one table, decided by the kind and never by the words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices

from tunneldesk.domain.model import SessionStatus
from tunneldesk.presentation.download import CONNECTOR_PAGE
from tunneldesk.presentation.problem import Action, ActionKind
from tunneldesk.ui.intents import Field

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QFileDialog, QWidget

    from tunneldesk.domain.model import AppState
    from tunneldesk.presentation.commands import Commands
    from tunneldesk.ui.exposing import Exposing
    from tunneldesk.ui.help import Help
    from tunneldesk.ui.intents import Intents
    from tunneldesk.ui.signing import Signing


class ActionHost(Protocol):
    """What the actions need of the desktop face."""

    exposing: Exposing
    help: Help
    signing: Signing

    @property
    def state(self) -> AppState:
        """The state as it is now."""

    def host_of(self, key: str | None) -> QWidget | None:
        """Return the window a dialog belongs to."""


class Actions:
    """Carries out a problem's actions."""

    def __init__(self, host: ActionHost, intents: Intents, commands: Commands) -> None:
        self._host = host
        self._intents = intents
        self._commands = commands
        self._chooser: QFileDialog | None = None
        kind = ActionKind
        self._for_tunnel: dict[ActionKind, Callable[[str, Action], None]] = {
            kind.TRY_AGAIN: self._again,
            kind.EXPOSE_AGAIN: self._again,
            kind.EDIT: lambda key, _: intents.change(key, Field.PORT),
            kind.CHANGE_PORT: lambda key, _: intents.change(key, Field.PORT),
            kind.CHANGE_NAME: lambda key, _: intents.change(key, Field.NAME),
            kind.USE_NAME: lambda key, action: self._use_name(key, action.value),
            kind.USE_RANDOM_NAME: lambda key, _: self._use_name(key, None),
            kind.CANCEL: self._cancel,
            kind.SHOW_LOG: lambda key, _: host.help.show_logs(key),
        }
        self._for_any: dict[ActionKind, Callable[[str | None], None]] = {
            kind.TRY_AGAIN: lambda _: self._try_again(),
            kind.CANCEL: lambda _: commands.dismiss_failure(),
            kind.MAKE_ROOM: intents.show_problem,
            kind.COPY_DETAILS: intents.show_problem,
            kind.SIGN_IN: lambda _: self._sign_in(),
            kind.USE_ANOTHER_ACCOUNT: lambda _: self._sign_in(),
            kind.CHECK_SERVER: lambda _: self._sign_in(server=True),
            kind.DOWNLOAD_CONNECTOR: self._download,
            kind.OPEN_CONNECTOR_PAGE: lambda _: self._open_page(),
            kind.CHOOSE_CONNECTOR: self.choose_connector,
            kind.SESSION_ONLY: lambda _: self._session_only(),
            kind.CHOOSE_AUTHORITY: self.choose_authority,
        }

    def act(self, key: str | None, action: Action) -> None:
        """Carry out ``action`` for the tunnel ``key``, or with None for the app."""
        if key is not None and self._host.state.tunnel(key) is not None and action.kind in self._for_tunnel:
            self._for_tunnel[action.kind](key, action)
        elif action.kind in self._for_any:
            self._for_any[action.kind](key)
        else:
            # The rest is about a tunnel, and this one has gone meanwhile.
            self._commands.dismiss_failure()

    def fetch_connector(self) -> None:
        """Download cloudflared; where there is no download that can be verified, open its page."""
        if self._host.state.cloudflared.offered is None:
            self._open_page()
        else:
            self._commands.download_connector()

    def choose_connector(self, key: str | None = None) -> None:
        """Have the user choose a cloudflared."""
        self._choose_file(_title(), self.use_connector, key)

    def use_connector(self, path: str) -> None:
        """Use this cloudflared from now on."""
        self._commands.prefer(replace(self._host.state.preferences, connector=Path(path)))

    def choose_authority(self, key: str | None = None) -> None:
        """Have the user choose a certificate authority's file, then try again what failed for the want of it."""
        title = QCoreApplication.translate("Actions", "Choose the certificate of your company's authority")
        self._choose_file(title, lambda path: self.trust(path, key), key)

    def _choose_file(self, title: str, chosen: Callable[[str], None], key: str | None) -> None:
        from PySide6.QtWidgets import QFileDialog  # 0.7 MB that hardly anybody needs

        chooser = QFileDialog(self._host.host_of(key), title)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.fileSelected.connect(chosen)
        self._chooser = chooser  # the last reference to it while it is open
        chooser.open()

    def trust(self, path: str, key: str | None) -> None:
        """Trust this authority too, from now on."""
        self._commands.prefer(replace(self._host.state.preferences, authority=Path(path)))
        tunnel = None if key is None else self._host.state.tunnel(key)
        if tunnel is not None:
            self._commands.revise(tunnel.key, tunnel.again)
        elif self._host.state.failure is not None:
            self._try_again()

    def _again(self, key: str, _action: Action) -> None:
        tunnel = self._host.state.tunnel(key)
        if tunnel is not None:
            self._commands.revise(key, tunnel.again)

    def _use_name(self, key: str, name: str | None) -> None:
        tunnel = self._host.state.tunnel(key)
        if tunnel is not None:
            self._host.exposing.revise(key, replace(tunnel.wish, slug=name))

    def _cancel(self, key: str, _action: Action) -> None:
        tunnel = self._host.state.tunnel(key)
        if tunnel is not None and tunnel.active:
            self._commands.stop(key)

    def _try_again(self) -> None:
        if not self._host.signing.ask_again():
            self._commands.try_again()

    def _session_only(self) -> None:
        if self._host.state.session.status is SessionStatus.SIGNED_IN:
            # The token was taken and is in use; that it is not stored is what the user has just agreed to.
            self._commands.session_only()
        elif not self._host.signing.ask_again(this_run_only=True):
            self._commands.dismiss_failure()
            self._host.signing.present(this_run_only=True)

    def _sign_in(self, *, server: bool = False) -> None:
        self._commands.dismiss_failure()
        self._host.signing.present(server=server)

    def _download(self, key: str | None) -> None:
        self.fetch_connector()
        self._intents.show_problem(key)  # where it is shown how far it has got

    def _open_page(self) -> None:
        QDesktopServices.openUrl(QUrl(CONNECTOR_PAGE))


def _title() -> str:
    return QCoreApplication.translate("Actions", "Choose the cloudflared program")
