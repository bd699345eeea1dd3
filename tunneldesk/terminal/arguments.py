"""The command line, read and checked before anything is started."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

from tunneldesk.domain.errors import ErrorCode, InvalidValueError
from tunneldesk.domain.link import is_link
from tunneldesk.domain.model import Wish, public_address
from tunneldesk.domain.validation import (
    SLUG_RULE,
    parse_email,
    parse_hostname,
    parse_port,
    parse_server,
    parse_slug,
    shown,
)
from tunneldesk.presentation.advice import Invocation
from tunneldesk.terminal.duration import parse_duration

if TYPE_CHECKING:
    from collections.abc import Sequence


_VERBS = ("expose", "list", "stop", "sign-in", "sign-out", "doctor", "install-cloudflared")


@dataclass(frozen=True, slots=True)
class Call:
    """One command, ready to be carried out.

    Attributes:
        verb: ``tray``, ``quit``, ``version``, ``expose``, ``list``, ``stop``, ``sign-in``, ``sign-out``, ``doctor``
            or ``install-cloudflared``.
        invocation: The call as advice repeats it.
        json: Whether programs read the output.
        server: Server named on the command line.
        connector: Connector named on the command line.
        demo: Whether the embedded server is used.
        wish: What to expose.
        everything: ``--all``.
        names: Names, ids or host names of tunnels.
        port: Port that the doctor is to look at.
        address: Public address that the doctor is to look at.
        verbose: Whether ``--version`` tells of the parts too.
        email: Whose account.
        token_stdin: Whether an access token comes on standard input.
        link: A link of ours for the tray app to follow.
        background: Whether the tray app was started by the system, at login.
        home: The folder that everything is kept in, in place of the one that ``TUNNELDESK_HOME`` names.
    """

    verb: str
    invocation: Invocation
    json: bool = False
    server: str | None = None
    connector: Path | None = None
    demo: bool = False
    wish: Wish | None = None
    everything: bool = False
    names: tuple[str, ...] = ()
    port: int | None = None
    address: str | None = None
    verbose: bool = False
    email: str | None = None
    token_stdin: bool = False
    link: str | None = None
    background: bool = False
    home: Path | None = None


class UnusableCallError(Exception):
    """Something on the command line can't be used.

    Attributes:
        error: What, and why.
        invocation: The call as far as it was understood.
        json: Whether programs read the output.
    """

    def __init__(self, error: InvalidValueError, invocation: Invocation, *, json: bool) -> None:
        super().__init__(str(error))
        self.error = error
        self.invocation = invocation
        self.json = json


def parse(argv: Sequence[str]) -> Call:
    """Return the call that ``argv`` asks for.

    Raises:
        UnusableCallError: A word or a value on the line can't be used.
        SystemExit: Help was asked for and printed.
    """
    if len(argv) == 1 and is_link(argv[0]):  # as desktops call whoever handles a link
        return Call("tray", Invocation(""), link=argv[0])
    try:
        given = _parser().parse_args(argv)
    except InvalidValueError as error:
        raise UnusableCallError(error, Invocation(_verb_of(argv)), json="--json" in argv) from None
    verb = given.verb or ("version" if given.version else "quit" if given.quit else "tray")
    invocation = _invocation(verb, given)
    try:
        _check(verb, given)
        return Call(
            verb=verb,
            invocation=invocation,
            json=given.json,
            server=None if given.server is None else parse_server(given.server),
            connector=None if given.connector is None else Path(given.connector).expanduser(),
            demo=given.demo,
            wish=_wish(given),
            everything=given.everything,
            names=tuple(given.names),
            port=None if given.checked_port is None else parse_port(given.checked_port),
            address=None if given.address is None else _address(given.address),
            verbose=given.verbose,
            email=None if given.email is None else parse_email(given.email),
            token_stdin=given.token_stdin,
            background=given.background,
            home=None if given.home is None else Path(given.home).expanduser().resolve(),
        )
    except InvalidValueError as error:
        raise UnusableCallError(error, invocation, json=given.json) from None


def _check(verb: str, given: argparse.Namespace) -> None:
    if given.verbose and verb != "version":
        raise _unusable("--verbose goes with --version.")
    if verb == "tray" and given.port is None and given.name is not None:
        raise _unusable("--name goes with --expose PORT.")
    if verb != "tray" and given.background:
        raise _unusable("--background goes with the tray app, which has no command.")
    if given.demo and given.server is not None:
        raise _unusable("--demo brings its own server, so --server does not go with it.")
    if verb == "stop" and bool(given.names) == given.everything:
        raise _unusable("Say which tunnels to stop: by name, id or host name, or --all.")
    if verb == "sign-in" and given.token_stdin and given.email is not None:
        raise _unusable("Sign in either with the browser (--email) or with an access token (--token-stdin).")


def _wish(given: argparse.Namespace) -> Wish | None:
    if given.port is None:
        return None
    return Wish(
        parse_port(given.port),
        None if given.name is None else parse_slug(given.name),
        None if given.stop_after is None else parse_duration(given.stop_after),
    )


def _address(text: str) -> str:
    """Return the public address that a URL or a host name tells."""
    stripped = text.strip()
    try:
        parts = urlsplit(stripped if "://" in stripped else public_address(stripped))
        parse_hostname(parts.netloc)
    except (ValueError, InvalidValueError):
        parts = urlsplit("")
    if parts.scheme not in {"https", "http"}:
        raise _unusable(
            f'"{shown(text)}" is not a public address. Write it like https://my-app.example.com.'
        ) from None
    return parts._replace(fragment="").geturl()


def _verb_of(argv: Sequence[str]) -> str:
    return next((word for word in argv if word in _VERBS), "")


class _Parser(argparse.ArgumentParser):
    """Raises what it has to complain about, so that it is told like every other problem."""

    def error(self, message: str) -> NoReturn:
        raise _unusable(f"{message[:1].upper()}{message[1:]}. See: {self.prog} --help")


def _unusable(message: str) -> InvalidValueError:
    return InvalidValueError(ErrorCode.INVALID_INPUT, "", message=message)


def _invocation(verb: str, given: argparse.Namespace) -> Invocation:
    switches: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (given.stop_after, ("--for", given.stop_after)),
        (given.connector, ("--connector", given.connector)),
        (given.demo, ("--demo",)),
        (given.json, ("--json",)),
        (given.everything, ("--all",)),
        (given.token_stdin, ("--token-stdin",)),
        (given.email, ("--email", given.email)),
        (given.checked_port, ("--port", given.checked_port)),
        (given.address, ("--address", given.address)),
    )
    return Invocation(
        verb="" if verb in {"tray", "quit", "version"} else verb,
        operands=tuple(given.names) if given.port is None else (given.port,),
        slug=given.name,
        server=given.server,
        options=tuple(words for is_given, words in switches if is_given),
    )


def _parser() -> _Parser:
    parser = _Parser(
        prog="tunneldesk",
        description="Put a port of this machine on a public address, and keep it there. Without a command, the "
        "tray app is started.",
        allow_abbrev=False,
    )
    parser.set_defaults(
        verb=None,
        port=None,
        name=None,
        stop_after=None,
        everything=False,
        names=[],
        token_stdin=False,
        email=None,
        checked_port=None,
        address=None,
        json=False,
        connector=None,
    )
    parser.add_argument(
        "--version", action="store_true", help="show the version (with --verbose, of the parts too)"
    )
    parser.add_argument("--verbose", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument(
        "--quit", action="store_true", help="have the tray app end, and wait until it has; installers ask so"
    )
    parser.add_argument("--demo", action="store_true", help="use a server on this computer: no account needed")
    parser.add_argument("--expose", dest="port", metavar="PORT", help=argparse.SUPPRESS)
    parser.add_argument("--name", help=argparse.SUPPRESS)
    parser.add_argument("--background", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--home", metavar="FOLDER", help=argparse.SUPPRESS)
    _add_server(parser)

    commands = parser.add_subparsers(metavar="COMMAND", title="commands", parser_class=_Parser)
    expose = _command(commands, "expose", "expose a port until Ctrl-C, SIGTERM or --for")
    expose.add_argument("port", metavar="PORT", help="port of this machine, 1 to 65535")
    expose.add_argument("--name", metavar="NAME", help=f"name in the address: {SLUG_RULE} (default: a random one)")
    expose.add_argument(
        "--for", dest="stop_after", metavar="TIME", help="stop by itself after this time, such as 30s, 90m or 1h30m"
    )
    expose.add_argument("--demo", action="store_true", help="use a server on this computer: no account needed")
    _add_json(expose)
    _add_server(expose)
    _add_connector(expose)

    listing = _command(commands, "list", "list this account's tunnels on the server")
    listing.add_argument("--all", dest="everything", action="store_true", help="also those that have ended")
    _add_json(listing)
    _add_server(listing)

    stop = _command(commands, "stop", "stop tunnels of this account")
    stop.add_argument("names", nargs="*", metavar="TUNNEL", help="name, id or host name")
    stop.add_argument("--all", dest="everything", action="store_true", help="all of them")
    _add_server(stop)

    sign_in = _command(commands, "sign-in", "sign in with the browser, or with an access token")
    sign_in.add_argument("--email", metavar="E-MAIL", help="your e-mail address, to sign in with the browser")
    sign_in.add_argument("--token-stdin", action="store_true", help="read the access token from standard input")
    _add_server(sign_in)

    sign_out = _command(commands, "sign-out", "end the session on the server, and forget it")
    sign_out.add_argument("--email", metavar="E-MAIL", help="whose session, where there are several on the server")
    _add_server(sign_out)

    doctor = _command(commands, "doctor", "check everything the job needs, and say how to mend what is amiss")
    doctor.add_argument(
        "--port",
        dest="checked_port",
        metavar="PORT",
        help="look whether something can be exposed on this port, too",
    )
    doctor.add_argument("--address", metavar="URL", help="look at this public address as a visitor would, too")
    _add_json(doctor)
    _add_server(doctor)
    _add_connector(doctor)

    _command(commands, "install-cloudflared", "download cloudflared, the connector, for this user")

    # These two bring command lines of their own; `__main__` hands over before this one is read.
    _command(commands, "backend", "run the paired server (see: tunneldesk backend --help)")
    _command(commands, "connector", "run the stand-in for cloudflared (see: tunneldesk connector --help)")
    return parser


def _command(commands: Any, verb: str, summary: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        verb, help=summary, description=f"{summary[:1].upper()}{summary[1:]}.", allow_abbrev=False
    )
    command.set_defaults(verb=verb)
    return command


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON Lines for programs to read")


def _add_server(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--server", metavar="URL", help="the server to use (default: TUNNELDESK_SERVER, then the one used last)"
    )


def _add_connector(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--connector",
        metavar="FILE",
        help="the cloudflared to use (default: TUNNELDESK_CLOUDFLARED, then the PATH)",
    )
