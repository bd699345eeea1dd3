"""Starting at login, by the means of each system."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class _Entry(Protocol):
    def enabled(self) -> bool: ...

    def enable(self, wanted: bool) -> None: ...


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
        self._entry = self._entry_of(system, environ)

    def enabled(self) -> bool:
        """Whether it is started; an entry that the user has switched off counts as none."""
        return self._entry.enabled()

    def enable(self, wanted: bool) -> None:
        """Have it started from the next login on, or no longer; what was switched off in the list is switched on.

        Raises:
            OSError: The system's list can't be changed.
        """
        self._entry.enable(wanted)

    def _entry_of(self, system: str, environ: Mapping[str, str]) -> _Entry:
        home = Path(environ.get("HOME") or Path.home())
        if system == "win32":
            from tunneldesk.machine.run_value import RunValue

            return RunValue(self._name, self._command)
        if system == "darwin":
            from tunneldesk.machine.launch_agent import LaunchAgent

            return LaunchAgent(home / "Library" / "LaunchAgents" / f"{self._name}.plist", self._name, self._command)
        config = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
        return _DesktopEntry(config / "autostart" / f"{self._name}.desktop", self._name, self._command)


class _DesktopEntry:
    """A file for the desktop, with the keys by which desktops switch it off."""

    def __init__(self, file: Path, name: str, command: Sequence[str]) -> None:
        self._file = file
        self._name = name
        self._command = command

    def enabled(self) -> bool:
        try:
            lines = self._file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return False
        return "Hidden=true" not in lines and "X-GNOME-Autostart-enabled=false" not in lines

    def enable(self, wanted: bool) -> None:
        if not wanted:
            self._file.unlink(missing_ok=True)
            return
        # The quoting is that of the specification, not the shell's.
        lines = (
            "[Desktop Entry]",
            "Type=Application",
            "Name=TunnelDesk",
            # Desktops pass over the entry of a program that has been removed, instead of failing at it. This is a
            # path and no command line: escaped as any string of the file is, and never quoted.
            f"TryExec={_escaped(self._command[0])}",
            f"Exec={' '.join(map(_quoted, self._command))}",
            f"Icon={self._name}",
            "Terminal=false",
            "X-GNOME-Autostart-enabled=true",
        )
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_bytes("".join(f"{line}\n" for line in lines).encode())


def _quoted(argument: str) -> str:
    """Quote for an Exec line: double quotes, with four characters escaped, and percent signs doubled."""
    argument = argument.replace("%", "%%")
    if shlex.quote(argument) == argument:
        return argument
    for character in '\\"`$':
        argument = argument.replace(character, f"\\{character}")
    # The file's own escaping comes on top of that of the line.
    return '"' + _escaped(argument) + '"'


def _escaped(text: str) -> str:
    """Escape for a value of type string."""
    return text.replace("\\", "\\\\")


def own_command(environ: Mapping[str, str], home: Path | None = None) -> tuple[str, ...]:
    """Return what starts this very program quietly, wherever it was installed.

    Args:
        environ: The environment, which says of an AppImage where its file is.
        home: The folder it is to keep everything in; None for those of the system.
    """
    quietly = ("--background",) if home is None else ("--background", "--home", str(home))
    return (*_own_program(environ), *quietly)


def _own_program(environ: Mapping[str, str]) -> tuple[str, ...]:
    program = Path(sys.executable)
    if getattr(sys, "frozen", False):
        image, mounted = environ.get("APPIMAGE"), environ.get("APPDIR")
        if image and mounted and program.is_relative_to(mounted):
            # The program itself is in a folder that is there for as long as it runs (docs.appimage.org,
            # "Environment variables"). Children inherit both, so they may be those of a terminal that started us.
            return (image,)
        windowed = program.with_name("tunneldeskw" + program.suffix)
        return (str(windowed if windowed.exists() else program),)
    for name in ("tunneldeskw", "tunneldesk"):
        script = program.with_name(name + program.suffix)
        if script.exists():
            return (str(script),)
    return (str(program), "-m", "tunneldesk")
