"""What is drawn fits the terminal at hand."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from tunneldesk.domain.checkup import Verdict
from tunneldesk.domain.errors import ErrorCode, Failure, InvalidValueError
from tunneldesk.domain.health import Beat, BeatOutcome, Health
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.domain.validation import parse_port, parse_server, parse_slug
from tunneldesk.presentation.advice import Invocation
from tunneldesk.presentation.problem import Subject
from tunneldesk.presentation.status import Mark, Status
from tunneldesk.presentation.terminal import LiveView
from tunneldesk.terminal.live import draw, rows_of
from tunneldesk.terminal.problems import Trouble, lines
from tunneldesk.terminal.style import Style, width

NOW = datetime(2026, 11, 23, tzinfo=UTC)
VIEW = LiveView(
    status=Status(Mark.LIVE, "Live"),
    facts=("-> localhost:3000", "for 2 min"),
    hops=tuple((label, Health.OK) for label in ("Your service", "Connector", "Lease", "Address")),
    beats=(Beat(NOW, BeatOutcome.OK, 0.003),) * 30,
    round_trip="3 ms",
    lease="lease 52 s left",
)


class Terminal(io.StringIO):
    def __init__(self, encoding: str = "utf-8", *, tty: bool = True) -> None:
        super().__init__()
        self._encoding = encoding
        self._tty = tty

    @property
    def encoding(self) -> str:  # type: ignore[override] # what a real stream has
        return self._encoding

    def isatty(self) -> bool:
        return self._tty


@pytest.mark.parametrize("columns", [200, 80, 50, 30, 12, 2, 1])
@pytest.mark.parametrize("colour", [True, False])
def test_no_line_reaches_the_edge(columns: int, colour: bool) -> None:
    drawn = draw(VIEW, Style(live=True, colour=colour), columns)
    assert all(rows_of(line, columns) == 1 for line in drawn)
    plain = draw(VIEW, Style(live=True), columns)
    assert all(len(line) < max(2, columns) for line in plain)


def test_a_wide_terminal_takes_four_lines() -> None:
    assert len(draw(VIEW, Style(live=True), 80)) == 4


def test_a_line_that_a_narrower_terminal_wraps_takes_more_rows() -> None:
    assert rows_of("x" * 80, 40) == 2
    assert rows_of("\x1b[1m" + "x" * 40 + "\x1b[0m", 40) == 1
    assert rows_of("", 40) == 1


def test_colours_are_left_out_where_they_are_not_wanted() -> None:
    assert Style.of(Terminal(), {}).colour
    assert not Style.of(Terminal(), {"NO_COLOR": "1"}).colour
    assert Style.of(Terminal(), {"NO_COLOR": "1"}).live
    assert not Style.of(Terminal(), {"TERM": "dumb"}).live
    assert not Style.of(Terminal(tty=False), {}).live
    assert "\x1b" not in "".join(draw(VIEW, Style(live=True), 80))


def test_a_terminal_without_the_drawing_characters_gets_ascii() -> None:
    style = Style.of(Terminal("ascii"), {"NO_COLOR": "1"})
    assert not style.unicode
    assert "".join(draw(VIEW, style, 80)).isascii()
    assert [style.health(health) for health in Health] == ["ok", "poor", "DOWN", "?"]
    assert style.tick(Beat(NOW, BeatOutcome.MISSED)) == "x"
    assert all(style.mark(mark).isascii() for mark in Mark)


def test_nothing_is_told_by_colour_alone() -> None:
    style = Style()
    assert len({style.mark(mark) for mark in Mark}) == len(Mark)
    assert len({style.health(health) for health in Health}) == len(Health)
    assert len({style.verdict(verdict) for verdict in Verdict}) == len(Verdict)


def test_the_height_of_a_tick_is_the_round_trip() -> None:
    style = Style()
    ticks = [style.tick(Beat(NOW, BeatOutcome.OK, took)) for took in (0.01, 0.06, 0.15, 0.3, 0.5, 1.0, 3.0)]
    assert ticks == list("\u2581\u2582\u2583\u2584\u2585\u2586\u2587")


def test_the_width_is_that_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "123")
    assert width() == 123


def told(failure: Failure, *log: str) -> str:
    subject = Subject(3000, "my-app", "https://api.example.com", 5)
    trouble = Trouble.of(failure, subject, Invocation("expose", ("3000",), "my-app"))
    return "\n".join(lines(trouble, Style(), 80, log))


def test_a_problem_is_title_text_ways_on_and_details() -> None:
    assert told(Failure(ErrorCode.TUNNEL_LIMIT_EXCEEDED, "five", status=429)) == (
        "All 5 tunnels are in use\n"
        "Your account may have 5 tunnels at a time, and it has them. Port 3000 can be\n"
        "exposed once one of them is stopped.\n"
        "\n"
        "What you can do:\n"
        "  Stop a tunnel...  tunneldesk list, then tunneldesk stop NAME\n"
        "\n"
        "Details: Code TUNNEL_LIMIT_EXCEEDED, HTTP status 429, Message five"
    )


def test_a_local_problem_has_details_only_when_they_say_more() -> None:
    assert "Details" not in told(
        Failure(ErrorCode.INVALID_PORT, because=(Because(Reason.NOT_A_PORT, {"value": "x"}),))
    )
    missing = Because(Reason.PROGRAM_MISSING, {"path": "/x"})
    assert "Message There is no file /x." in told(Failure(ErrorCode.CONNECTOR_MISSING, because=(missing,)))


def test_the_log_is_shown_where_it_explains_and_cannot_move_the_cursor() -> None:
    log = (*(f"line {n}\x1b[2J" for n in range(20)), "INF Initiating graceful shutdown", "INF bye")
    shown = told(Failure(ErrorCode.CONNECTOR_CRASHING), *log)
    assert "line 19" in shown
    assert "line 13" not in shown
    assert "bye" not in shown
    assert "\x1b" not in shown
    assert "line" not in told(Failure(ErrorCode.INTERNAL_ERROR, status=500), "line")


@pytest.mark.parametrize(
    ("parse", "value", "title", "way"),
    [
        (parse_port, "65536", "Port 65536 can't be exposed", "tunneldesk expose PORT --name my-app"),
        (parse_port, "abc", "That port can't be exposed", "tunneldesk expose PORT --name my-app"),
        (parse_slug, "<b>", '"<b>" can\'t be used as a name', "tunneldesk expose 3000 --name NAME"),
        (parse_server, "http://x.example", "That server address can't be used", "tunneldesk doctor --server URL"),
    ],
)
def test_bad_input_is_told_with_the_value_and_the_way_out(parse: object, value: str, title: str, way: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        parse(value)  # type: ignore[operator]
    trouble = Trouble.of_input(caught.value, Invocation("expose", ("3000",), "my-app", server="http://x.example"))
    shown = list(lines(trouble, Style(), 200))
    assert shown[0] == title
    assert way in "\n".join(shown)
    assert not shown[1].startswith(title)
