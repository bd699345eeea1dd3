"""The doctor's findings in words, for the terminal and for a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tunneldesk.domain.checkup import Verdict
from tunneldesk.presentation.advice import advice
from tunneldesk.presentation.catalogue import problem
from tunneldesk.presentation.doctor_texts import joined, label, told
from tunneldesk.presentation.problem import Subject
from tunneldesk.presentation.texts import fill
from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tunneldesk.domain.checkup import Check, Checkup, Finding
    from tunneldesk.domain.errors import ErrorCode
    from tunneldesk.presentation.advice import Invocation
    from tunneldesk.presentation.problem import Action


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check as it is shown.

    Attributes:
        check: What was looked at.
        label: What it is called.
        verdict: How it went.
        reason: What was found.
        fix: What to do about it, in words or as a command; empty when there is nothing to do, and in a window where
            `actions` say it.
        code: The cause, where it has one.
        actions: The ways on that a window offers.
    """

    check: Check
    label: str
    verdict: Verdict
    reason: str
    fix: str = ""
    code: ErrorCode | None = None
    actions: tuple[Action, ...] = ()


def check_view(finding: Finding, server: str | None, invocation: Invocation | None = None) -> CheckView:
    """Return ``finding`` in words.

    Args:
        finding: What was found.
        server: The server it is about.
        invocation: The call, for advice in the terminal; None in a window, which has actions.
    """
    reason, fix = told(finding)
    actions: tuple[Action, ...] = ()
    if finding.failure is not None:
        shown = problem(finding.failure, Subject(server=server))
        reason = joined(f"{shown.title}. {shown.text}", reason)
        if invocation is None:
            actions = shown.actions
        else:
            ways = (way.command for way in advice(shown, invocation))
            # To look again is no way on: that is what is being done.
            fix = fix or next((way for way in ways if way != invocation.line(slug=None)), "")
    code = finding.failure.code if finding.failure else None
    return CheckView(finding.check, label(finding.check), finding.verdict, reason, fix, code, actions)


@dataclass(frozen=True, slots=True)
class DoctorView:
    """A check-up as a window shows it.

    Attributes:
        done: What was found, in order.
        waiting: What is still looked at, by name.
        words: The outcome in one sentence, or how far it has got.
        over: Whether everything has been looked at.
    """

    done: tuple[CheckView, ...] = ()
    waiting: tuple[str, ...] = ()
    words: str = ""
    over: bool = False


def doctor_view(checkup: Checkup | None, server: str | None) -> DoctorView:
    """Return the check-up as a window shows it; None before the first."""
    if checkup is None:
        return DoctorView()
    done = tuple(check_view(finding, server) for finding in checkup.findings)
    waiting = tuple(label(check) for check in checkup.checks[len(done) :])
    looking = fill(
        translate("Doctor", "Looking: {done} of {all} checks are done."),
        {"done": str(len(done)), "all": str(len(checkup.checks))},
    )
    return DoctorView(done, waiting, summary(done) if checkup.over else looking, checkup.over)


def summary(views: Sequence[CheckView]) -> str:
    """Return the outcome of a whole check-up in one sentence."""
    failed = sum(view.verdict is Verdict.FAIL for view in views)
    warned = sum(view.verdict is Verdict.WARN for view in views)
    if failed:
        text = translate("Doctor", "{failed} of {all} checks failed.")
    elif warned:
        text = translate("Doctor", "All that is needed is there. Worth a look: {warned} of {all} checks.")
    else:
        text = translate("Doctor", "All is well.")
    return fill(text, {"failed": str(failed), "warned": str(warned), "all": str(len(views))})
