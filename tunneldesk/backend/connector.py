"""The stand-in connector: cloudflared's command line, log, metrics, signals and exit codes, for our own edge.

It lets the whole job run on one computer, without an account; warts of the real one are kept on purpose, so that
whatever works with the stand-in works with cloudflared.
"""

from __future__ import annotations

import asyncio
import os
import platform
import signal
import sys
from typing import TYPE_CHECKING, Final

from tunneldesk import __version__
from tunneldesk.backend.connector_log import Log
from tunneldesk.backend.connector_options import HELP, Options, StartError, UsageError, parse
from tunneldesk.backend.connector_run import Connector
from tunneldesk.backend.connector_token import Token, TokenError, decode_token

if TYPE_CHECKING:
    from collections.abc import Sequence

IMITATED: Final = "2026.8.2"
"""The release of cloudflared whose behaviour this is."""

_LONGEST_GRACE: Final = 180.0
_PROTOCOLS: Final = ("auto", "quic", "http2")
_OPEN_FILES: Final = 16384
_ARCHITECTURES: Final = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64"}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the stand-in with cloudflared's arguments and return cloudflared's exit status.

    Args:
        argv: What follows the program's name; ``sys.argv`` when None.
    """
    # Until we are ready to end gracefully, die as a Go program does.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        options = parse(sys.argv[1:] if argv is None else argv, os.environ)
    except UsageError as error:
        _say(f"Incorrect Usage: {error}\n\n{HELP}")
        return 0
    except StartError as error:
        return _end(str(error), 1)
    if options.command == "help":
        _say(HELP)
    elif options.command == "version":
        _say(f"cloudflared version {IMITATED} (built TunnelDesk stand-in {__version__})\n")
    elif options.command == "short-version":
        _say(f"{IMITATED}\n")
    else:
        return _run(options)
    return 0


def _run(options: Options) -> int:
    if not options.token:
        return _end(
            '"cloudflared tunnel run" requires the ID or name of the tunnel to run as the last command line '
            "argument or in the configuration file.\nSee 'cloudflared tunnel run --help'.",
            255,
        )
    try:
        token = decode_token(options.token)
    except TokenError as error:
        return _end(f"Provided Tunnel token is not valid.\nTunnelDesk's stand-in can't use it: {error}.", 255)
    try:
        log = Log(options.loglevel, json_output=options.json_output, logfile=options.logfile)
    except OSError as error:
        return _end(f"open {options.logfile}: {error.strerror}", 1)
    try:
        _check(options)
        _announce(log, token, options)
        _allow_many_connections()
        asyncio.run(Connector(token, options, log).run())
    except StartError as error:
        return _end(str(error), 1)
    finally:
        log.close()
    return 0


def _check(options: Options) -> None:
    if options.grace_period > _LONGEST_GRACE:
        raise StartError("grace-period must be equal or less than 3m0s")
    if options.protocol not in _PROTOCOLS:
        raise StartError(f"Unknown protocol {options.protocol}, Available protocols: auto, http2, quic")


def _announce(log: Log, token: Token, options: Options) -> None:
    if options.empty_config is not None:
        log.error(f"Configuration file {options.empty_config} was empty")
    log.info("Starting tunnel", tunnelID=token.tunnel_id)
    log.info(f"Version {IMITATED} (TunnelDesk stand-in {__version__})")
    python = platform.python_version()
    architecture = _ARCHITECTURES.get(platform.machine(), platform.machine())
    log.info(f"GOOS: {sys.platform}, GOVersion: none (Python {python}), GoArch: {architecture}")
    if options.given:
        settings = " ".join(f"{name}:{value}" for name, value in options.given.items())
        log.info(f"Settings: map[{settings}]")


def _allow_many_connections() -> None:
    """Raise the limit of open files, as Go's runtime does: each request in flight needs two."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _end(reason: str, status: int) -> int:
    sys.stderr.write(reason + "\n")
    sys.stderr.flush()
    return status


if __name__ == "__main__":
    sys.exit(main())
