"""Starting at login, by the means of each system."""

from __future__ import annotations

import shlex
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_RUN_KEY = r"Software\Microsoft\Windows\CurrentVersion\Run"


class Autostart:
    """Whether the app is started when the user logs in.

    The system's own list is the only truth, since the user may change it there: a file for the desktop (the XDG
    autostart specification), a launch agent on macOS, a value under Run on Windows.
    """

    def __init__(
        self, name: str, command: Sequence[str], environ: Mapping[str, str], *, system: str = sys.platform
    ) -> None:
        """Describe the entry; nothing is looked at yet.

        Args:
            name: Our id.
            command: What is to be started.
            environ: The environment, which says where configurations are.
            system: As `sys.platform` names it.
        """
        self._name = name
        self._command = command
        self._system = system
        home = Path(environ.get("HOME") or Path.home())
        if system == "darwin":
            self._file = home / "Library" / "LaunchAgents" / f"{name}.plist"
        else:
            config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
            self._file = config / "autostart" / f"{name}.desktop"

    def enabled(self) -> bool:
        """Whether it is started; an entry that the user has switched off counts as none."""
        if self._system == "win32":
            return self._registered()
        try:
            lines = self._file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return False
        return "Hidden=true" not in lines and "X-GNOME-Autostart-enabled=false" not in lines

    def enable(self, wanted: bool) -> None:
        """Have it started from the next login on, or no longer.

        Raises:
            OSError: The system's list can't be changed.
        """
        if self._system == "win32":
            self._register(wanted)
        elif wanted:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_bytes(self._agent() if self._system == "darwin" else self._entry())
        else:
            self._file.unlink(missing_ok=True)

    def _entry(self) -> bytes:
        """The desktop entry; its quoting is that of the specification, not the shell's."""
        lines = (
            "[Desktop Entry]",
            "Type=Application",
            "Name=TunnelDesk",
            f"Exec={' '.join(map(_quoted, self._command))}",
            f"Icon={self._name}",
            "Terminal=false",
            "X-GNOME-Autostart-enabled=true",
        )
        return "".join(f"{line}\n" for line in lines).encode()

    def _agent(self) -> bytes:
        import plistlib  # with its XML parser, and for macOS only

        return plistlib.dumps(
            {
                "Label": self._name,
                "ProgramArguments": list(self._command),
                "RunAtLoad": True,
                "ProcessType": "Interactive",
            }
        )

    def _registered(self) -> bool:
        if sys.platform == "win32":
            import winreg

            with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                winreg.QueryValueEx(key, self._name)
                return True
        return False

    def _register(self, wanted: bool) -> None:
        if sys.platform == "win32":
            import subprocess
            import winreg

            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:
                if wanted:
                    line = subprocess.list2cmdline(self._command)
                    winreg.SetValueEx(key, self._name, 0, winreg.REG_SZ, line)
                elif self._registered():
                    winreg.DeleteValue(key, self._name)


def _quoted(argument: str) -> str:
    """Quote for an Exec line: double quotes, with four characters escaped, and percent signs doubled."""
    argument = argument.replace("%", "%%")
    if shlex.quote(argument) == argument:
        return argument
    for character in '\\"`$':
        argument = argument.replace(character, f"\\{character}")
    # The file's own escaping comes on top of that of the line.
    return '"' + argument.replace("\\", "\\\\") + '"'


def own_command(home: Path | None = None) -> tuple[str, ...]:
    """Return what starts this very program quietly, wherever it was installed.

    Args:
        home: The folder it is to keep everything in; None for those of the system.
    """
    quietly = ("--background",) if home is None else ("--background", "--home", str(home))
    return (*_own_program(), *quietly)


def _own_program() -> tuple[str, ...]:
    program = Path(sys.executable)
    if getattr(sys, "frozen", False):
        windowed = program.with_name("tunneldeskw" + program.suffix)
        return (str(windowed if windowed.exists() else program),)
    for name in ("tunneldeskw", "tunneldesk"):
        script = program.with_name(name + program.suffix)
        if script.exists():
            return (str(script),)
    return (str(program), "-m", "tunneldesk")
