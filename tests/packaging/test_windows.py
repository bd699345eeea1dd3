"""The installer for Windows, as far as it can be seen without one: compiled, unpacked, its script looked into."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import tunneldesk
from build_scripts.packaging import nsis, targets
from tests.packaging.said_by import said_by
from tunneldesk.machine.autostart import Autostart
from tunneldesk.machine.run_value import APPROVED, RUN

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging"), pytest.mark.timeout(300)]

FILES = (
    "tunneldesk.exe",
    "tunneldeskw.exe",
    "_internal/base_library.zip",
    "_internal/PySide6/plugins/platforms/qwindows.dll",
    "_internal/tunneldesk/_resources/notices.txt",
    "_internal/a name with $INSTDIR in it.txt",
)


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a frozen folder on Windows looks like."""
    folder = tmp_path_factory.mktemp("windows") / "tunneldesk"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    return folder


@pytest.fixture(scope="session")
def installer(packaging_programs: None, staged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001
    """The installer made of it."""
    folder = tmp_path_factory.mktemp("installer")
    return nsis.build(staged, tunneldesk.__version__, folder / "work", folder)


def test_the_installer_holds_every_file_where_it_belongs(installer: Path, staged: Path, tmp_path: Path) -> None:
    said_by("7z", "x", "-y", f"-o{tmp_path / 'out'}", installer)

    found = {
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()
    }
    program = {name for name in found if not name.startswith("$PLUGINSDIR/")}
    assert program == {*FILES, "uninstall.exe"}
    for name in FILES:
        assert (tmp_path / "out" / name).read_bytes() == (staged / name).read_bytes()


def test_the_installer_asks_for_no_administrator_and_says_what_it_is(installer: Path) -> None:
    content = installer.read_bytes()

    assert b'requestedExecutionLevel level="asInvoker"' in content
    assert "TunnelDesk".encode("utf-16-le") in content
    assert tunneldesk.__version__.encode("utf-16-le") in content


def test_what_is_put_in_is_what_is_taken_away_and_nothing_else(staged: Path) -> None:
    put, take = nsis.put(staged), nsis.take(staged)

    taken = re.findall(r'^Delete "\$INSTDIR\\(.*)"$', take, re.MULTILINE)
    assert {name.replace("\\", "/").replace("$$", "$") for name in taken} == set(FILES)
    assert len(re.findall(r"^File ", put, re.MULTILINE)) == len(FILES)
    assert "/r" not in take
    folders = re.findall(r'^RMDir "(.*)"$', take, re.MULTILINE)
    assert folders.index("$INSTDIR\\_internal\\tunneldesk\\_resources") < folders.index("$INSTDIR\\_internal")


def test_who_has_his_data_removed_is_told_that_sign_ins_stay() -> None:
    """They are in Credential Manager; the text is the page's, and a page takes what was defined right before it."""
    (told,) = re.findall(
        r'^!define MUI_COMPONENTSPAGE_TEXT_TOP "(.*)"\n!insertmacro MUI_UNPAGE_COMPONENTS$',
        nsis.SCRIPT.read_text(encoding="utf-8"),
        re.MULTILINE,
    )

    assert "Credential Manager" in told
    assert "sign out" in told


def test_the_installer_and_the_app_start_it_at_login_by_the_same_entry() -> None:
    script = nsis.SCRIPT.read_text(encoding="utf-8")
    command = Autostart(targets.APP_ID, ("tunneldeskw.exe", "--background"), {}, system="win32")

    assert command._name == targets.APP_ID
    assert 'WriteRegStr HKCU "${RUN_KEY}" "${APP_ID}"' in script
    assert f'!define RUN_KEY "{RUN}"' in script
    assert f'!define RUN_SWITCH_KEY "{APPROVED}"' in script
    assert 'DeleteRegValue HKCU "${RUN_SWITCH_KEY}" "${APP_ID}"' in script, "no trace is left"
    assert targets.AUTOSTART_WORDS.strip() == command._command[1]


def test_a_link_reaches_the_app_as_its_only_word() -> None:
    script = nsis.SCRIPT.read_text(encoding="utf-8")

    assert r"""\shell\open\command" "" '"$INSTDIR\tunneldeskw.exe" "%1"'""" in script
    assert '"URL Protocol" ""' in script


@pytest.mark.parametrize(
    ("version", "numbers"),
    [("1.2.3", (1, 2, 3, 0)), ("0.1.0", (0, 1, 0, 0)), ("2.0", (2, 0, 0, 0)), ("1.2.3rc1", (1, 2, 3, 0))],
)
def test_windows_is_told_four_numbers(version: str, numbers: tuple[int, ...]) -> None:
    assert nsis.four_numbers(version) == numbers
    assert f"filevers=({', '.join(map(str, numbers))})" in nsis.version_resource(version)
