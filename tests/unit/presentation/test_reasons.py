"""What we find ourselves is worded by the presentation, in the user's language, and by nobody else."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

import tunneldesk
from tests.unit.presentation.strange_language import left_in_english, strange
from tunneldesk.api.errors import timed_out, unreachable
from tunneldesk.connector.locate import examine
from tunneldesk.connector.release import Release
from tunneldesk.domain.errors import ErrorCode, Failure, InvalidValueError, LocalFileError, TunnelDeskError
from tunneldesk.domain.link import parse_link
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.domain.validation import parse_email, parse_hostname, parse_port, parse_server, parse_slug
from tunneldesk.presentation.catalogue import problem
from tunneldesk.presentation.problem import Problem, Subject
from tunneldesk.presentation.reasons import SENTENCES, complaint, said, sentence
from tunneldesk.presentation.texts import facts_in
from tunneldesk.presentation.translation import install_translator
from tunneldesk.service.embedded import EmbeddedServer
from tunneldesk.service.ledger import not_written
from tunneldesk.storage.files import read_json
from tunneldesk.storage.settings import Settings, SettingsFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SUBJECT = Subject(port=3000, slug="0-1", server="https://127.0.0.1", max_tunnels=5)
"""Made of digits, so that any letter on a screen is somebody's word."""

SOURCES = Path(tunneldesk.__file__).parent


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield what we are made of, but for the paired server, whose words are a server's, and the terminal's."""
    for path in sorted(SOURCES.rglob("*.py")):
        name = path.relative_to(SOURCES).as_posix()
        if not name.startswith(("backend/", "terminal/")):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node


def texts_of(shown: Problem) -> Iterator[str]:
    yield shown.title
    yield shown.text
    for action in shown.actions:
        yield action.label
    for label, value in shown.details:
        yield label
        yield value


def in_english(failure: Failure) -> set[str]:
    """Return the words of ours that reach a window untranslated; the code and what others said are not ours."""
    install_translator(strange)
    try:
        shown = problem(failure, SUBJECT)
    finally:
        install_translator(None)
    facts = {fact for each in failure.because for fact in each.facts.values()}
    theirs = {failure.code.value, failure.message, "UTC", *facts}
    return {word for text in texts_of(shown) for word in left_in_english(text, theirs)}


def with_facts(reason: Reason) -> Because:
    return Because(reason, dict.fromkeys(facts_in(SENTENCES[reason]), "<fact>"))


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence(reason: Reason) -> None:
    words = sentence(with_facts(reason))
    assert words[:1] == words[:1].upper() or words.startswith("cloudflared")
    assert "{" not in words
    assert len(re.findall("<fact>", words)) == len(facts_in(SENTENCES[reason]))


def test_each_reason_is_given_by_somebody_with_just_the_facts_of_its_sentence() -> None:
    given: set[Reason] = set()
    for name, tree in modules():
        for call in calls(tree, "Because", "WireError"):
            for reason in (each for each in ast.walk(call.args[0]) if isinstance(each, ast.Attribute)):
                member = Reason[reason.attr]
                given.add(member)
                assert facts_of(tree, call) == facts_in(SENTENCES[member]), f"{name}:{call.lineno}"
    assert given == set(Reason)


def facts_of(tree: ast.Module, call: ast.Call) -> frozenset[str]:
    """Return the names of the facts that a call gives: in place, or as ``facts`` from just above."""
    if call.keywords:
        return frozenset(each.arg or "" for each in call.keywords)
    if len(call.args) < 2:
        return frozenset()
    facts: ast.expr = call.args[1]
    if isinstance(facts, ast.Name):
        named = (
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign)
            and node.lineno < call.lineno
            and any(isinstance(target, ast.Name) and target.id == "facts" for target in node.targets)
        )
        facts = max(named, key=lambda node: node.lineno).value
    assert isinstance(facts, ast.Dict)
    return frozenset(str(ast.literal_eval(key)) for key in facts.keys if key is not None)


def test_no_failure_carries_a_sentence_of_ours() -> None:
    """What stands in a message is quoted on screens of any language, so it is only ever somebody else's."""
    found: list[str] = []
    for name, tree in modules():
        for call in calls(tree, "Failure", "replace", "InvalidValueError"):
            message = [*call.args[1:2], *(each.value for each in call.keywords if each.arg == "message")]
            for part in (node for each in message for node in ast.walk(each)):
                if isinstance(part, ast.Constant) and re.search("[A-Za-z]{2}", str(part.value)):
                    found.append(f"{name}:{call.lineno}: {part.value!r}")
    assert found == []


def test_nor_does_an_error_that_passes_for_the_systems() -> None:
    found: list[str] = []
    for name, tree in modules():
        for call in calls(tree, "OSError", "PermissionError", "NoKeyringError"):
            for part in (node for each in call.args for node in ast.walk(each)):
                if isinstance(part, ast.Constant) and re.search("[A-Za-z]+ [A-Za-z]+", str(part.value)):
                    found.append(f"{name}:{call.lineno}: {part.value!r}")
    assert found == []


@pytest.mark.parametrize("code", ErrorCode)
def test_no_word_of_ours_reaches_a_window_untranslated(code: ErrorCode) -> None:
    assert in_english(Failure(code)) == set()
    assert in_english(Failure(code, "quoted", status=418, request_id="1", retry_after=12)) == set()
    assert in_english(Failure(code, because=tuple(map(with_facts, Reason)))) == set()


@pytest.mark.parametrize(
    "refuse",
    [
        lambda: parse_port("99999"),
        lambda: parse_slug("0."),
        lambda: parse_email("0"),
        lambda: parse_hostname("0"),
        *(
            lambda text=text: parse_server(text)
            for text in ("0 1", "ftp://0", "https://", "https://1:2@3", "https://0?1", "http://1.2.3.4")
        ),
        *(
            lambda text=text: parse_link(text)
            for text in (
                "tunneldesk://[expose",
                "https://expose?port=1",
                "tunneldesk://stop?port=1",
                "tunneldesk://expose?name=1",
                "tunneldesk://expose?port=0",
                "tunneldesk://expose?port=1&name=0.",
            )
        ),
    ],
)
def test_whatever_is_typed_or_followed_is_refused_in_the_users_language(refuse: Callable[[], object]) -> None:
    with pytest.raises(InvalidValueError) as caught:
        refuse()
    assert caught.value.failure.because
    assert in_english(caught.value.failure) == set()


def damaged(folder: Path) -> TunnelDeskError:
    path = folder / "0.json"
    path.write_text("{")
    with pytest.raises(LocalFileError) as caught:
        read_json(path)
    return caught.value


def unreadable(folder: Path) -> TunnelDeskError:
    with pytest.raises(LocalFileError) as caught:
        read_json(folder)
    return caught.value


def unread(folder: Path) -> TunnelDeskError:
    (folder / "0").mkdir()
    file = SettingsFile(folder / "0")
    file.read()
    with pytest.raises(OSError, match="0") as caught:
        file.write(Settings())
    return not_written(caught.value)


def unverifiable(_folder: Path) -> TunnelDeskError:
    with pytest.raises(TunnelDeskError) as caught:
        Release.shipped().find("plan9-mips")
    return caught.value


LOCAL: dict[str, Callable[[Path], TunnelDeskError]] = {
    "a damaged file": damaged,
    "a file that can't be read": unreadable,
    "a file that is not written over": unread,
    "a file that can't be written": lambda folder: not_written(OSError(28, "No space left", str(folder))),
    "a folder that can't be written": lambda _: not_written(OSError(28, "No space left")),
    "no download": unverifiable,
    "no whole answer": lambda _: timed_out(15),
    "no answer": lambda _: unreachable(httpx.ConnectTimeout("")),
    "broken off": lambda _: unreachable(httpx.ReadError("")),
    "not HTTP": lambda _: unreachable(httpx.RemoteProtocolError("illegal status line")),
}


@pytest.mark.parametrize("meet", LOCAL.values(), ids=LOCAL)
def test_what_goes_wrong_on_this_machine_is_said_in_the_users_language(
    meet: Callable[[Path], TunnelDeskError], tmp_path: Path
) -> None:
    failure = meet(tmp_path).failure
    assert failure.because
    assert in_english(failure) == set()


async def test_so_is_what_is_found_of_programs(tmp_path: Path) -> None:
    with pytest.raises(TunnelDeskError) as missing:
        await examine(tmp_path / "cloudflared")
    (tmp_path / "in-the-way").write_text("")
    with pytest.raises(TunnelDeskError) as not_started:
        await EmbeddedServer(tmp_path / "in-the-way" / "data").start()
    for caught in (missing, not_started):
        assert caught.value.failure.because
        assert in_english(caught.value.failure) == set()


def test_a_damaged_file_is_told_once(tmp_path: Path) -> None:
    failure = damaged(tmp_path).failure
    (kept,) = tmp_path.glob("0.damaged-*.json")
    text = problem(failure, Subject()).text
    assert text == (
        f"{tmp_path / '0.json'} is damaged. It is kept as {kept}. TunnelDesk goes on without what was in it."
    )


def test_several_things_are_said_one_after_the_other_and_others_last() -> None:
    because = (
        Because(Reason.MIRROR_UNUSABLE, {"variable": "MIRROR"}),
        Because(Reason.SERVER_WITH_QUERY, {"value": "x?y"}),
    )
    assert said(Failure(ErrorCode.CONNECTOR_DOWNLOAD_FAILED, "They say no.", because)) == (
        "MIRROR can't be used. \"x?y\" can't be a server address: it goes on after a ? or #. Leave that part out. "
        "They say no."
    )


@pytest.mark.parametrize(
    ("parse", "text", "words"),
    [
        (parse_port, "65536", '"65536" is not a port. A port is a whole number from 1 to 65535.'),
        (
            parse_slug,
            "My.App",
            '"My.App" can\'t be used as a name. A name is lower-case letters, digits and hyphens, 1 to 32 of them, '
            "no hyphen at either end.",
        ),
    ],
)
def test_what_is_wrong_with_what_was_typed_stands_below_the_field(
    parse: Callable[[str], object], text: str, words: str
) -> None:
    with pytest.raises(InvalidValueError) as refused:
        parse(text)
    assert complaint(refused.value) == words


def test_what_the_system_says_is_quoted_without_a_second_full_stop_and_on_one_line() -> None:
    because = Because(Reason.FILE_UNWRITABLE, {"path": "a\nb", "system": "Access is denied."})
    assert sentence(because) == "a b can't be written: Access is denied."
