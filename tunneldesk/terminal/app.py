"""Composition root of the terminal face: finds server, token and connector, and hands them to the commands.

Adapters are imported where they are used: a command starts as fast as what it needs.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import (
    CredentialsError,
    ErrorCode,
    Failure,
    InvalidValueError,
    ServerRefusedError,
    TunnelDeskError,
)
from tunneldesk.domain.validation import parse_server
from tunneldesk.presentation.exit_status import ExitStatus, exit_status
from tunneldesk.presentation.problem import Subject
from tunneldesk.terminal.console import complain, say
from tunneldesk.terminal.problems import Trouble
from tunneldesk.terminal.style import Style, width

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from tunneldesk.api.client import ApiClient
    from tunneldesk.domain.secret import Secret
    from tunneldesk.storage.credentials import Credentials
    from tunneldesk.storage.paths import Paths
    from tunneldesk.storage.settings import SettingsFile
    from tunneldesk.terminal.arguments import Call, UnusableCallError
    from tunneldesk.terminal.doctor import Finding
    from tunneldesk.terminal.faces import Face
    from tunneldesk.terminal.output import Output


def refuse(error: UnusableCallError) -> int:
    """Say what on the command line can't be used; return the exit status."""
    return complain(Trouble.of_input(error.error, error.invocation), os.environ, as_json=error.json)


def main(call: Call) -> int:
    """Carry out one command; return the exit status."""
    try:
        try:
            return asyncio.run(_run(call, os.environ))
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return ExitStatus.AS_ASKED
    except BrokenPipeError:
        # Whoever read our output has had enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitStatus.AS_ASKED


async def _run(call: Call, environ: Mapping[str, str]) -> int:
    place = _Place.of(environ)
    server: str | None = None
    try:
        if call.verb in _WITHOUT_SERVER:
            return await _WITHOUT_SERVER[call.verb](call, place)
        server = None if call.demo else place.server(call)
        call = replace(call, invocation=replace(call.invocation, server_known=call.demo or server is not None))
        return await _WITH_SERVER[call.verb](call, place, server)
    except InvalidValueError as error:
        return complain(Trouble.of_input(error, call.invocation), environ, as_json=call.json)
    except TunnelDeskError as error:
        trouble = Trouble.of(error.failure, Subject(server=server), call.invocation)
        return complain(trouble, environ, as_json=call.json)


@dataclass(frozen=True, slots=True)
class _Place:
    """What this home and this environment hold."""

    environ: Mapping[str, str]
    paths: Paths
    settings: SettingsFile

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> _Place:
        from tunneldesk.storage.paths import Paths
        from tunneldesk.storage.settings import SettingsFile

        paths = Paths.find(environ)
        return cls(environ, paths, SettingsFile(paths.settings))

    def server(self, call: Call) -> str | None:
        """Return the server to use: a switch beats the environment, which beats the settings."""
        named = self.environ.get("TUNNELDESK_SERVER")
        return call.server or (parse_server(named) if named else None) or self.settings.read().server

    def connector(self, call: Call) -> Path | None:
        """Return the connector that was named, in the same order; None for whichever is found."""
        named = self.environ.get("TUNNELDESK_CLOUDFLARED")
        return call.connector or (Path(named) if named else None) or self.settings.read().preferences.connector

    @property
    def credentials(self) -> Credentials:
        """The tokens in the keyring."""
        from tunneldesk.storage.credentials import Credentials

        return Credentials(self.paths)

    async def token(self, server: str) -> Secret | None:
        """Return the access token from the environment, else from the keyring."""
        from tunneldesk.domain.secret import Secret

        given = self.environ.get("TUNNELDESK_ACCESS_TOKEN")
        if given:
            return Secret(given)
        try:
            return await self.credentials.get(server)
        except CredentialsError as error:
            _excuse_missing_keyring(error)
            return None

    @asynccontextmanager
    async def client(self, server: str | None) -> AsyncIterator[ApiClient]:
        """Talk to the server as the signed-in account.

        Raises:
            TunnelDeskError: There is no server or no token, or the keyring would not give it.
        """
        from tunneldesk.api.auth import FixedToken
        from tunneldesk.api.client import ApiClient

        token = None if server is None else await self.token(server)
        if server is None or token is None:
            raise ServerRefusedError(Failure(ErrorCode.SIGNED_OUT))
        client = ApiClient(server, FixedToken(token))
        try:
            yield client
        finally:
            await client.aclose()


def _excuse_missing_keyring(error: CredentialsError) -> None:
    """Take a system without a keyring for one that holds no token."""
    if error.failure.code is not ErrorCode.KEYRING_MISSING:
        raise error


async def _expose(call: Call, place: _Place, server: str | None) -> int:
    from tunneldesk.core import CoreOptions, open_core
    from tunneldesk.service.clock import SystemClock
    from tunneldesk.terminal.expose import Expose
    from tunneldesk.terminal.interrupts import Interrupts
    from tunneldesk.terminal.log import warnings_on_stderr
    from tunneldesk.terminal.output import Output, same_file

    if call.wish is None:
        raise AssertionError("expose always has a wish")
    options = CoreOptions(
        server=server, connector=call.connector, demo=call.demo, lasting=False, environ=place.environ
    )
    style = Style.of(sys.stdout, place.environ)
    with Interrupts() as interrupts:
        output = Output(sys.stdout, gone=lambda: interrupts.react())
        errors = output if same_file(sys.stdout, sys.stderr) else Output(sys.stderr, gone=lambda: None)
        try:
            with warnings_on_stderr(held=style.live):
                async with open_core(options) as core:
                    face = _face(call, output, errors, style)
                    expose = Expose(core.store, core.commands, SystemClock(), face, call.invocation)
                    interrupts.react = expose.stop
                    if interrupts.count:
                        expose.stop()
                    return await expose.run(call.wish)
        finally:
            await output.close()
            await errors.close()


def _face(call: Call, output: Output, errors: Output, style: Style) -> Face:
    from tunneldesk.terminal.faces import JsonFace, LiveFace, PlainFace

    if call.json:
        return JsonFace(output)
    return (LiveFace if style.live else PlainFace)(output, errors, style)


async def _list(call: Call, place: _Place, server: str | None) -> int:
    from datetime import UTC, datetime

    from tunneldesk.terminal import listing

    async with place.client(server) as client:
        tunnels = await client.list_tunnels(include_inactive=call.everything)
    if call.json:
        say(listing.json_lines(tunnels))
    elif tunnels:
        say(listing.table(tunnels, Style.of(sys.stdout, place.environ), datetime.now(UTC)))
    else:
        say(["There are no tunnels."])
    return ExitStatus.AS_ASKED


async def _stop(call: Call, place: _Place, server: str | None) -> int:
    from tunneldesk.terminal import stopping

    async with place.client(server) as client:
        tunnels = await client.list_tunnels()
        if call.everything:
            wanted, missing = list(tunnels), list[str]()
        else:
            wanted, missing = stopping.find(call.names, tunnels)
        outcomes = await stopping.stop_all(wanted, client.delete)
    ended = ExitStatus.AS_ASKED
    for outcome in outcomes:
        if outcome.failure is None:
            say([f"{stopping.name_of(outcome.tunnel)} {outcome.words}"])
        else:
            subject = Subject(outcome.tunnel.port, outcome.tunnel.slug, server)
            complain(Trouble.of(outcome.failure, subject, call.invocation), place.environ, as_json=False)
            ended = exit_status(outcome.failure)
    if call.everything and not tunnels:
        say(["There are no tunnels."])
    for name in missing:
        say([f"There is no tunnel {name}. See: {call.invocation.other('list')}"], sys.stderr)
        ended = ExitStatus.REFUSED
    return ended


async def _sign_in(_call: Call, place: _Place, server: str | None) -> int:
    from tunneldesk.api.auth import FixedToken
    from tunneldesk.api.client import ApiClient
    from tunneldesk.terminal.token_input import read_token

    if server is None:
        raise InvalidValueError(ErrorCode.INVALID_INPUT, "", "Say which server to sign in to: --server URL")
    token = read_token(sys.stdin)
    client = ApiClient(server, FixedToken(token))
    try:
        await client.check()
        await client.list_tunnels()
    finally:
        await client.aclose()
    await place.credentials.set(server, token)
    place.settings.write(replace(place.settings.read(), server=server))
    say([f"Signed in to {server}. The access token is kept in the system's keyring."])
    return ExitStatus.AS_ASKED


async def _sign_out(_call: Call, place: _Place, server: str | None) -> int:
    if server is not None:
        try:
            await place.credentials.forget(server)
        except CredentialsError as error:
            _excuse_missing_keyring(error)
    say([f"Signed out of {server}." if server else "Nobody was signed in."])
    if place.environ.get("TUNNELDESK_ACCESS_TOKEN"):
        say(["TUNNELDESK_ACCESS_TOKEN is still set, and goes on being used."], sys.stderr)
    return ExitStatus.AS_ASKED


async def _doctor(call: Call, place: _Place) -> int:
    from tunneldesk.terminal import doctor

    findings = await _examine(call, place)
    style = Style.of(sys.stdout, place.environ)
    say((item.line() for item in findings) if call.json else doctor.lines(findings, style, width()))
    return doctor.status(findings)


async def _examine(call: Call, place: _Place) -> list[Finding]:
    from tunneldesk.connector.locate import locate
    from tunneldesk.terminal import doctor

    found: list[Finding] = []
    server: str | None = None

    async def look_at_server() -> str:
        from tunneldesk.api.auth import FixedToken
        from tunneldesk.api.client import ApiClient
        from tunneldesk.domain.secret import Secret

        nonlocal server
        server = place.server(call)
        if server is None:
            raise ServerRefusedError(Failure(ErrorCode.SIGNED_OUT))
        client = ApiClient(server, FixedToken(Secret("")))
        try:
            await client.check()
        finally:
            await client.aclose()
        return f"{server} answers as a tunnel server does."

    async def look_at_token() -> str:
        async with place.client(server) as client:
            tunnels = await client.list_tunnels()
        return f"The server accepts the access token; tunnels in use: {len(tunnels)}."

    async def look_at_keyring() -> str:
        await place.credentials.get(server or "nothing")
        return "The system's keyring can be used."

    async def look_at_connector() -> str:
        connectors = await locate(server=server or _SOME_SERVER, chosen=place.connector(call))
        if connectors.cloudflared is not None:
            return f"cloudflared {connectors.cloudflared.version} ({connectors.cloudflared.argv[0]})."
        return "There is no cloudflared; the server is on this computer, so the stand-in will do."

    async def add(check: str, look: Callable[[], Awaitable[str]], *, needed: bool = True) -> None:
        invocation = replace(call.invocation, server_known=server is not None)
        found.append(await doctor.inspect(check, look, Subject(server=server), invocation, needed=needed))

    await add("server", look_at_server)
    if found[0].verdict is doctor.Verdict.OK:
        await add("access token", look_at_token)
    else:
        reason = "Not looked at: a server that answers is needed first."
        found.append(doctor.Finding("access token", doctor.Verdict.SKIPPED, reason))
    await add("keyring", look_at_keyring, needed=False)
    await add("connector", look_at_connector, needed=server is not None)
    found.append(doctor.look_at_folders((place.paths.config, place.paths.state, place.paths.cache)))
    found.append(await doctor.look_at_localhost_names())
    return found


async def _version(call: Call, place: _Place) -> int:
    from tunneldesk.terminal import version

    cloudflared: str | None = None
    if call.verbose:
        from tunneldesk.connector.locate import locate

        with suppress(TunnelDeskError):  # said as "not found"
            program = (await locate(server=_SOME_SERVER, chosen=place.connector(call))).cloudflared
            cloudflared = program.version if program else None
    say(version.lines(verbose=call.verbose, cloudflared=cloudflared))
    return ExitStatus.AS_ASKED


_SOME_SERVER = "https://api.example.com"
"""A server that is not on this computer, for which only a real cloudflared will do."""

_WITH_SERVER: dict[str, Callable[[Call, _Place, str | None], Awaitable[int]]] = {
    "expose": _expose,
    "list": _list,
    "stop": _stop,
    "sign-in": _sign_in,
    "sign-out": _sign_out,
}

_WITHOUT_SERVER: dict[str, Callable[[Call, _Place], Awaitable[int]]] = {
    "doctor": _doctor,
    "version": _version,
}
