"""Starting at login on macOS: a launch agent, and the switch that launchd keeps for it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_WITHIN = 5.0


class LaunchAgent:
    """Our agent's file.

    ``launchctl disable`` leaves the file where it is, and beats the file's own ``Disabled`` key, which only holds
    until somebody has switched it (launchd.plist(5), launchctl(1)). ``launchctl print-disabled`` lists each label
    that was switched, with ``disabled`` or ``enabled``, on older systems ``true`` or ``false``. Whether it also
    lists what System Settings has switched off under "Allow in the Background" is not known. Not tried on macOS
    yet.

    Args:
        file: The agent's file.
        name: Its label.
        command: What is to be started.
        launchctl: Given words for launchctl, returns what it says; this machine's when None.
    """

    def __init__(
        self, file: Path, name: str, command: Sequence[str], launchctl: Callable[..., str] | None = None
    ) -> None:
        self._file = file
        self._name = name
        self._command = command
        self._launchctl = _launchctl if launchctl is None else launchctl

    def enabled(self) -> bool:
        """Whether it is there and not switched off."""
        agent = self._read()
        if agent is None:
            return False
        switched = self._switched()
        return switched if switched is not None else agent.get("Disabled") is not True

    def enable(self, wanted: bool) -> None:
        """Write or remove it, and switch it on where it was switched off.

        Raises:
            OSError: The file can't be written or removed.
        """
        if not wanted:
            self._file.unlink(missing_ok=True)
            return
        import plistlib  # with its XML parser, and for macOS only

        agent = {
            "Label": self._name,
            "ProgramArguments": list(self._command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_bytes(plistlib.dumps(agent))
        if self._switched() is False:
            self._launchctl("enable", f"{_domain()}/{self._name}")

    def _read(self) -> dict[str, Any] | None:
        import plistlib

        try:
            agent = plistlib.loads(self._file.read_bytes())
        except OSError:
            return None
        except (ValueError, plistlib.InvalidFileException):
            return {}  # it is there, and what launchd makes of it, launchd knows
        return agent if isinstance(agent, dict) else {}

    def _switched(self) -> bool | None:
        """Whether somebody has switched it on or off; None if nobody has."""
        for line in self._launchctl("print-disabled", _domain()).splitlines():
            label, arrow, state = line.strip().partition(" => ")
            if arrow and label.strip('"') == self._name:
                return state not in {"disabled", "true"}
        return None


def _domain() -> str:
    """What launchctl calls the user's session."""
    user = 0
    if sys.platform != "win32":
        user = os.getuid()
    return f"gui/{user}"


def _launchctl(*words: str) -> str:
    try:
        said = subprocess.run(
            ["/bin/launchctl", *words], capture_output=True, text=True, timeout=_WITHIN, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said.stdout
