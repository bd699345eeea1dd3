"""The command line is checked as a whole before anything is started."""

from __future__ import annotations

from pathlib import Path

import pytest

from tunneldesk.domain.errors import ErrorCode, InvalidValueError
from tunneldesk.domain.model import Wish
from tunneldesk.presentation.reasons import said
from tunneldesk.terminal.arguments import UnusableCallError, parse
from tunneldesk.terminal.duration import parse_duration


def refused(*argv: str) -> UnusableCallError:
    with pytest.raises(UnusableCallError) as caught:
        parse(argv)
    return caught.value


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("90m", 5400), ("1h", 3600), ("1h30m", 5400), ("1h0m5s", 3605), (" 2H ", 7200)],
)
def test_lengths_of_time_as_people_type_them(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "0s", "soon", "5", "1.5h", "-1h", "30m1h", "1h 30m", "1d", "\u0663s", "9" * 9 + "s"]
)
def test_other_lengths_of_time_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidValueError, match="Write it like 30s, 90m or 1h30m"):
        parse_duration(text)


def test_expose_with_everything() -> None:
    call = parse(
        [
            "expose",
            "3000",
            "--name",
            "my-app",
            "--for",
            "1h",
            "--json",
            "--server",
            "api.example.com",
            "--connector",
            "c",
        ]
    )
    assert call.verb == "expose"
    assert call.wish == Wish(3000, "my-app", 3600.0)
    assert call.json
    assert call.server == "https://api.example.com"
    assert call.connector == Path("c")
    assert call.invocation.line(slug=call.invocation.slug) == (
        "tunneldesk expose 3000 --name my-app --server api.example.com --for 1h --connector c --json"
    )


def test_an_empty_name_is_a_random_one() -> None:
    assert parse(["expose", "3000", "--name", ""]).wish == Wish(3000)


def test_no_command_is_the_tray() -> None:
    assert parse([]).verb == "tray"
    assert parse(["--quit"]).verb == "quit"
    assert parse(["--demo"]).demo
    assert parse(["--expose", "3000", "--name", "x"]).wish == Wish(3000, "x")
    assert parse(["--version", "--verbose"]).verbose


@pytest.mark.parametrize("port", ["0", "65536", "1.5", "abc", "-1", "", "0x50", "\u0663"])
def test_what_is_no_port_is_told_so(port: str) -> None:
    refusal = refused("expose", port)
    assert refusal.error.failure.code is ErrorCode.INVALID_PORT
    assert "whole number from 1 to 65535" in said(refusal.error.failure)


@pytest.mark.parametrize("name", ["My-App", "my.app", "a" * 33, "<b>x</b>", "-x", "x-", "a b"])
def test_what_is_no_name_is_told_so(name: str) -> None:
    refusal = refused("expose", "3000", f"--name={name}")
    assert refusal.error.failure.code is ErrorCode.INVALID_SLUG
    assert refusal.invocation.slug == name


@pytest.mark.parametrize("server", ["http://api.example.com", "ftp://x", "not a url", "https://u:p@x.example"])
def test_what_is_no_server_is_told_so(server: str) -> None:
    assert refused("list", "--server", server).error.failure.code is ErrorCode.INVALID_SERVER_ADDRESS


@pytest.mark.parametrize(
    "argv",
    [
        ["expose"],
        ["expose", "3000", "8000"],
        ["expose", "3000", "--nmae", "x"],
        ["expose", "3000", "--na", "x"],
        ["expose", "3000", "--demo", "--server", "https://x.example"],
        ["frobnicate"],
        ["stop"],
        ["stop", "x", "--all"],
        ["sign-in", "--email", "a@example.com", "--token-stdin"],
        ["--verbose"],
        ["--name", "x"],
    ],
)
def test_a_line_that_makes_no_sense_is_refused(argv: list[str]) -> None:
    refusal = refused(*argv)
    assert refusal.error.failure.code is ErrorCode.INVALID_INPUT
    assert refusal.error.failure.message


def test_programs_get_their_answer_as_json_even_when_the_line_makes_no_sense() -> None:
    assert refused("expose", "--json").json
    assert refused("expose", "0", "--json").json
    assert not refused("expose").json
    assert refused("expose").invocation.verb == "expose"
