"""Composition root of the terminal face: finds server, token and connector, and hands them to the commands.

Adapters are imported where they are used: a command starts as fast as what it needs.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import InvalidValueError, TunnelDeskError
from tunneldesk.presentation.exit_status import ExitStatus, exit_status
from tunneldesk.presentation.problem import Subject
from tunneldesk.terminal.console import complain, say
from tunneldesk.terminal.place import Place
from tunneldesk.terminal.problems import Trouble
from tunneldesk.terminal.signing_in import sign_in, sign_out
from tunneldesk.terminal.style import Style

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tunneldesk.domain.account import Account
    from tunneldesk.domain.checkup import Finding
    from tunneldesk.presentation.doctor import CheckView
    from tunneldesk.service.doctor import Matter
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
    place = Place.of(environ)
    account: Account | None = None
    try:
        if call.verb in _WITHOUT_SERVER:
            return await _WITHOUT_SERVER[call.verb](call, place)
        account = None if call.demo else place.account(call)
        known = call.demo or account is not None
        call = replace(call, invocation=replace(call.invocation, server_known=known))
        return await _WITH_SERVER[call.verb](call, place, account)
    except InvalidValueError as error:
        return complain(Trouble.of_input(error, call.invocation), environ, as_json=call.json)
    except TunnelDeskError as error:
        subject = Subject(server=None if account is None else account.server)
        return complain(Trouble.of(error.failure, subject, call.invocation), environ, as_json=call.json)


async def _expose(call: Call, place: Place, _account: Account | None) -> int:
    from tunneldesk.core import CoreOptions, open_core
    from tunneldesk.service.clock import SystemClock
    from tunneldesk.terminal.expose import Expose
    from tunneldesk.terminal.interrupts import Interrupts
    from tunneldesk.terminal.log import warnings_on_stderr
    from tunneldesk.terminal.output import Output, same_file

    if call.wish is None:
        raise AssertionError("expose always has a wish")
    options = CoreOptions(
        server=call.server, connector=call.connector, demo=call.demo, lasting=False, environ=place.environ
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


async def _list(call: Call, place: Place, account: Account | None) -> int:
    from datetime import UTC, datetime

    from tunneldesk.terminal import listing

    async with place.client(account) as client:
        tunnels = await client.list_tunnels(include_inactive=call.everything)
    if call.json:
        say(listing.json_lines(tunnels))
    elif tunnels:
        say(listing.table(tunnels, Style.of(sys.stdout, place.environ), datetime.now(UTC)))
    else:
        say(["There are no tunnels."])
    return ExitStatus.AS_ASKED


async def _stop(call: Call, place: Place, account: Account | None) -> int:
    from tunneldesk.terminal import stopping

    async with place.client(account) as client:
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
            subject = Subject(outcome.tunnel.port, outcome.tunnel.slug, client.server)
            complain(Trouble.of(outcome.failure, subject, call.invocation), place.environ, as_json=False)
            ended = exit_status(outcome.failure)
    if call.everything and not tunnels:
        say(["There are no tunnels."])
    for name in missing:
        say([f"There is no tunnel {name}. See: {call.invocation.other('list')}"], sys.stderr)
        ended = ExitStatus.REFUSED
    return ended


async def _doctor(call: Call, place: Place) -> int:
    from tunneldesk.presentation.doctor import check_view
    from tunneldesk.service.doctor import Doctor
    from tunneldesk.terminal.doctor import JsonReport, PlainReport, Report, status

    matter = _matter(call, place)
    server = None if matter.account is None else matter.account.server
    invocation = replace(call.invocation, server_known=server is not None)
    doctor = Doctor(matter)
    style = Style.of(sys.stdout, place.environ)
    report: Report = JsonReport() if call.json else PlainReport(doctor.checks, style)
    views: list[CheckView] = []

    def hear(finding: Finding) -> None:
        view = check_view(finding, server, invocation)
        views.append(view)
        report.tell(view)

    try:
        await doctor.examine(hear)
    finally:
        report.end()
    return status(views)


def _matter(call: Call, place: Place) -> Matter:
    from tunneldesk.service.doctor import Matter

    account, fault = None, None
    try:
        account = place.account(call)
    except InvalidValueError as error:
        fault = error.failure
    installer = place.installer
    return Matter(
        paths=place.paths,
        account=account,
        fault=fault,
        token=place.given_token,
        trouble=place.settings.trouble,
        chosen=place.connector(call),
        installed=installer.program,
        offered=installer.offered,
        port=call.port,
        address=call.address,
    )


async def _install_cloudflared(_call: Call, place: Place) -> int:
    from tunneldesk.terminal.installing import install_cloudflared

    return await install_cloudflared(place.installer, place.environ)


async def _version(call: Call, place: Place) -> int:
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

_WITH_SERVER: dict[str, Callable[[Call, Place, Account | None], Awaitable[int]]] = {
    "expose": _expose,
    "list": _list,
    "stop": _stop,
    "sign-in": sign_in,
    "sign-out": sign_out,
}

_WITHOUT_SERVER: dict[str, Callable[[Call, Place], Awaitable[int]]] = {
    "doctor": _doctor,
    "install-cloudflared": _install_cloudflared,
    "version": _version,
}
