"""Being started at login."""

from __future__ import annotations

import plistlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tunneldesk.machine.autostart import Autostart, own_command
from tunneldesk.machine.launch_agent import LaunchAgent
from tunneldesk.machine.run_value import APPROVED, RUN, RunValue
from tunneldesk.terminal.arguments import parse

NAME = "dev.tunneldesk.TunnelDesk"


def autostart(home: Path, *command: str, system: str = "linux", **environ: str) -> Autostart:
    return Autostart(NAME, command or ("tunneldesk", "--background"), {"HOME": str(home), **environ}, system=system)


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_it_is_switched_on_and_off(tmp_path: Path, system: str) -> None:
    entry = autostart(tmp_path, system=system)
    assert not entry.enabled()
    entry.enable(True)
    assert entry.enabled()
    entry.enable(False)
    entry.enable(False)
    assert not entry.enabled()


def test_the_desktops_own_way_of_switching_it_off_counts(tmp_path: Path) -> None:
    entry = autostart(tmp_path, XDG_CONFIG_HOME=str(tmp_path / "config"))
    entry.enable(True)
    file = tmp_path / "config" / "autostart" / f"{NAME}.desktop"
    said = file.read_text()
    file.write_text(said.replace("enabled=true", "enabled=false"))
    assert not entry.enabled()
    file.write_text(f"{said}Hidden=true\n")
    assert not entry.enabled()


def test_any_path_can_be_started_from_a_desktop_entry(tmp_path: Path) -> None:
    entry = autostart(tmp_path, '/home/a b/$x "q" 100%/tunneldesk', "--background")
    entry.enable(True)
    lines = (tmp_path / ".config" / "autostart" / f"{NAME}.desktop").read_text().splitlines()
    line = next(each for each in lines if each.startswith("Exec="))
    assert line == 'Exec="/home/a b/\\\\$x \\\\"q\\\\" 100%%/tunneldesk" --background'
    if checker := shutil.which("desktop-file-validate"):
        subprocess.run([checker, str(tmp_path / ".config" / "autostart" / f"{NAME}.desktop")], check=True)


@pytest.mark.posix("runs a program by its mode")
@pytest.mark.parametrize("name", ["tunneldesk", 'a b$x "q" 100% back\\slash'])
def test_what_was_removed_is_not_started_any_more(tmp_path: Path, name: str) -> None:
    """The value is read as the Desktop Entry specification has it: a string with escapes, and a path."""
    program = tmp_path / name
    program.touch(mode=0o755)
    autostart(tmp_path, str(program), "--background").enable(True)
    file = tmp_path / ".config" / "autostart" / f"{NAME}.desktop"
    (line,) = [each for each in file.read_text().splitlines() if each.startswith("TryExec=")]
    read = re.sub(r"\\(.)", r"\1", line.removeprefix("TryExec="))
    assert shutil.which(read) == str(program)
    program.unlink()
    assert shutil.which(read) is None


def test_a_launch_agent_starts_the_same_command(tmp_path: Path) -> None:
    autostart(tmp_path, "/Applications/TunnelDesk.app/x", "--background", system="darwin").enable(True)
    agent = plistlib.loads((tmp_path / "Library" / "LaunchAgents" / f"{NAME}.plist").read_bytes())
    assert agent["ProgramArguments"] == ["/Applications/TunnelDesk.app/x", "--background"]
    assert agent["RunAtLoad"] is True


def test_what_is_started_is_this_program_without_a_window(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    command = own_command({})
    assert command[-1] == "--background"
    assert Path(command[0]).exists()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert own_command({}) == (str(tmp_path / "python"), "-m", "tunneldesk", "--background")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert own_command({}) == (str(tmp_path / "python"), "--background")
    (tmp_path / "tunneldeskw").touch()
    assert own_command({}) == (str(tmp_path / "tunneldeskw"), "--background")


def test_an_appimage_is_started_by_its_file_and_not_from_its_mount(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mount = tmp_path / ".mount_TunnelAbCdEf"
    program = mount / "usr" / "lib" / "tunneldesk" / "tunneldesk"
    environ = {"APPIMAGE": "/home/me/TunnelDesk.AppImage", "APPDIR": str(mount)}
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert own_command(environ) == ("/home/me/TunnelDesk.AppImage", "--background")
    others = {"APPIMAGE": "/home/me/Editor.AppImage", "APPDIR": str(tmp_path / ".mount_EditorAbCdEf")}
    assert own_command(others) == (str(program), "--background"), "started from another's terminal"


def test_a_home_of_its_own_is_named_in_a_way_that_every_system_knows(tmp_path: Path) -> None:
    command = own_command({}, tmp_path)
    assert command[-3:] == ("--background", "--home", str(tmp_path))
    call = parse(command[-3:])
    assert (call.verb, call.background, call.home) == ("tray", True, tmp_path)


@pytest.mark.posix("an AppImage's paths")
@pytest.mark.parametrize(("mounted", "image"), [("/run/mount_x", "/home/me/T.AppImage"), ("/run/mount_y", None)])
def test_out_of_an_appimage_the_image_is_started_and_no_path_that_is_gone_by_then(
    monkeypatch: pytest.MonkeyPatch, mounted: str, image: str | None
) -> None:
    program = "/run/mount_x/usr/lib/tunneldesk/tunneldesk"
    monkeypatch.setattr(sys, "executable", program)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert own_command({"APPIMAGE": "/home/me/T.AppImage", "APPDIR": mounted})[0] == (image or program)


@pytest.mark.posix("on Windows it can be done")
def test_elsewhere_there_is_no_registry_to_be_entered_into(tmp_path: Path) -> None:
    entry = autostart(tmp_path, system="win32")
    entry.enable(True)
    assert not entry.enabled()


# On Windows, against a registry of the test's own


class MemoryRegistry:
    """Holds values."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], str | bytes] = {}

    def read(self, key: str, name: str) -> object:
        return self.values.get((key, name))

    def write(self, key: str, name: str, text: str) -> None:
        self.values[key, name] = text

    def delete(self, key: str, name: str) -> None:
        self.values.pop((key, name), None)


@pytest.mark.parametrize(
    ("switch", "on"),
    [
        ("020000000000000000000000", True),
        ("060000000000000000000000", True),
        ("00", True),
        ("", True),
        ("0300000080e3a4f1b2d5d901", False),
        ("0700000080e3a4f1b2d5d901", False),
    ],
)
def test_what_task_manager_has_switched_off_is_off(switch: str, on: bool) -> None:
    registry = MemoryRegistry()
    entry = RunValue(NAME, (r"C:\a b\tunneldeskw.exe", "--background"), registry)
    assert not entry.enabled()
    entry.enable(True)
    assert entry.enabled()
    assert registry.values == {(RUN, NAME): r'"C:\a b\tunneldeskw.exe" --background'}
    registry.values[APPROVED, NAME] = bytes.fromhex(switch)
    assert entry.enabled() is on
    entry.enable(True)
    assert entry.enabled(), "the user has chosen it in our settings, after all"
    registry.values[APPROVED, NAME] = bytes.fromhex(switch)
    entry.enable(False)
    assert not entry.enabled()
    assert registry.values == {}


# On macOS, against a launchctl of the test's own


class Launchctl:
    """Says which agents somebody has switched, and remembers what is asked of it."""

    def __init__(self, state: str | None) -> None:
        self.state = state
        self.asked: list[str] = []

    def __call__(self, verb: str, target: str) -> str:
        self.asked.append(verb)
        if verb == "enable":
            assert target.endswith(f"/{NAME}")
            self.state = "enabled"
            return ""
        assert verb == "print-disabled"
        ours = "" if self.state is None else f'\t\t"{NAME}" => {self.state}\n'
        return f'\tdisabled services = {{\n\t\t"{NAME}.other" => disabled\n{ours}\t}}\n'


@pytest.mark.parametrize(
    ("state", "on"), [(None, True), ("enabled", True), ("false", True), ("disabled", False), ("true", False)]
)
def test_what_launchctl_has_switched_off_is_off(tmp_path: Path, state: str | None, on: bool) -> None:
    file = tmp_path / "LaunchAgents" / f"{NAME}.plist"
    launchctl = Launchctl(state)
    entry = LaunchAgent(file, NAME, ("tunneldesk", "--background"), launchctl)
    assert not entry.enabled()
    file.parent.mkdir()
    file.write_bytes(plistlib.dumps({"Label": NAME}))
    assert entry.enabled() is on
    entry.enable(True)
    assert entry.enabled()
    assert ("enable" in launchctl.asked) is not on, "only what is off is switched on"


@pytest.mark.parametrize(("state", "on"), [(None, False), ("enabled", True)])
def test_the_agents_own_word_holds_until_somebody_has_switched_it(
    tmp_path: Path, state: str | None, on: bool
) -> None:
    file = tmp_path / f"{NAME}.plist"
    file.write_bytes(plistlib.dumps({"Label": NAME, "Disabled": True}))
    assert LaunchAgent(file, NAME, ("tunneldesk",), Launchctl(state)).enabled() is on


def test_an_agent_that_makes_no_sense_to_us_is_there_all_the_same(tmp_path: Path) -> None:
    file = tmp_path / f"{NAME}.plist"
    for content in (b"", b"nonsense", plistlib.dumps([])):
        file.write_bytes(content)
        assert LaunchAgent(file, NAME, ("tunneldesk",), Launchctl(None)).enabled()
