"""``tunneldesk doctor``: everything the job needs, looked at one by one, each with its fix."""

from __future__ import annotations

import asyncio
import json
import socket
import tempfile
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode, Failure, TunnelDeskError
from tunneldesk.presentation.advice import advice
from tunneldesk.presentation.catalogue import problem
from tunneldesk.presentation.exit_status import ExitStatus, exit_status
from tunneldesk.terminal.style import Verdict as Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from pathlib import Path

    from tunneldesk.presentation.advice import Invocation
    from tunneldesk.presentation.problem import Subject
    from tunneldesk.terminal.style import Style

_LOOK_UP_LIMIT = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check.

    Attributes:
        check: What was looked at.
        verdict: How it went.
        reason: What was found.
        fix: What to do about it; empty when there is nothing to do.
        code: The cause, where it has one.
    """

    check: str
    verdict: Verdict
    reason: str
    fix: str = ""
    code: ErrorCode | None = None

    def line(self) -> str:
        """Return it as a line of JSON."""
        return json.dumps(
            {
                "event": "check",
                "check": self.check,
                "verdict": self.verdict.value,
                "reason": self.reason,
                "fix": self.fix or None,
                "code": self.code and self.code.value,
            }
        )


async def inspect(
    check: str, look: Callable[[], Awaitable[str]], subject: Subject, invocation: Invocation, *, needed: bool = True
) -> Finding:
    """Return what ``look`` found: its words when all is well, else its problem and the fix.

    Args:
        check: What is looked at.
        look: Looks; raises `TunnelDeskError`.
        subject: What a failure is about.
        invocation: The call, for advice.
        needed: Whether nothing can be exposed without it; else it is only warned about.
    """
    try:
        return Finding(check, Verdict.OK, await look())
    except TunnelDeskError as error:
        return _finding(check, error.failure, subject, invocation, needed=needed)


def _finding(check: str, failure: Failure, subject: Subject, invocation: Invocation, *, needed: bool) -> Finding:
    shown = problem(failure, subject)
    ways = [way.command for way in advice(shown, invocation) if way.command != invocation.line(slug=None)]
    return Finding(
        check,
        Verdict.FAIL if needed else Verdict.WARN,
        f"{shown.title}. {shown.text}",
        ways[0] if ways else "",
        failure.code,
    )


def look_at_folders(folders: Sequence[Path]) -> Finding:
    """Check that the folders can be written to, without leaving anything in them."""
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            return Finding(
                "folders",
                Verdict.FAIL,
                f"{folder} can't be written to: {error.strerror}.",
                "Make it writable, or set TUNNELDESK_HOME to a folder that is.",
            )
    return Finding("folders", Verdict.OK, f"{', '.join(str(folder) for folder in folders)} can be written to.")


async def look_at_localhost_names() -> Finding:
    """Check whether programs of this machine can open the addresses of the demo."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_LOOK_UP_LIMIT):
            await loop.getaddrinfo("tunneldesk-check.localhost", 80, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError):
        return Finding(
            "localhost names",
            Verdict.WARN,
            "The system does not look up names ending in .localhost. Browsers and curl do it themselves; some "
            "programs can't open the addresses of --demo.",
            "For such a program, connect to 127.0.0.1 and send the Host header; or install libnss-myhostname.",
        )
    return Finding("localhost names", Verdict.OK, "Names ending in .localhost are looked up.")


def lines(findings: Sequence[Finding], style: Style, columns: int) -> Iterator[str]:
    """Yield the findings for people."""
    widest = max(len(finding.check) for finding in findings)
    room = max(30, min(columns - 1, 100) - widest - 9)
    for finding in findings:
        fix = [f"Fix: {finding.fix}"] if finding.fix else []
        told = [line for text in (finding.reason, *fix) for line in textwrap.wrap(text, room)]
        yield f"{style.verdict(finding.verdict)}  {finding.check:<{widest}}  {told[0]}"
        yield from (" " * (widest + 8) + line for line in told[1:])


def status(findings: Sequence[Finding]) -> ExitStatus:
    """Return 0 unless something that is needed failed; then what the first such failure would end `expose` with."""
    first = next((finding for finding in findings if finding.verdict is Verdict.FAIL), None)
    if first is None:
        return ExitStatus.AS_ASKED
    return exit_status(Failure(first.code)) if first.code else ExitStatus.UNEXPECTED
