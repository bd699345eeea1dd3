"""The installed app beside its user: found in the menu, upgraded under a running one, its data left alone."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

import tunneldesk
from tests.desktop import wait_for
from tests.packaging.said_by import said_by

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.desktop import Desktop
    from tests.packaging.clean_root import CleanRoot
    from tests.packaging.conftest import Packages

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging"), pytest.mark.timeout(600)]

OLD_ONLY = "usr/lib/tunneldesk/of-the-old-version"
ENTRY = "usr/share/applications/dev.tunneldesk.TunnelDesk.desktop"


@pytest.fixture
def older(packages: Packages, root: CleanRoot, tmp_path: Path) -> Iterator[CleanRoot]:
    """The clean Debian with an older version of the package, which had one file more."""
    folder = tmp_path / "older"
    said_by("dpkg-deb", "--raw-extract", packages.deb, folder)
    control = folder / "DEBIAN" / "control"
    text = re.sub(r"^Version: .*$", "Version: 0.0.1-1", control.read_text(encoding="utf-8"), flags=re.MULTILINE)
    control.write_text(text, encoding="utf-8")
    (folder / OLD_ONLY).write_text("of the old version\n", encoding="utf-8")
    said_by("dpkg-deb", "--build", "--root-owner-group", "-Znone", folder, tmp_path / "older.deb")
    root.run("dpkg", "--install", root.put(tmp_path / "older.deb"))
    try:
        yield root
    finally:
        root.run("dpkg", "--purge", "tunneldesk")


def test_an_upgrade_leaves_the_running_app_at_work_and_nothing_of_the_old_version(
    older: CleanRoot, packages: Packages, desktop: Desktop, home: Path
) -> None:
    (started_by,) = re.findall(
        r"^Exec=(\S+) %u$", (older.path / ENTRY).read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    environ = {**desktop.environ, "HOME": str(home), "TUNNELDESK_HOME": str(home)}

    with subprocess.Popen([older.enter, started_by], env=environ, stderr=subprocess.DEVNULL) as running:
        wait_for("the icon", desktop.icon)
        older.run("dpkg", "--install", older.put(packages.deb))
        icon_after = desktop.icon()
        subprocess.run([older.enter, "tunneldesk", "--quit"], env=environ, timeout=60, check=True)
        status = running.wait(5)

    assert icon_after is not None
    assert status == 0
    assert not (older.path / OLD_ONLY).exists()
    assert older.run("tunneldesk", "--version").strip() == f"tunneldesk {tunneldesk.__version__}"
    assert older.run("dpkg", "--verify", "tunneldesk") == ""
    assert older.processes() == []


def test_nobody_but_root_may_change_what_was_installed(packages: Packages) -> None:
    lines = said_by("dpkg-deb", "--contents", packages.deb).splitlines()

    assert {line.split()[1] for line in lines} == {"root/root"}
    assert [line for line in lines if not line.startswith("l") and "w" in line.split()[0][4:]] == []


def test_the_rpm_asks_for_the_systems_libraries_and_offers_none_of_ours(packages: Packages) -> None:
    query = ("rpm", "--query", "--nosignature", "--package", packages.rpm)
    requires, provides = said_by(*query, "--requires"), said_by(*query, "--provides")

    assert "libxcb.so.1" in requires
    assert "libQt6" not in requires
    assert "tunneldesk = " in provides
    assert ".so" not in provides


def test_bash_and_fish_offer_commands_and_switches(unpacked: Path) -> None:
    bash = unpacked / "usr/share/bash-completion/completions/tunneldesk"
    fish = unpacked / "usr/share/fish/vendor_completions.d/tunneldesk.fish"

    assert "expose" in offered_by_bash(bash, "tunneldesk", "exp")
    assert "--name" in offered_by_bash(bash, "tunneldesk", "expose", "--n")
    assert "--name" in said_by(
        "fish", "--no-config", "-c", f'source {fish}; complete --do-complete "tunneldesk expose --n"'
    )


ZSH = """
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "fpath=(${1:h} \\$fpath); autoload -U compinit; compinit -D -u; print REA''DY"
zpty -r -m shell said '*READY*' || exit
zpty -w -n shell "tunneldesk $2"$'\\t\\t'
zpty -r -m shell said "*$3*"
"""


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("exp", "tunneldesk expose"), ("expose --n", "--name"), ("", "check everything the job needs")],
)
def test_zsh_offers_commands_and_switches(unpacked: Path, typed: str, offered: str) -> None:
    file = unpacked / "usr/share/zsh/vendor-completions/_tunneldesk"

    said_by("zsh", "-f", "-c", ZSH, "zsh", file, typed, offered)  # it waits until it sees what is to be offered


def offered_by_bash(file: Path, *words: str) -> list[str]:
    """Return what bash would offer for the last of these words."""
    script = (
        'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
        'function=$(complete -p "$1" | sed "s/.*-F \\([^ ]*\\) .*/\\1/"); '
        '"$function" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"; '
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    return said_by("bash", "--norc", "-c", script, "bash", file, *words).split()
