"""Where things are kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

if TYPE_CHECKING:
    from collections.abc import Mapping

APP_ID = "dev.tunneldesk.TunnelDesk"
"""Our id wherever one is asked for; other programs called TunnelDesk use the plain name for theirs."""

HOME_VARIABLE = "TUNNELDESK_HOME"


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one home; each is made, for this user only, by whoever first writes into it.

    Attributes:
        config: Settings.
        state: Journal, and what running children need.
        cache: What may be deleted at any time.
        logs: Logs.
        key: Tells this home from every other on the machine, in names of sockets and keyring entries.
    """

    config: Path
    state: Path
    cache: Path
    logs: Path
    key: str

    @classmethod
    def find(cls, environ: Mapping[str, str]) -> Paths:
        """Return the folders the system has for us, or those inside ``TUNNELDESK_HOME`` where that is set."""
        home = environ.get(HOME_VARIABLE)
        if home:
            root = Path(home).expanduser().resolve()
            folders = (root / "config", root / "state", root / "cache", root / "logs")
        else:
            dirs = platformdirs.PlatformDirs(APP_ID, appauthor=False)
            folders = (dirs.user_config_path, dirs.user_state_path, dirs.user_cache_path, dirs.user_log_path)
        key = hashlib.sha256(str(folders[0]).encode()).hexdigest()[:12]
        return cls(*folders, key=key)

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.config / "settings.json"

    @property
    def accounts(self) -> Path:
        """The accounts that are known here."""
        return self.config / "accounts.json"

    @property
    def journal(self) -> Path:
        """The journal of what the user wants."""
        return self.state / "journal.json"

    @property
    def renewal_lock(self) -> Path:
        """Whose lock is held while a session is renewed."""
        return self.state / "renewal.lock"

    @property
    def instance_lock(self) -> Path:
        """Whose lock the one tray app of this home holds."""
        return self.state / "instance.lock"

    @property
    def cloudflared(self) -> Path:
        """The cloudflared that we have downloaded ourselves."""
        return self.state / "cloudflared"

    @property
    def window(self) -> Path:
        """Where the window was, and how large."""
        return self.state / "window.ini"

    @property
    def connector_log(self) -> Path:
        """What connectors have said."""
        return self.logs / "connector.log"

    @property
    def run(self) -> Path:
        """What running connectors need; empty when none runs."""
        return self.state / "run"
