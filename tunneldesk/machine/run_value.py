"""Starting at login on Windows: a value under Run, and the switch that Task Manager and Settings keep for it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"


class Registry(Protocol):
    """What is needed of HKEY_CURRENT_USER."""

    def read(self, key: str, name: str) -> object:
        """Return a value; None where there is none."""

    def write(self, key: str, name: str, text: str) -> None:
        """Write a value that is text.

        Raises:
            OSError: It can't be written.
        """

    def delete(self, key: str, name: str) -> None:
        """Delete a value, if there is one.

        Raises:
            OSError: It can't be deleted.
        """


class RunValue:
    """Our entry in the list of what Windows starts.

    Who switches an entry off in Task Manager or in Settings leaves it where it is: the switch is a value of the
    same name under StartupApproved, twelve bytes whose first is odd while the entry is off (02 and 06 have been
    seen for on, 03 and 07 for off; no value is on). Microsoft documents none of this: it is what
    zzzgydi/auto-launch (pull request 8) and leanflutter/launch_at_startup (pull request 26) found. Not tried on
    Windows yet.

    Args:
        name: Our id.
        command: What is to be started.
        registry: Of the user; this machine's when None.
    """

    def __init__(self, name: str, command: Sequence[str], registry: Registry | None = None) -> None:
        self._name = name
        self._command = command
        self._registry = _UserRegistry() if registry is None else registry

    def enabled(self) -> bool:
        """Whether it is there and not switched off."""
        switch = self._registry.read(APPROVED, self._name)
        off = isinstance(switch, bytes) and bool(switch) and switch[0] % 2 == 1
        return not off and self._registry.read(RUN, self._name) is not None

    def enable(self, wanted: bool) -> None:
        """Enter or remove it; either way nothing stays switched off, since the user has just chosen.

        Raises:
            OSError: The registry can't be changed.
        """
        if wanted:
            self._registry.write(RUN, self._name, subprocess.list2cmdline(self._command))
        else:
            self._registry.delete(RUN, self._name)
        self._registry.delete(APPROVED, self._name)


class _UserRegistry:
    """HKEY_CURRENT_USER; on other systems nothing."""

    def read(self, key: str, name: str) -> object:
        value: object = None
        if sys.platform == "win32":
            import winreg

            with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                value = winreg.QueryValueEx(opened, name)[0]
        return value

    def write(self, key: str, name: str, text: str) -> None:
        if sys.platform == "win32":
            import winreg

            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as opened:
                winreg.SetValueEx(opened, name, 0, winreg.REG_SZ, text)

    def delete(self, key: str, name: str) -> None:
        if sys.platform == "win32":
            import winreg

            if self.read(key, name) is not None:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_SET_VALUE) as opened:
                    winreg.DeleteValue(opened, name)
