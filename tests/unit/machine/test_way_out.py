"""Which change of the way out matters to connections, and that looking at it finds this machine's own."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tunneldesk.machine import way_out as looking
from tunneldesk.machine.way_out import WayOut, way_out

if TYPE_CHECKING:
    from pathlib import Path

NONE = WayOut()
HOME = WayOut("192.168.1.23 wlan0 0101A8C0")
HOME_BOTH = WayOut("192.168.1.23 wlan0 0101A8C0", "2a02:1:2:3::")
HOME_NEW_PREFIX = WayOut("192.168.1.23 wlan0 0101A8C0", "2a02:9:9:9::")
OFFICE = WayOut("10.1.2.3 eth0 0101010A")
ONLY_6 = WayOut(None, "2a02:1:2:3::")

HEADER = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"


@pytest.mark.parametrize(
    ("before", "after", "breaks"),
    [
        (HOME, HOME, False),
        (HOME, OFFICE, True),
        (HOME, WayOut("192.168.1.23 eth0 0101A8C0"), True),
        (HOME, NONE, False),
        (NONE, HOME, True),
        (NONE, ONLY_6, True),
        (NONE, NONE, False),
        (HOME, HOME_BOTH, False),
        (HOME_BOTH, HOME, True),
        (HOME_BOTH, HOME_NEW_PREFIX, True),
        (HOME_BOTH, ONLY_6, True),
        (ONLY_6, HOME_BOTH, True),
        (HOME_BOTH, OFFICE, True),
    ],
)
def test_only_what_breaks_connections_or_makes_them_possible_matters(
    before: WayOut, after: WayOut, breaks: bool
) -> None:
    assert after.breaks(before) is breaks


def test_there_is_a_way_out_or_there_is_none() -> None:
    assert not NONE
    assert HOME
    assert ONLY_6


def test_looking_twice_finds_the_same_and_sends_nothing() -> None:
    assert way_out() == way_out()


class NoFamily(socket.socket):
    """A socket on a system that has no networks at all."""

    def connect(self, _: object) -> None:
        raise OSError("Network is unreachable")


def test_without_any_route_there_is_no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", NoFamily)
    assert way_out() == NONE


class From(socket.socket):
    """A socket that would leave by set addresses."""

    def connect(self, _: object) -> None: ...

    def getsockname(self) -> tuple[str, int]:
        return ("10.1.2.3" if self.family == socket.AF_INET else "2a02:1:2:3:a1b2:c3d4:e5f6:1%eth0", 40000)


@pytest.mark.parametrize(
    ("routes", "ipv4"),
    [
        (
            HEADER
            + "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
            + "eth0\t00000000\t0101010A\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
            + "tun0\t00000000\t0101017F\t0003\t0\t0\t50\t00000080\t0\t0\t0\n"
            + "eth1\t00000000\t0101010B\t0002\t0\t0\t10\t00000000\t0\t0\t0\n",
            "10.1.2.3 eth0 0101010A",
        ),
        (HEADER + "eth0\t0001010A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n", "10.1.2.3"),
        ("", "10.1.2.3"),
        (None, "10.1.2.3"),
    ],
    ids=["the best default route", "no default route", "an empty table", "a system without"],
)
def test_the_router_is_told_where_the_system_tells_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, routes: str | None, ipv4: str
) -> None:
    table = tmp_path / "route"
    if routes is not None:
        table.write_text(routes)
    monkeypatch.setattr(looking, "_ROUTES", table)
    monkeypatch.setattr(socket, "socket", From)
    # Privacy extensions make up the second half of an IPv6 address anew each day: that is no other way out.
    assert way_out() == WayOut(ipv4, "2a02:1:2:3::")
