"""A problem's actions as the terminal offers them: commands to type."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode
from tunneldesk.domain.validation import suggest_slug
from tunneldesk.presentation.download import CONNECTOR_PAGE
from tunneldesk.presentation.problem import ActionKind
from tunneldesk.presentation.texts import duration

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.presentation.problem import Action, Problem


@dataclass(frozen=True, slots=True)
class Invocation:
    """How TunnelDesk was called, so that advice can repeat it with one thing changed.

    Attributes:
        verb: The command, such as ``expose``.
        operands: What it was called with, such as the port.
        slug: The name that was asked for.
        server: The server, where it was named on the command line.
        server_known: Whether there is a server without naming one.
        options: The other switches, each with its value, ready to be repeated.
    """

    verb: str
    operands: tuple[str, ...] = ()
    slug: str | None = None
    server: str | None = None
    options: tuple[tuple[str, ...], ...] = ()
    server_known: bool = True

    def line(
        self, *, slug: str | None, operands: tuple[str, ...] | None = None, extra: tuple[str, ...] = ()
    ) -> str:
        """Return the command line with this name, and perhaps other operands or a switch in place of its own."""
        name = ("--name", slug) if slug else ()
        server = self._server()
        given = self.operands if operands is None else operands
        kept = chain.from_iterable(option for option in self.options if option[0] not in extra)
        return shlex.join(("tunneldesk", self.verb, *given, *name, *server, *kept, *extra))

    def other(self, *words: str) -> str:
        """Return the line of another command for the same server."""
        return shlex.join(("tunneldesk", *words, *self._server()))

    def _server(self) -> tuple[str, ...]:
        if self.server:
            return ("--server", self.server)
        return () if self.server_known else ("--server", "URL")


@dataclass(frozen=True, slots=True)
class Advice:
    """One way on: what it is, and what to type for it."""

    label: str
    command: str


def advice(problem: Problem, invocation: Invocation) -> tuple[Advice, ...]:
    """Return the ways on that a terminal has, in the problem's order."""
    offered = tuple(
        Advice(action.label, command)
        for action in problem.actions
        if (command := command_for(action, invocation)) is not None
    )
    if problem.countdown is not None:
        return (Advice(f"Try again in {duration(problem.countdown)}", _again(None, invocation)), *offered)
    if problem.code is ErrorCode.SIGNED_OUT and invocation.verb == "expose":
        return (*offered, Advice("Try it without an account", _in_demo(invocation)))
    return offered


def command_for(action: Action, invocation: Invocation) -> str | None:
    """Return what to type for ``action``; None where a terminal has nothing to offer."""
    command = _COMMANDS.get(action.kind)
    return command(action, invocation) if command else None


def _again(_action: Action | None, invocation: Invocation) -> str:
    return invocation.line(slug=invocation.slug)


def _in_demo(invocation: Invocation) -> str:
    here = replace(invocation, server=None, server_known=True)
    return here.line(slug=invocation.slug, extra=("--demo",))


def _change_name(_action: Action, invocation: Invocation) -> str:
    nearest = suggest_slug(invocation.slug or "")
    return invocation.line(slug="NAME" if nearest is None or nearest == invocation.slug else nearest)


def _with_connector(_action: Action, invocation: Invocation) -> str:
    # The download itself has no use for another file; what would have used it has.
    asked = invocation if invocation.verb != "install-cloudflared" else Invocation("expose", ("PORT",))
    return asked.line(slug=asked.slug, extra=("--connector", "FILE"))


def _sign_in(_action: Action, invocation: Invocation) -> str:
    by_browser = invocation.other("sign-in", "--email", "YOU@EXAMPLE.COM")
    return f"{by_browser} (or --token-stdin, or set TUNNELDESK_ACCESS_TOKEN)"


_COMMANDS: dict[ActionKind, Callable[[Action, Invocation], str]] = {
    ActionKind.TRY_AGAIN: _again,
    ActionKind.EXPOSE_AGAIN: _again,
    ActionKind.EDIT: lambda _, invocation: f"tunneldesk {invocation.verb} --help".replace("  ", " "),
    ActionKind.CHANGE_PORT: lambda _, invocation: invocation.line(slug=invocation.slug, operands=("PORT",)),
    ActionKind.CHANGE_NAME: _change_name,
    ActionKind.USE_NAME: lambda action, invocation: invocation.line(slug=action.value),
    ActionKind.USE_RANDOM_NAME: lambda _, invocation: invocation.line(slug=None),
    ActionKind.MAKE_ROOM: lambda _, invocation: (
        f"{invocation.other('list')}, then {invocation.other('stop', 'NAME')}"
    ),
    ActionKind.SIGN_IN: _sign_in,
    ActionKind.USE_ANOTHER_ACCOUNT: _sign_in,
    ActionKind.CHECK_SERVER: lambda _, invocation: invocation.other("doctor"),
    ActionKind.DOWNLOAD_CONNECTOR: lambda _, __: "tunneldesk install-cloudflared",
    ActionKind.OPEN_CONNECTOR_PAGE: lambda _, __: CONNECTOR_PAGE,
    ActionKind.CHOOSE_CONNECTOR: _with_connector,
    ActionKind.CHOOSE_AUTHORITY: lambda _, __: "tunneldesk (Settings, Account, Company certificate)",
    ActionKind.SESSION_ONLY: lambda _, __: "set TUNNELDESK_ACCESS_TOKEN for this run",
}
"""CANCEL needs no command; log and details are printed with the problem."""
