"""How the stand-in starts, or doesn't: cloudflared's arguments, messages and exit codes."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING

import pytest

from tests.backend_process import STOPPED
from tests.contract.edge.world import Process, Visitor, token, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.contract.edge.world import World


@pytest.fixture
def nobody() -> Iterator[int]:
    """Reserve a port that nothing listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


async def run(*arguments: str, token: str | None = None, **environment: str) -> tuple[int, str, Process]:
    """Run to the end; return exit status, stdout and the process."""
    process = await Process.start(*arguments, token=token, environment=environment)
    output = await process.output()
    return await process.ended(), output, process


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--version"], "cloudflared version 2026.8.2 (built TunnelDesk stand-in "),
        (["version"], "cloudflared version 2026.8.2 (built TunnelDesk stand-in "),
        (["version", "--short"], "2026.8.2\n"),
    ],
)
async def test_version(arguments: list[str], said: str) -> None:
    status, output, process = await run(*arguments)
    assert (status, process.log) == (0, "")
    assert output.startswith(said)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--help"],
        ["tunnel"],
        ["tunnel", "--nonsense", "run"],
        ["tunnel", "--token", "x", "run"],
        ["tunnel", "run", "--metrics", "127.0.0.1:0"],
        ["tunnel", "--grace-period", "soon", "run"],
        ["tunnel", "run", "--help"],
    ],
)
async def test_what_it_does_not_understand_gives_help_and_status_0(arguments: list[str]) -> None:
    status, output, process = await run(*arguments, token=token(1, "t"))
    assert (status, process.log) == (0, "")
    assert "USAGE" in output


async def test_a_bad_value_in_the_environment_gives_help_and_status_0() -> None:
    status, output, _ = await run("tunnel", "run", token=token(1, "t"), TUNNEL_GRACE_PERIOD="soon")
    assert status == 0
    assert output.startswith('Incorrect Usage: invalid value "soon"')


@pytest.mark.parametrize("bad", ["nonsense!", "bm9uc2Vuc2U=", "e30=", "W10="])
async def test_a_token_that_can_not_be_decoded(bad: str) -> None:
    status, output, process = await run("tunnel", "run", token=bad)
    assert (status, output) == (255, "")
    assert process.lines[0] == "Provided Tunnel token is not valid."
    assert bad not in process.log


async def test_an_empty_token() -> None:
    status, _, process = await run("tunnel", "run", token="")
    assert status == 255
    assert process.lines[0].startswith('"cloudflared tunnel run" requires the ID or name of the tunnel')


@pytest.mark.parametrize(
    ("flags", "run_flags", "last"),
    [
        (["--grace-period", "4m"], [], "grace-period must be equal or less than 3m0s"),
        ([], ["--protocol", "h2mux"], "Unknown protocol h2mux, Available protocols: auto, http2, quic"),
        (["--config", "/nonexistent/c.yml"], [], "open /nonexistent/c.yml: no such file or directory"),
        (
            ["--metrics", "nowhere"],
            [],
            "Error opening metrics server listener: listen tcp: address nowhere: invalid",
        ),
    ],
)
async def test_what_ends_it_with_status_1(flags: list[str], run_flags: list[str], last: str) -> None:
    status, output, process = await run("tunnel", *flags, "run", *run_flags, token=token(1, "t"))
    assert (status, output) == (1, "")
    assert process.lines[-1] == last


async def test_a_busy_metrics_address(world: World) -> None:
    address = f"127.0.0.1:{world.edge.port}"
    status, _, process = await run("tunnel", "--metrics", address, "run", token=token(1, "t"))
    assert status == 1
    assert process.lines[-1] == (
        f"Error opening metrics server listener: listen tcp {address}: bind: address already in use"
    )


async def test_an_edge_that_is_away_is_dialled_for_ever(nobody: int) -> None:
    connector = await Process.start(
        "tunnel", "--metrics", "127.0.0.1:0", "run", "--protocol", "http2", token=token(nobody, "t")
    )
    try:
        await connector.says(f"dial tcp 127.0.0.1:{nobody}: connect: connection refused")
        await connector.says("Retrying connection in up to 2s connIndex=0")
        await connector.says("Retrying connection in up to 4s connIndex=0")
        connector.process.terminate()
        assert await connector.ended() == STOPPED
    finally:
        await connector.end()


async def test_token_and_settings_from_files(world: World, tmp_path: Path) -> None:
    origin = await world.origin()
    route = world.tunnels.add("app", origin.port)
    secret, config, logfile, pidfile = (tmp_path / name for name in ("token", "config.yml", "log", "pid"))
    secret.write_text(token(world.edge.port, route.tunnel_id) + "\n")
    config.write_text("no-autoupdate: true\nprotocol: http2\nmetrics: 127.0.0.1:0\n")
    connector = await Process.start(
        "tunnel",
        f"--config={config}",
        f"--logfile={logfile}",
        f"--pidfile={pidfile}",
        "run",
        f"--token-file={secret}",
    )
    try:
        await connector.says("protocol=http2")
        await connector.says("Updated to new configuration")
        await until(pidfile.exists)
        await until(lambda: pidfile.read_text() == str(connector.process.pid))
        records = [json.loads(line) for line in logfile.read_text().splitlines()]
        assert records[0]["message"] == "Starting tunnel"
        assert any(record.get("connIndex") == 0 for record in records)
    finally:
        await connector.end()


async def test_an_empty_configuration_file_is_complained_of_and_a_quiet_one_obeyed(
    world: World, tmp_path: Path
) -> None:
    origin = await world.origin()
    config = tmp_path / "config.yml"
    config.write_text("")
    connector = await world.connector(world.tunnels.add("app", origin.port), "--config", str(config))
    assert f"ERR Configuration file {config} was empty" in connector.log
    await connector.end()
    config.write_text("loglevel: warn\n")
    quiet = await world.unregistered_connector(world.tunnels.add("app", origin.port), "--config", str(config))
    while world.edge.connectors("id-of-app") == 0:
        assert quiet.process.returncode is None
        await world.get("/")
    assert quiet.lines == []


async def test_the_default_metrics_address_is_the_first_free_of_the_known_ports(world: World) -> None:
    origin = await world.origin()
    route = world.tunnels.add("app", origin.port)
    connector = await Process.start("tunnel", "run", token=token(world.edge.port, route.tunnel_id))
    try:
        port = await connector.metrics_port()
        async with await Visitor.dial(port) as visitor:
            assert (await visitor.get("/healthcheck", "localhost")).status == 200
    finally:
        await connector.end()
