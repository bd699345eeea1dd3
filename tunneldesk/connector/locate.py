"""Which program connects a tunnel: the user's cloudflared, or the stand-in on this computer.

The cloudflared that the user has named is used, or none. Without one, all places are looked into - beside our own
program (packages bring one along), the PATH and where packages of the system put it, our own download - and the
newest that can be used is: so a newer one of the user's beats the one we brought along, and an update that was
downloaded beats both. Of two equal ones it is the first in that order, and one that its user has built is newest.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import errno
import json
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tunneldesk.connector.environment import frozen, own_command
from tunneldesk.connector.process import Child
from tunneldesk.domain.errors import ConnectorGaveUpError, ConnectorUnusableError, ErrorCode, Failure
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.domain.validation import is_loopback, server_is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tunneldesk.domain.secret import Secret

OLDEST_USABLE = (2022, 3, 0)
"""The first cloudflared that takes its token from the environment (TUNNEL_TOKEN)."""

PROGRAM_NAME = "cloudflared.exe" if sys.platform == "win32" else "cloudflared"

_USUAL_PLACES = (
    "/usr/local/bin/cloudflared",
    "/usr/bin/cloudflared",
    "/opt/homebrew/bin/cloudflared",
    "/home/linuxbrew/.linuxbrew/bin/cloudflared",
    "~/.local/bin/cloudflared",
    r"C:\Program Files\cloudflared\cloudflared.exe",
    r"C:\Program Files (x86)\cloudflared\cloudflared.exe",
)
"""Where packages put it: a desktop session's PATH is often shorter than a terminal's."""

_VERSION_LIMIT = 5.0
_VERSION_LINES = 20
_VERSION = re.compile(r"cloudflared version (?:(\d+)\.(\d+)\.(\d+)|DEV\b)")  # DEV: built by its user, from sources
_BAD_ARCHITECTURE = {getattr(errno, "EBADARCH", 86)}  # macOS: "Bad CPU type in executable"
_WIN_BAD_EXE_FORMAT = 193
_PROGRAM_MARKS = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
"""How executables of Linux, Windows and macOS begin."""

_answers: dict[tuple[object, ...], str] = {}
"""What a file answered to ``--version``, for as long as it is the same file: asking costs a process."""

_MISSING = Failure(ErrorCode.CONNECTOR_MISSING, because=(Because(Reason.PROGRAM_NOWHERE),))


@dataclass(frozen=True, slots=True)
class Program:
    """A connector that can be started.

    Attributes:
        argv: The program's path, and the arguments that come before cloudflared's own.
        version: As it names itself; empty for the stand-in, which is as old as we are.
        environ: What its environment needs.
    """

    argv: tuple[str, ...]
    version: str = ""
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Connectors:
    """What there is to connect with, for one server.

    Attributes:
        cloudflared: The one found, if any.
        chosen: Whether the user named it, so that it serves every token.
        standin: The stand-in, where the server is on this computer.
        fault: Why there is no cloudflared.
    """

    cloudflared: Program | None
    chosen: bool
    standin: Program | None
    fault: Failure = _MISSING

    def for_token(self, token: Secret) -> Program:
        """Return the program for a tunnel's token: the stand-in for a token that names an edge to dial.

        Raises:
            ConnectorGaveUpError: CONNECTOR_TOKEN_REFUSED: such a token from a server, or for an edge, elsewhere.
            ConnectorUnusableError: The token is for a real cloudflared, and there is none that could be used.
        """
        edge = edge_of(token)
        if edge is not None and not self.chosen:
            if self.standin is None or not is_loopback(edge.rpartition(":")[0]):
                because = Because(Reason.TOKEN_LEADS_ELSEWHERE)
                raise ConnectorGaveUpError(Failure(ErrorCode.CONNECTOR_TOKEN_REFUSED, because=(because,)))
            return self.standin
        if self.cloudflared is None:
            raise ConnectorUnusableError(self.fault)
        return self.cloudflared


def edge_of(token: Secret) -> str | None:
    """Return the edge (``host:port``) that a stand-in's token names; None for a real cloudflared's."""
    try:
        content = json.loads(base64.b64decode(token.reveal() + "==", validate=False))
    except (binascii.Error, ValueError, RecursionError):
        return None
    edge = content.get("e") if isinstance(content, dict) else None
    return edge if isinstance(edge, str) and edge else None


async def locate(*, server: str, chosen: Path | None, own: Path | None = None) -> Connectors:
    """Find what can connect the tunnels of ``server``, and try it.

    Args:
        server: API base address.
        chosen: The cloudflared the user named, which beats every other.
        own: Where the one is that we download ourselves, if it is there.

    Raises:
        ConnectorUnusableError: There is none, or it can't be used. Without one nothing should be created.
    """
    standin = _standin() if server_is_loopback(server) else None
    if chosen is not None:
        return Connectors(await examine(chosen), chosen=True, standin=standin)
    # All at once: one that hangs does not keep the others waiting.
    found = await asyncio.gather(*map(_judged, _candidates(own)))
    usable = [program for program in found if isinstance(program, Program)]
    if usable:
        return Connectors(max(usable, key=_newness), chosen=False, standin=standin)
    fault = next((failure for failure in found if isinstance(failure, Failure)), _MISSING)
    if standin is None:
        raise ConnectorUnusableError(fault)
    return Connectors(None, chosen=False, standin=standin, fault=fault)


async def _judged(path: Path) -> Program | Failure:
    try:
        return await examine(path)
    except ConnectorUnusableError as error:
        return error.failure


def _newness(program: Program) -> tuple[float, ...]:
    """Return what is greater the newer the program is."""
    parts = program.version.split(".")
    return tuple(float(part) for part in parts) if len(parts) > 1 else (float("inf"),)


async def examine(path: Path) -> Program:
    """Run ``path --version`` and return it as a program.

    Raises:
        ConnectorUnusableError: It is missing, not executable, for another kind of machine, too old, or something
            else altogether.
    """
    path = _checked(path)
    said = await _version_of(path)
    found = _VERSION.search(said)
    if not found:
        because = Because(Reason.PROGRAM_OF_OTHERS, {"path": str(path)})
        raise _unusable(ErrorCode.CONNECTOR_NOT_EXECUTABLE, because)
    if found[1] is None:
        return Program((str(path),), "DEV")
    version = ".".join(found.groups())
    if tuple(int(part) for part in found.groups()) < OLDEST_USABLE:
        oldest = ".".join(str(part) for part in OLDEST_USABLE)
        facts = {"path": str(path), "version": version, "oldest": oldest}
        raise _unusable(ErrorCode.CONNECTOR_TOO_OLD, Because(Reason.PROGRAM_TOO_OLD, facts))
    return Program((str(path),), version)


def _checked(path: Path) -> Path:
    path = path.expanduser().absolute()
    if not _exists(path):
        raise _unusable(ErrorCode.CONNECTOR_MISSING, Because(Reason.PROGRAM_MISSING, {"path": str(path)}))
    if not os.access(path, os.X_OK):
        because = Because(Reason.PROGRAM_NOT_EXECUTABLE, {"path": str(path)})
        raise _unusable(ErrorCode.CONNECTOR_NOT_EXECUTABLE, because)
    return path


async def _version_of(path: Path) -> str:
    file = _file_at(path)
    said = _answers.get(file) if file else None
    if said is None:
        said = await _ask_version(path)
        if file and _VERSION.search(said):  # else it may have been a bad moment
            _answers[file] = said
    return said


async def _ask_version(path: Path) -> str:
    said: list[str] = []

    def hear(line: str) -> None:
        if len(said) < _VERSION_LINES:
            said.append(line)

    try:
        child = await Child.start([str(path), "--version"], on_stderr=hear, on_stdout=hear, guarded=False)
    except OSError as error:
        foreign = _is_foreign(path, error)
        code = ErrorCode.CONNECTOR_WRONG_ARCHITECTURE if foreign else ErrorCode.CONNECTOR_NOT_EXECUTABLE
        facts = {"path": str(path), "system": error.strerror or str(error)}
        raise _unusable(code, Because(Reason.PROGRAM_NOT_STARTED, facts)) from error
    try:
        async with asyncio.timeout(_VERSION_LIMIT):
            await child.wait()
    except TimeoutError as error:
        because = Because(Reason.PROGRAM_HANGS, {"path": str(path), "seconds": f"{_VERSION_LIMIT:.0f}"})
        raise _unusable(ErrorCode.CONNECTOR_NOT_EXECUTABLE, because) from error
    finally:
        await child.stop(0.0)
    return "\n".join(said)


def _file_at(path: Path) -> tuple[object, ...] | None:
    """Return what tells the file that is at ``path`` now from any other that was or will be there."""
    try:
        is_now = path.stat()
    except OSError:
        return None
    return path, is_now.st_ino, is_now.st_mtime_ns, is_now.st_size


def _is_foreign(path: Path, error: OSError) -> bool:
    """Whether the system would not run the file because it is a program for another kind of machine."""
    if error.errno in _BAD_ARCHITECTURE or getattr(error, "winerror", 0) == _WIN_BAD_EXE_FORMAT:
        return True
    if error.errno != errno.ENOEXEC:
        return False
    with path.open("rb") as file:  # a text without "#!" is ENOEXEC, too
        return file.read(4).startswith(_PROGRAM_MARKS)


def _candidates(own: Path | None) -> Iterable[Path]:
    """Return where there is one, the same program under two names only once."""
    places = [*_bundled()]
    # Not with shutil.which, which takes one from the current folder first on Windows.
    places += [Path(folder) / PROGRAM_NAME for folder in os.get_exec_path() if Path(folder).is_absolute()]
    places += [Path(place).expanduser() for place in _USUAL_PLACES]
    places += [own] if own else []
    found: dict[Path, Path] = {}
    for path in filter(_exists, places):
        found.setdefault(path.resolve(), path)
    return found.values()


def _bundled() -> Iterable[Path]:
    """Yield where a package of ours has one: beside the program, or with what it unpacks."""
    if frozen():
        folders = (Path(sys.executable).parent, Path(getattr(sys, "_MEIPASS", sys.executable)))
        yield from (folder / PROGRAM_NAME for folder in folders)


def _exists(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, a folder that may not be looked into
        return False


def _standin() -> Program:
    argv, environ = own_command("tunneldesk.backend.connector", "connector")
    return Program(argv, environ=environ)


def _unusable(code: ErrorCode, because: Because) -> ConnectorUnusableError:
    return ConnectorUnusableError(Failure(code, because=(because,)))
