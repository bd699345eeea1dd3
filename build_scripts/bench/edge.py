"""Through the paired server's edge and its stand-in connector, beside two bare hops to the same origin."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from shutil import which
from typing import TYPE_CHECKING

import httpx

from build_scripts.bench.load import Load, Request, in_words, load, write_requests
from build_scripts.bench.result import Goal, Result, ratio
from build_scripts.system_packages import SERVERS_TOO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from build_scripts.bench.bench import Bench

ROUNDS = 3
SECONDS = 2
BODY = 1_000_000_000
NAME = "bench"
HOST = f"{NAME}.tunnel.localhost"

_NGINX = """
daemon off; master_process off; pid nginx.pid; error_log stderr;
events {{ worker_connections 1024; }}
http {{
    access_log off; sendfile on; keepalive_requests 100000000; keepalive_timeout 75s;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    server {{
        listen 127.0.0.1:{port};
        root .;
        location = / {{ default_type text/plain; return 200 "{page}"; }}
    }}
}}
"""
_PAGE = "The page behind the tunnel. " * 36


def edge(bench: Bench) -> list[Result]:
    """Fetch a large body alone, and a small page over many connections: directly, by two hops, by the tunnel."""
    origin = _origin(bench)
    ways = {"direct": origin, "splice": _two_hops(bench, origin), "tunnel": _tunnel(bench, origin)}
    for way, port in ways.items():
        bench.until(f"{way} to answer", partial(_answers, port))
    bulk: dict[str, list[float]] = {way: [] for way in ways}
    small: dict[str, list[Load]] = {way: [] for way in ways}
    requests = write_requests(bench.folder / "pages", [Request("GET", "/", host=HOST)])
    _fetch(origin)  # into the page cache
    for number in range(ROUNDS):
        for way, port in ways.items():
            bench.say(f"round {number + 1} of {ROUNDS}: {way}")
            bulk[way].append(_fetch(port))
            small[way].append(load(f"http://127.0.0.1:{port}", requests, SECONDS))
    return _results(bulk, small)


def _results(bulk: Mapping[str, list[float]], small: Mapping[str, list[Load]]) -> list[Result]:
    least = Goal(0.7, at_least=True)
    rates = {way: [each.rate for each in loads] for way, loads in small.items()}
    added = {
        way: [each.p50 - direct.p50 for each, direct in zip(small[way], small["direct"], strict=True)]
        for way in ("tunnel", "splice")
    }
    throughput = {way: f"{sum(each) / len(each) / 1e6:,.0f} MB/s" for way, each in bulk.items()}
    words = {way: in_words(loads) for way, loads in small.items()}
    return [
        Result(
            "edge",
            "throughput of a body of 1 GB",
            *_compared(bulk["tunnel"], bulk["splice"], least),
            throughput["tunnel"],
            f"{throughput['splice']} by two bare hops; {throughput['direct']} directly",
        ),
        Result(
            "edge",
            "requests a second, 32 connections",
            *_compared(rates["tunnel"], rates["splice"], least),
            words["tunnel"],
            f"two bare hops: {words['splice']}",
        ),
        Result(
            "edge",
            "p50 added to the origin's own",
            *_compared(added["tunnel"], added["splice"], Goal(1.5)),
            words["tunnel"],
            f"two bare hops: {words['splice']}; directly: {words['direct']}",
        ),
    ]


def _compared(ours: list[float], beside: list[float], goal: Goal) -> tuple[float, str, Goal, float]:
    value, wobble = ratio(ours, beside)
    return value, "x", goal, wobble


def _origin(bench: Bench) -> int:
    port = bench.free_port()
    (bench.folder / "nginx.conf").write_text(_NGINX.format(port=port, page=_PAGE))
    with (bench.folder / "large").open("wb") as large:
        large.truncate(BODY)
    nginx = which("nginx", path=SERVERS_TOO) or "nginx"
    bench.start([nginx, "-p", str(bench.folder), "-e", "stderr", "-c", "nginx.conf"])
    return port


def _two_hops(bench: Bench, origin: int) -> int:
    inner = bench.listen("build_scripts.bench.bare_server", "splice", str(origin))
    return bench.listen("build_scripts.bench.bare_server", "splice", str(inner))


def _tunnel(bench: Bench, origin: int) -> int:
    """Start a server and the stand-in as an app would; return the edge's port."""
    server = bench.server(lease_timeout=3600)
    made = server.call("POST", "/v1/tunnels", {"port": origin, "requestedSlug": NAME}).json()
    bench.environ["TUNNEL_TOKEN"] = made["cloudflaredToken"]
    bench.start([sys.executable, "-m", "tunneldesk.backend.connector", "tunnel", "--metrics", "127.0.0.1:0", "run"])
    return httpx.URL(server.edge_url).port or 0


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", headers={"Host": HOST}, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _fetch(port: int) -> float:
    """Fetch the large body; return bytes a second.

    Raises:
        OSError: It did not come whole.
    """
    said = ["--write-out", "%{size_download} %{speed_download}"]
    argv = ["curl", "--silent", "--noproxy", "*", "--output", "/dev/null", "--header", f"Host: {HOST}", *said]
    done = subprocess.run([*argv, f"http://127.0.0.1:{port}/large"], capture_output=True, timeout=60, check=False)
    size, speed = map(float, done.stdout.split())
    if size != BODY:
        raise OSError(f"{size:,.0f} of {BODY:,} bytes came from port {port}")
    return speed
