"""From a failure to what a person is shown: the catalogue of all problems.

The rows stand in `catalogue_tunnels`, `catalogue_account` and `catalogue_machine`; a test holds them complete over
`ErrorCode`. Dialog, notification and terminal all show the `Problem` made here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tunneldesk.domain.errors import ErrorCode
from tunneldesk.domain.validation import SLUG_MAX
from tunneldesk.presentation import catalogue_account, catalogue_machine, catalogue_tunnels
from tunneldesk.presentation.problem import Action, Problem
from tunneldesk.presentation.reasons import own_words, said
from tunneldesk.presentation.texts import QT_TRANSLATE_NOOP, duration, facts_in, fill, plain
from tunneldesk.presentation.translation import translate as _translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Set

    from tunneldesk.domain.errors import Failure
    from tunneldesk.presentation.catalogue_entry import Entry
    from tunneldesk.presentation.problem import Subject

CATALOGUE: Mapping[ErrorCode, Entry] = {
    **catalogue_tunnels.ENTRIES,
    **catalogue_account.ENTRIES,
    **catalogue_machine.ENTRIES,
}

_WAIT = 60.0
"""Seconds to wait where a server limits requests and does not say how long: its limits are per minute."""

CONTEXT = "Problem"
"""The translation context of everything in the catalogue."""

_NUMBERED = re.compile(r"(?P<stem>.+)-(?P<number>[0-9]{1,9})")


def problem(failure: Failure, subject: Subject, *, translate: Callable[[str, str], str] = _translate) -> Problem:
    """Return what is shown for ``failure``.

    Args:
        failure: What happened.
        subject: What it is about: the user's own port, name and server.
        translate: Takes the context ``"Problem"`` and an English text, returns it in the user's language.
    """
    entry = _entry(failure)
    facts = _facts(failure, subject, own_words(failure, translate=translate))

    def words(template: str) -> str:
        return fill(translate(CONTEXT, template), facts)

    def first(templates: Iterable[str]) -> str:
        return words(next(template for template in templates if facts_in(template) <= facts.keys()))

    title = first(entry.titles)
    return Problem(
        code=failure.code,
        title=title,
        # What we found begins with what the title says, for where there is no title.
        text=first(entry.texts).removeprefix(f"{title}. "),
        actions=tuple(
            Action(way.kind, words(way.label), facts[way.value] if way.value else None)
            for way in entry.ways
            if facts_in(way.label) <= facts.keys()
        ),
        details=tuple(
            (translate(CONTEXT, label), value)
            for label, value in _details(failure, said(failure, translate=translate))
        ),
        quiet=entry.quiet,
        countdown=(_WAIT if failure.retry_after is None else failure.retry_after) if entry.waits else None,
    )


def next_slug(slug: str, taken: Set[str] = frozenset()) -> str:
    """Return the name to try when ``slug`` is taken: ``my-app-2``, then ``my-app-3``; never too long.

    Args:
        slug: The name that is not to be had.
        taken: Others that are known not to be.
    """
    proposed = _numbered_on(slug)
    while proposed in taken:
        proposed = _numbered_on(proposed)
    return proposed


def _numbered_on(slug: str) -> str:
    numbered = _NUMBERED.fullmatch(slug)
    stem, number = (numbered["stem"], int(numbered["number"]) + 1) if numbered else (slug, 2)
    tail = f"-{number}"
    return stem[: SLUG_MAX - len(tail)].rstrip("-") + tail


def _entry(failure: Failure) -> Entry:
    """Return the row; an INVALID_INPUT is told apart by what it is about, an unknown code by its status."""
    code = failure.code
    if code is ErrorCode.INVALID_INPUT:
        if failure.names_slug:
            code = ErrorCode.INVALID_SLUG
        elif failure.names_port:
            code = ErrorCode.INVALID_PORT
        elif failure.status is None:
            return catalogue_tunnels.LOCAL_INPUT
    elif code is ErrorCode.UNKNOWN_CODE and failure.status is not None and failure.status >= 500:
        code = ErrorCode.INTERNAL_ERROR
    return CATALOGUE[code]


def _facts(failure: Failure, subject: Subject, own: str) -> dict[str, str]:
    """Return what is known for certain; a template that wants more is passed over."""
    most = subject.max_tunnels if failure.max_active is None else failure.max_active
    known = {
        "slug": subject.slug and plain(subject.slug),
        "next_slug": subject.slug and next_slug(subject.slug, subject.taken),
        "port": subject.port is not None and str(subject.port),
        "server": subject.server and plain(subject.server.partition("://")[2] or subject.server),
        "max": most is not None and str(most),
        "wait": failure.retry_after is not None and duration(failure.retry_after),
        "status": failure.status is not None and str(failure.status),
        "said": plain(failure.message),
        "own": own,
    }
    return {name: fact for name, fact in known.items() if fact}


def _details(failure: Failure, message: str) -> Iterable[tuple[str, str]]:
    yield QT_TRANSLATE_NOOP("Problem", "Code"), plain(failure.raw_code or failure.code)
    if failure.status is not None:
        yield QT_TRANSLATE_NOOP("Problem", "HTTP status"), str(failure.status)
    if message:
        yield QT_TRANSLATE_NOOP("Problem", "Message"), message
    if failure.at is not None:
        yield QT_TRANSLATE_NOOP("Problem", "Time"), f"{failure.at:%Y-%m-%d %H:%M:%S} UTC"
    if failure.request_id:
        yield QT_TRANSLATE_NOOP("Problem", "Request id"), plain(failure.request_id)
