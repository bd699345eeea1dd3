"""How anything is reached over HTTP."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tunneldesk import network
from tunneldesk.network import system_proxy

PROXIES = {"http": "http://plain:3128", "https": "http://proxy:3128", "all": "socks5://all:1080"}


@pytest.mark.parametrize(
    "server", ["http://127.0.0.1:8787", "http://[::1]:8787", "http://localhost", "https://a.tunnel.localhost"]
)
def test_a_server_on_this_machine_is_never_asked_for_through_a_proxy(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "getproxies", lambda: PROXIES)
    assert system_proxy(server) is None


@pytest.mark.parametrize(
    ("proxies", "proxy"),
    [
        ({}, None),
        (PROXIES, "http://proxy:3128"),
        ({"all": "socks5://all:1080"}, "socks5://all:1080"),
        ({"http": "http://plain:3128"}, None),
        ({"https": "proxy:3128"}, "http://proxy:3128"),
        ({"https": ""}, None),
        ({**PROXIES, "no": "*"}, None),
        ({**PROXIES, "no": "other.example, example.com"}, None),
        ({**PROXIES, "no": ".example.com:443"}, None),
        ({**PROXIES, "no": "API.example.com"}, None),
        ({**PROXIES, "no": "ample.com,,other.example"}, "http://proxy:3128"),
    ],
)
def test_any_other_server_is_asked_for_through_the_systems_proxy(
    proxies: dict[str, str], proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "getproxies", lambda: proxies)
    assert system_proxy("https://api.example.com") == proxy


def test_a_plain_server_costs_no_certificates() -> None:
    program = (
        "import asyncio, sys\n"
        "from tunneldesk.network import open_transport\n"
        "asyncio.run(open_transport('http://127.0.0.1:1').aclose())\n"
        "print('truststore' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["False"]
