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
from tunneldesk.terminal.style import Style

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

    from tunneldesk.api.client import ApiClient
    from tunneldesk.connector.install import Installer
    from tunneldesk.domain.checkup import Finding
    from tunneldesk.domain.secret import Secret
    from tunneldesk.presentation.doctor import CheckView
    from tunneldesk.service.doctor import Matter
    from tunneldesk.storage.paths import Paths
    from tunneldesk.storage.settings import SettingsFile
    from tunneldesk.storage.sign_ins import KeptSession, SignIns
    from tunneldesk.terminal.arguments import Call, UnusableCallError
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
    from tunneldesk.daemon_threads import DaemonThreads

    asyncio.get_running_loop().set_default_executor(DaemonThreads())
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
    def sign_ins(self) -> SignIns:
        """The sign-ins in the keyring."""
        from tunneldesk.storage.credentials import Credentials
        from tunneldesk.storage.sign_ins import SignIns

        return SignIns(Credentials(self.paths))

    @property
    def installer(self) -> Installer:
        """What downloads cloudflared, and knows where to."""
        from tunneldesk.connector.install import MIRROR_VARIABLE, Installer
        from tunneldesk.network import open_transport

        return Installer(self.paths.cloudflared, open_transport, mirror=self.environ.get(MIRROR_VARIABLE))

    async def sign_in(self, server: str) -> Secret | KeptSession | None:
        """Return the access token from the environment, else whatever sign-in the keyring holds."""
        from tunneldesk.domain.secret import Secret

        given = self.environ.get("TUNNELDESK_ACCESS_TOKEN")
        if given:
            return Secret(given)
        try:
            return await self.sign_ins.find(server)
        except CredentialsError as error:
            _excuse_missing_keyring(error)
            return None

    @asynccontextmanager
    async def client(self, server: str | None) -> AsyncIterator[ApiClient]:
        """Talk to the server as the signed-in account.

        Raises:
            TunnelDeskError: There is no server or no token, or the keyring would not give it.
        """
        from tunneldesk.service.clock import SystemClock
        from tunneldesk.service.session import client_for

        found = None if server is None else await self.sign_in(server)
        if server is None or found is None:
            raise ServerRefusedError(Failure(ErrorCode.SIGNED_OUT))
        client = client_for(
            server, found, sign_ins=self.sign_ins, clock=SystemClock(), lock=self.paths.renewal_lock
        )
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


async def _sign_in(call: Call, place: _Place, server: str | None) -> int:
    if server is None:
        raise InvalidValueError(ErrorCode.INVALID_INPUT, "", "Say which server to sign in to: --server URL")
    if call.email is not None:
        return await _sign_in_by_browser(call.email, place, server)
    return await _sign_in_with_token(place, server)


async def _sign_in_by_browser(email: str, place: _Place, server: str) -> int:
    from tunneldesk.api.auth import FixedToken
    from tunneldesk.api.client import ApiClient
    from tunneldesk.domain.secret import Secret
    from tunneldesk.service.clock import SystemClock
    from tunneldesk.service.sign_in import sign_in
    from tunneldesk.storage.sign_ins import KeptSession
    from tunneldesk.terminal.browser import show_address

    kept = place.sign_ins
    await kept.find(server)  # a keyring that can't be used is told before anybody goes to the browser
    client = ApiClient(server, FixedToken(Secret("none")))
    try:
        granted, _ = await sign_in(client, email, SystemClock(), lambda url: show_address(url, place.environ))
        session = KeptSession(granted.refresh_token, granted.email or email)
        try:
            await kept.keep(server, session)
        except CredentialsError:
            await client.log_out(granted.refresh_token)  # nobody would ever use it
            raise
    finally:
        await client.aclose()
    place.settings.write(replace(place.settings.read(), server=server))
    say([f"Signed in to {server} as {session.email}. You stay signed in until you sign out."])
    return ExitStatus.AS_ASKED


async def _sign_in_with_token(place: _Place, server: str) -> int:
    from tunneldesk.api.auth import FixedToken
    from tunneldesk.api.client import ApiClient
    from tunneldesk.terminal.token_input import read_token

    token = read_token(sys.stdin)
    client = ApiClient(server, FixedToken(token))
    try:
        await client.check()
        await client.list_tunnels()
    finally:
        await client.aclose()
    await place.sign_ins.keep(server, token)
    place.settings.write(replace(place.settings.read(), server=server))
    say([f"Signed in to {server}. The access token is kept in the system's keyring."])
    return ExitStatus.AS_ASKED


async def _sign_out(_call: Call, place: _Place, server: str | None) -> int:
    if server is not None:
        try:
            await _forget(place, server)
        except CredentialsError as error:
            _excuse_missing_keyring(error)
    say([f"Signed out of {server}." if server else "Nobody was signed in."])
    if place.environ.get("TUNNELDESK_ACCESS_TOKEN"):
        say(["TUNNELDESK_ACCESS_TOKEN is still set, and goes on being used."], sys.stderr)
    return ExitStatus.AS_ASKED


async def _forget(place: _Place, server: str) -> None:
    """Have the server end the session, where there is one, and keep nothing of it."""
    from tunneldesk.api.auth import FixedToken
    from tunneldesk.api.client import ApiClient
    from tunneldesk.domain.secret import Secret
    from tunneldesk.storage.sign_ins import KeptSession

    kept = await place.sign_ins.find(server)
    await place.sign_ins.forget(server)
    if isinstance(kept, KeptSession):
        client = ApiClient(server, FixedToken(Secret("none")))
        try:
            await client.log_out(kept.refresh_token)
        except TunnelDeskError as error:
            say([f"{server} did not end the session ({error.failure.code}); it runs out by itself."], sys.stderr)
        finally:
            await client.aclose()


async def _doctor(call: Call, place: _Place) -> int:
    from tunneldesk.presentation.doctor import check_view
    from tunneldesk.service.doctor import Doctor
    from tunneldesk.terminal.doctor import JsonReport, PlainReport, Report, status

    matter = _matter(call, place)
    invocation = replace(call.invocation, server_known=matter.server is not None)
    doctor = Doctor(matter)
    style = Style.of(sys.stdout, place.environ)
    report: Report = JsonReport() if call.json else PlainReport(doctor.checks, style)
    views: list[CheckView] = []

    def hear(finding: Finding) -> None:
        view = check_view(finding, matter.server, invocation)
        views.append(view)
        report.tell(view)

    try:
        await doctor.examine(hear)
    finally:
        report.end()
    return status(views)


def _matter(call: Call, place: _Place) -> Matter:
    from tunneldesk.domain.secret import Secret
    from tunneldesk.service.doctor import Matter

    server, fault = None, None
    try:
        server = place.server(call)
    except InvalidValueError as error:
        fault = error.failure
    token = place.environ.get("TUNNELDESK_ACCESS_TOKEN")
    installer = place.installer
    return Matter(
        paths=place.paths,
        server=server,
        fault=fault,
        token=Secret(token) if token else None,
        trouble=place.settings.trouble,
        chosen=place.connector(call),
        installed=installer.program,
        offered=installer.offered,
        port=call.port,
        address=call.address,
    )


async def _install_cloudflared(_call: Call, place: _Place) -> int:
    from tunneldesk.terminal.installing import install_cloudflared

    return await install_cloudflared(place.installer, place.environ)


async def _version(call: Call, place: _Place) -> int:
    from tunneldesk.terminal import version

    cloudflared: str | None = None
    if call.verbose:
        from tunneldesk.connector.locate import locate

        with suppress(TunnelDeskError):  # said as "not found"
            own = place.installer.program
            program = (await locate(server=_SOME_SERVER, chosen=place.connector(call), own=own)).cloudflared
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
    "install-cloudflared": _install_cloudflared,
    "version": _version,
}
