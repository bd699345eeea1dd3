"""How it gets on with the system around it, which is what freezing a program breaks first. Linux only.

The libraries that a frozen program brings along must not reach what it starts, its certificates are to be the
system's, and the keyring has to be found by a program whose modules are in an archive.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from build_scripts.packaging.smoke.certificates import make, tls_in_front_of
from build_scripts.packaging.smoke.target import SmokeError, Target, wait

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CLOUDFLARED = """#!/bin/sh
[ "$1" = --version ] && echo "cloudflared version 2026.8.2 (built 2026-08-14-11:22 UTC)" && exit
{record}
exec sleep 60
"""
BROWSER = "#!/bin/sh\n{record}\n"
EMAIL = "you@example.com"

_NOT_SIGNED_IN = 3
_UNREACHABLE = 6
_NO_BUS = {"DBUS_SESSION_BUS_ADDRESS": "disabled:", "XDG_RUNTIME_DIR": "/nonexistent"}
_OWN_LIBRARIES = {"LD_LIBRARY_PATH": "/opt/of-the-user/lib"}
_PYINSTALLERS = ("_PYI_", "_MEI", "LD_LIBRARY_PATH_ORIG")
_QTS = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH")


def check_without_keyring(target: Target) -> str:
    """See that without a keyring no token is kept anywhere, and that this is said."""
    with target.server() as (server, token):
        words = ("sign-in", "--token-stdin", "--server", server)
        done = target.run(*words, given=token, environ=_NO_BUS, statuses=(_NOT_SIGNED_IN,))
        files = [path for path in target.home.rglob("*") if path.is_file()]
        holders = [path for path in files if "server" not in path.relative_to(target.home).parts]
        if "keyring" not in done.stderr or any(token.encode() in path.read_bytes() for path in holders):
            raise SmokeError(f"without a keyring it says {done.stderr!r}")
    return f"status {done.returncode}, and nothing kept"


def check_with_keyring(target: Target) -> str:
    """See that a token that was given once is there for the next command."""
    with keyring() as session, target.server() as (server, token):
        target.run("sign-in", "--token-stdin", "--server", server, given=token, environ=session)
        said = target.run("list", environ=session).stdout
        if "There are no tunnels." not in said:
            raise SmokeError(f"signed in, it lists {said!r}")
        target.run("sign-out", environ=session)
        target.run("list", environ=session, statuses=(_NOT_SIGNED_IN,))
    return "kept, used, forgotten"


def check_certificates(target: Target) -> str:
    """See that a company's own authority is trusted where the system trusts it, and nowhere else."""
    statuses = []
    with target.server() as (server, token), tempfile.TemporaryDirectory() as folder:
        authority, chain = make(Path(folder, "one"))
        another, _ = make(Path(folder, "another"))
        with tls_in_front_of(server, chain) as address:
            for trusted, status in ((authority, 0), (another, _UNREACHABLE)):
                environ = {
                    "SSL_CERT_FILE": str(trusted),
                    "SSL_CERT_DIR": "/nonexistent",
                    "TUNNELDESK_ACCESS_TOKEN": token,
                }
                done = target.run("list", "--server", address, environ=environ, statuses=(status,))
                statuses.append(str(done.returncode))
    return f"status {' and '.join(statuses)}"


def check_children(target: Target) -> str:
    """See that a connector finds the system's libraries and none of ours."""
    with _recorder(CLOUDFLARED) as (program, record):
        environ = {**_OWN_LIBRARIES, "TUNNELDESK_CLOUDFLARED": str(program)}
        with target.running("expose", "9", "--demo", environ=environ) as running:
            _, seen = record.wait()
            running.terminate()
            running.wait(30)
    return _unspoilt(target, seen)


def check_browser(target: Target) -> str:
    """See that a browser is sent to the page for signing in, with an environment of its own."""
    with keyring() as session, target.server() as (server, _), _recorder(BROWSER) as (program, record):
        environ = {**session, **_OWN_LIBRARIES, "DISPLAY": ":9", "BROWSER": str(program)}
        with target.running("sign-in", "--email", EMAIL, "--server", server, environ=environ):
            words, seen = record.wait()
    if not words.startswith("http://127.0.0.1:"):
        raise SmokeError(f"the browser was sent to {words!r}")
    return f"sent to a page; {_unspoilt(target, seen)}"


class _Record:
    """What a program was started with."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def wait(self) -> tuple[str, dict[str, str]]:
        """Return its arguments, and its environment, as soon as it was started."""
        wait("a child", self._file.exists)
        words, *lines = self._file.read_text(encoding="utf-8").split("\0")
        return words, dict(line.split("=", 1) for line in lines if "=" in line)


@contextmanager
def _recorder(script: str) -> Iterator[tuple[Path, _Record]]:
    """Make a program that notes how it is started."""
    with tempfile.TemporaryDirectory(prefix="td-") as made:
        folder = Path(made)
        part, whole = (shlex.quote(str(folder / each)) for each in ("part", "whole"))
        program = folder / "program"
        record = f'{{ printf "%s\\0" "$*"; cat /proc/self/environ; }} > {part} && mv {part} {whole}'
        program.write_text(script.replace("{record}", record), encoding="utf-8")
        program.chmod(0o755)
        yield program, _Record(folder / "whole")


def _unspoilt(target: Target, environ: Mapping[str, str]) -> str:
    """See that a child's environment is the user's, and nothing of the frozen program's."""
    spoilt = [name for name in environ if name.startswith((*_PYINSTALLERS, *_QTS))]
    spoilt += [name for name, value in environ.items() if target.frozen_in and str(target.frozen_in) in value]
    if spoilt or environ.get("LD_LIBRARY_PATH") != _OWN_LIBRARIES["LD_LIBRARY_PATH"]:
        raise SmokeError(f"a child got {spoilt} and LD_LIBRARY_PATH {environ.get('LD_LIBRARY_PATH')!r}")
    return "a child's libraries are the user's"


@contextmanager
def keyring() -> Iterator[dict[str, str]]:
    """Start a session bus with a keyring that is open; the block gets the environment to find it by."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="td-"))  # a socket's path has to be short
        bus = f"unix:path={folder}/bus"
        environ = {"DBUS_SESSION_BUS_ADDRESS": bus, "XDG_RUNTIME_DIR": folder, "HOME": folder}
        _started(stack, environ, "dbus-daemon", "--session", "--nofork", f"--address={bus}")
        wait("a session bus", Path(folder, "bus").exists)
        keeper = ("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
        _started(stack, environ, *keeper, given="password")
        asking = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]
        asking += ["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]

        def is_up() -> bool:
            said = subprocess.run(
                asking, env={**os.environ, **environ}, capture_output=True, text=True, check=False
            )
            return "boolean true" in said.stdout

        wait("a keyring", is_up)
        yield environ


def _started(stack: ExitStack, environ: Mapping[str, str], *command: str, given: str = "") -> None:
    """Start a daemon that reads what it is given, and ends with the stack."""
    quiet = subprocess.DEVNULL
    daemon = subprocess.Popen(
        command, env={**os.environ, **environ}, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet
    )

    def end() -> None:
        daemon.terminate()
        daemon.wait(10)

    stack.callback(end)
    if daemon.stdin is not None:
        with daemon.stdin as stdin:
            stdin.write(given.encode())
