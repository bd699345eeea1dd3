"""A Debian with nothing in it but what every Debian has, in a folder, to install packages into."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

USER = 1000
"""Who runs programs in it: somebody without any rights."""

_ENTER = """#!/bin/sh
# enter.sh COMMAND ...: run it in the root, as the user, on this machine's screen and with its /tmp.
exec unshare --mount --propagation private sh -c '
  mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && mount --bind /tmp "$0/tmp" &&
  exec chroot --userspec={user}:{user} "$0" "$@"' {root} "$@"
"""
_CHANGES_BY_ITSELF = (
    *("dev", "proc", "sys", "tmp", "run", "root"),
    *("var/cache", "var/lib/apt", "var/lib/dpkg", "var/log"),
)
_CACHES = {"etc/ld.so.cache", "etc/mtab"}


class CleanRoot:
    """The folder of a Debian.

    Attributes:
        path: The folder.
        enter: A program that runs its arguments in it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.enter = path.with_name("enter.sh")

    def make(self) -> None:
        """Fetch and unpack it, from where this machine's own packages come from."""
        suite, mirror = _source()
        command = ["debootstrap", "--variant=minbase", suite, str(self.path), mirror]
        done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        self.enter.write_text(_ENTER.format(user=USER, root=shlex.quote(str(self.path))))
        self.enter.chmod(0o755)
        with (self.path / "etc/passwd").open("a") as passwd:
            passwd.write(f"user:x:{USER}:{USER}::/home/user:/bin/sh\n")

    def run(self, *words: str, timeout: float = 300) -> str:
        """Run a command in it as its administrator; return what it printed."""
        environ = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
        done = subprocess.run(
            ["chroot", str(self.path), *words],  # noqa: S607 - where the system has it
            env=environ,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def put(self, file: Path) -> str:
        """Put a file into it; return its path there."""
        target = self.path / "srv" / file.name
        target.write_bytes(file.read_bytes())
        return f"/srv/{file.name}"

    def files(self) -> set[str]:
        """Return the paths of all that is in it, but for what changes by itself."""
        found = set()
        for folder, folders, names in os.walk(self.path):
            below = os.path.relpath(folder, self.path)
            folders[:] = [name for name in folders if os.path.normpath(f"{below}/{name}") not in _CHANGES_BY_ITSELF]
            found |= {os.path.normpath(f"{below}/{name}") for name in (*names, *folders)}
        return found - _CACHES

    def processes(self) -> list[str]:
        """Return the command lines of what runs in it."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "root").readlink() == self.path:
                    found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue  # it has ended meanwhile
        return found


def _source() -> tuple[str, str]:
    """Return the name of this Debian and where its packages come from."""
    release: Mapping[str, str] = dict(
        line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line
    )
    suite = release["VERSION_CODENAME"].strip('"')
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", f"Codename: {suite}"]
    command += [f"Origin: {release['ID'].capitalize()}", "Component: main"]  # others name the same code name
    known = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert known, "apt-get knows no source of packages"
    return suite, server_of(known[0])


def server_of(source: str) -> str:
    """Return where debootstrap fetches from: of a list of mirrors, as GitHub's machines have one, the first.

    Args:
        source: As apt names it (apt-transport-mirror(1)).
    """
    scheme, _, file = source.partition(":")
    if scheme != "mirror+file":
        return source
    lines = Path(file.rstrip("/")).read_text(encoding="utf-8").splitlines()
    return next(line.split()[0] for line in lines if line.strip() and not line.startswith("#"))
