"""The demo's command line: what it understands and what it starts."""

from __future__ import annotations

import argparse

import pytest

from build_scripts import demo


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("30s", 30), ("5m", 300), ("1h", 3600), ("1h30m", 5400), ("2h5s", 7205), (" 30s ", 30)],
)
def test_a_time_is_understood_with_and_without_units(text: str, seconds: float) -> None:
    assert demo.parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "0s", "soon", "-5s", "1.5m", "30x", "s", "5s1h"])
def test_what_is_no_time_is_refused_by_name(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not a time such as"):
        demo.parse_duration(text)


@pytest.mark.parametrize("text", ["0", "65536", "1.5", "abc", "", "-1", "٣", "8000 "])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is not a port"):
        demo.parse_port(text)


def test_the_first_and_the_last_port_are_ports() -> None:
    assert (demo.parse_port("1"), demo.parse_port("65535")) == (1, 65535)


def test_the_tray_is_used_only_where_there_is_a_display() -> None:
    assert not demo.has_display({}, "linux")
    assert not demo.has_display({"DISPLAY": ""}, "linux")
    assert demo.has_display({"DISPLAY": ":0"}, "linux")
    assert demo.has_display({"WAYLAND_DISPLAY": "wayland-0"}, "linux")
    assert demo.has_display({}, "darwin")
    assert demo.has_display({}, "win32")


def test_the_users_own_settings_stay_out_of_the_demo() -> None:
    given = {"PATH": "/bin", "TUNNELDESK_SERVER": "https://real.example", "TUNNELDESK_ACCESS_TOKEN": "real"}

    assert demo.child_environ(given) == {"PATH": "/bin", "TUNNELDESK_HOME": str(demo.HOME)}


def test_the_terminal_face_ends_itself_and_the_tray_face_is_ended() -> None:
    in_terminal, ended_here = demo.command(8000, in_tray=False, seconds=30.0)
    assert in_terminal[1:] == ["-m", "tunneldesk", "expose", "8000", "--demo", "--name", "demo", "--for", "30s"]
    assert ended_here is None

    in_tray, ended_here = demo.command(8000, in_tray=True, seconds=30.0)
    assert in_tray[1:] == ["-m", "tunneldesk", "--demo", "--expose", "8000", "--name", "demo"]
    assert ended_here == 30.0


def test_without_a_limit_the_demo_goes_on_until_it_is_ended() -> None:
    argv, ended_here = demo.command(8000, in_tray=False, seconds=None)

    assert "--for" not in argv
    assert ended_here is None
