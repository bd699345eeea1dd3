"""The supervisor and a cloudflared with all its warts, played by a script."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from tests.contract.connector.watched import TOKEN
from tunneldesk.connector.supervisor import Lost, Ready
from tunneldesk.domain.errors import ConnectorGaveUpError, ErrorCode, LocalFileError
from tunneldesk.domain.preferences import EdgeProtocol
from tunneldesk.domain.reasons import Because, Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.connector.conftest import Play

AT = "2026-11-23T18:38:01Z"
METRICS = f"{AT} INF Starting metrics server on {{metrics}}/metrics"
UNAUTHORIZED = (
    f"{AT} ERR Register tunnel error from server side "
    'error="Unauthorized: Invalid tunnel secret" connIndex=0 event=0 ip=127.0.0.1'
)
SILENT_REFUSAL = (
    f"{AT} ERR failed to serve tunnel connection "
    'error="control stream encountered a failure while serving" connIndex=0 event=0 ip=127.0.0.1'
)
NO_DNS = "Could not lookup srv records on _v2-origintunneld._tcp.argotunnel.com: lookup: no such host"


def registered(index: int = 0, location: str = "ams01") -> str:
    return f"{AT} INF Registered tunnel connection connIndex={index} ip=127.0.0.1 location={location} protocol=quic"


def lost(index: int = 0) -> str:
    return f'{AT} ERR Connection terminated error="timeout: no recent network activity" connIndex={index}'


def good(**more: Any) -> dict[str, Any]:
    return {"say": [[0, METRICS], [0, registered()]], **more}


def command_line(pid: int) -> str:
    return " ".join(psutil.Process(pid).cmdline())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# How it is started


async def test_token_reaches_the_connector_by_its_environment_and_nothing_else_of_ours_does(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TUNNEL_LOGLEVEL", "TUNNELDESK_ACCESS_TOKEN", "TUNNELDESK_SERVER", "TUNNELDESK_HOME"):
        monkeypatch.setenv(name, "inherited")
    watched = play(good())
    await watched.event(Ready)
    start = watched.starts[0]
    ours = {name: value for name, value in start["environment"].items() if name.startswith("TUNNEL")}
    assert ours == {"TUNNEL_TOKEN": TOKEN.reveal(), "TUNNEL_NO_PRECHECKS": "true"}
    assert start["config"] == "no-autoupdate: true\n"
    assert start["arguments"][-1] == "run"
    assert TOKEN.reveal() not in command_line(start["pid"])


async def test_connector_has_a_private_folder_that_is_gone_afterwards(play: Play) -> None:
    watched = play(good())
    await watched.event(Ready)
    folder = Path(watched.starts[0]["folder"])
    assert os.name != "posix" or mode(folder) == 0o700
    await watched.stop()
    assert list(watched.run_dir.iterdir()) == []


async def test_token_never_shows_in_the_log(play: Play) -> None:
    chatty = good()
    chatty["say"].append(
        [0, f"{AT} INF Settings: map[token:{TOKEN.reveal()}] jwt=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig"]
    )
    watched = play(chatty)
    await watched.until(lambda: any("Settings" in line for line in watched.log))
    settings = next(line for line in watched.log if "Settings" in line)
    assert settings.endswith("map[token:***] jwt=***")


# When it is ready


async def test_online_is_what_ready_says_not_what_started_means(play: Play) -> None:
    watched = play(good(ready=[[0, 503, 0], [0.6, 200, 1]]))
    await watched.until(lambda: any("Registered" in line for line in watched.log))
    assert watched.events == []
    assert await watched.event(Ready) == Ready("ams01", "quic")


async def test_online_is_told_within_60_ms_of_the_first_connection(play: Play) -> None:
    watched = play({"say": [[0, METRICS], [0.3, registered()]]})
    await watched.event(Ready)
    assert watched.told_at[0] - watched.heard_at("Registered") < 0.06


async def test_a_stale_ready_is_not_believed_when_the_log_tells_of_the_loss(play: Play) -> None:
    watched = play({"say": [[0, METRICS], [0, registered()], [0.4, lost()]], "ready": [[0, 200, 1]]})
    await watched.event(Ready)
    told = await watched.event(Lost)
    assert told.said == "timeout: no recent network activity"


async def test_losing_one_of_four_connections_is_no_loss(play: Play) -> None:
    watched = play(
        {"say": [[0, METRICS], [0, registered(0)], [0, registered(1)], [0.3, lost(0)]], "ready": [[0, 200, 2]]}
    )
    await watched.until(lambda: any("terminated" in line for line in watched.log))
    await watched.event(Ready)
    await asyncio.sleep(0.2)
    assert Lost not in watched.kinds


async def test_a_loss_the_log_keeps_quiet_about_shows_in_ready(play: Play) -> None:
    say = [[0, METRICS], [0, registered()], [0.5, f"{AT} INF Retrying connection in up to 1s connIndex=0"]]
    watched = play({"say": [*say, [0, lost(3)]], "ready": [[0, 200, 1], [0.5, 503, 0], [1.0, 200, 1]]})
    await watched.event(Lost)
    await watched.event(Ready, 2)


@pytest.mark.slow
async def test_a_connector_that_hangs_is_lost_and_started_anew(play: Play) -> None:
    hanging = good(ready=[[0, 200, 1], [0.3, 0, 0]])
    hanging["say"].append([0.5, lost(3)])
    watched = play(hanging, good())
    await watched.event(Lost)
    await watched.until(lambda: len(watched.starts) == 2, within=45)
    await watched.event(Ready, 2)


# When it ends


async def test_a_connector_that_dies_is_replaced(play: Play) -> None:
    dying = good(exit=1)
    dying["say"].append([0.5, "failed to do something"])
    watched = play(dying, good(), speed=10)
    told = await watched.event(Lost)
    assert told == Lost("failed to do something", Because(Reason.CONNECTOR_ENDED, {"status": "1"}))
    await watched.event(Ready, 2)
    assert watched.kinds == [Ready, Lost, Ready]
    assert len(list(watched.run_dir.iterdir())) == 1


@pytest.mark.posix("sends signals")
async def test_one_that_is_killed_says_nothing_and_its_last_lines_are_not_taken_for_a_reason(play: Play) -> None:
    watched = play(good(), good())
    await watched.event(Ready)
    os.kill(watched.starts[0]["pid"], signal.SIGKILL)
    assert await watched.event(Lost) == Lost(because=Because(Reason.CONNECTOR_KILLED, {"signal": "9"}))


async def test_one_that_ends_with_its_token_on_its_lips_gives_nothing_away(play: Play) -> None:
    dying = good(exit=1)
    dying["say"].append([0.5, f"can't use token {TOKEN.reveal()} here"])
    watched = play(dying, good(), speed=10)
    assert (await watched.event(Lost)).said == "can't use token *** here"


async def test_an_early_good_exit_is_a_crash_and_its_help_is_kept(play: Play) -> None:
    watched = play(
        {"help": "Incorrect Usage: flag provided but not defined: -no-autoupdate\n", "exit": 0}, speed=10
    )
    with pytest.raises(ConnectorGaveUpError, match="CONNECTOR_CRASHING") as gave_up:
        await watched.end()
    assert "Incorrect Usage" in gave_up.value.failure.message
    assert len(watched.starts) == 5


async def test_restarts_are_spread_out(play: Play) -> None:
    watched = play({"exit": 1}, speed=10)
    began = time.monotonic()
    with pytest.raises(ConnectorGaveUpError):
        await watched.end()
    assert time.monotonic() - began >= (1 + 2 + 4 + 8) / 10


async def test_an_unreadable_token_is_refused_at_once(play: Play) -> None:
    watched = play({"say": [[0, "Provided Tunnel token is not valid."]], "exit": 255})
    with pytest.raises(ConnectorGaveUpError, match="CONNECTOR_TOKEN_REFUSED: Provided Tunnel token") as gave_up:
        await watched.end()
    assert gave_up.value.failure.code is ErrorCode.CONNECTOR_TOKEN_REFUSED
    assert len(watched.starts) == 1
    assert watched.confirmed == 1


async def test_a_refusing_edge_is_believed_after_three_refusals(play: Play) -> None:
    watched = play({"say": [[0, METRICS], [0, UNAUTHORIZED], [0.3, UNAUTHORIZED], [0.3, UNAUTHORIZED]]})
    with pytest.raises(ConnectorGaveUpError, match="CONNECTOR_TOKEN_REFUSED: Unauthorized: Invalid tunnel secret"):
        await watched.end()


async def test_a_tunnel_not_known_everywhere_yet_comes_up_all_the_same(play: Play) -> None:
    watched = play(
        {
            "say": [[0, METRICS], [0, UNAUTHORIZED], [0.2, UNAUTHORIZED], [0.2, registered()]],
            "ready": [[0, 503, 0], [0.5, 200, 1]],
        }
    )
    await watched.event(Ready)


async def test_a_tunnel_that_is_gone_is_the_leases_matter(play: Play) -> None:
    watched = play({"say": [[0, METRICS], *([[0.1, UNAUTHORIZED]] * 3)]})
    watched.gone = LookupError("the lease is lost")
    with pytest.raises(LookupError, match="the lease is lost"):
        await watched.end()


async def test_where_quic_will_not_say_why_http2_is_asked(play: Play) -> None:
    watched = play(
        {"say": [[0, METRICS], *([[0.1, SILENT_REFUSAL]] * 3)]},
        {"say": [[0, METRICS], *([[0.1, UNAUTHORIZED]] * 3)]},
    )
    with pytest.raises(ConnectorGaveUpError, match="Invalid tunnel secret"):
        await watched.end()
    protocols = [start["environment"].get("TUNNEL_TRANSPORT_PROTOCOL") for start in watched.starts]
    assert protocols == [None, "http2"]


async def test_where_quic_is_blocked_http2_is_tried(play: Play) -> None:
    blocked = {"say": [[0, METRICS], [0.1, f"{AT} ERR Failed to dial a quic connection error=timeout connIndex=0"]]}
    watched = play(blocked, good(), speed=20)
    await watched.event(Ready)
    assert watched.starts[-1]["environment"]["TUNNEL_TRANSPORT_PROTOCOL"] == "http2"


async def test_whoever_wants_quic_only_gets_no_http2_where_it_is_blocked(play: Play) -> None:
    blocked = {"say": [[0, METRICS], [0.1, f"{AT} ERR Failed to dial a quic connection error=timeout connIndex=0"]]}
    watched = play(blocked, speed=60, protocol=EdgeProtocol.QUIC)
    with pytest.raises(ConnectorGaveUpError, match="CONNECTOR_EDGE_UNREACHABLE"):
        await watched.end()
    assert {start["environment"]["TUNNEL_TRANSPORT_PROTOCOL"] for start in watched.starts} == {"quic"}


async def test_whoever_wants_quic_only_is_told_of_a_refusal_without_a_reason(play: Play) -> None:
    watched = play({"say": [[0, METRICS], *([[0.1, SILENT_REFUSAL]] * 3)]}, protocol=EdgeProtocol.QUIC)
    with pytest.raises(ConnectorGaveUpError, match="CONNECTOR_TOKEN_REFUSED"):
        await watched.end()
    assert (watched.confirmed, len(watched.starts)) == (1, 1)


async def test_whoever_wants_http2_only_has_it_from_the_start_and_after_a_loss(play: Play) -> None:
    down = good(exit=1)
    down["say"].append([0.4, lost()])
    watched = play(down, good(), speed=20, protocol=EdgeProtocol.HTTP2)
    await watched.event(Ready, 2)
    assert {start["environment"]["TUNNEL_TRANSPORT_PROTOCOL"] for start in watched.starts} == {"http2"}


async def test_no_network_at_the_start_is_no_crash_and_is_given_up_after_a_minute(play: Play) -> None:
    watched = play({"say": [[0, NO_DNS]], "exit": 1}, speed=60)
    with pytest.raises(ConnectorGaveUpError, match="CONNECTOR_EDGE_UNREACHABLE: Could not lookup srv records"):
        await watched.end()


async def test_an_edge_that_never_answers_is_given_up_after_a_minute(play: Play) -> None:
    watched = play({"say": [[0, METRICS], [0, f"{AT} INF Retrying connection in up to 2s connIndex=0"]]}, speed=60)
    with pytest.raises(ConnectorGaveUpError, match="CONNECTOR_EDGE_UNREACHABLE"):
        await watched.end()


async def test_once_it_was_up_no_outage_is_too_long(play: Play) -> None:
    down = good(exit=1)
    down["say"].append([0.4, NO_DNS])
    watched = play(down, *([{"say": [[0, NO_DNS]], "exit": 1}] * 6), good(), speed=60)
    await watched.event(Ready, 2)


async def test_after_a_wake_a_lost_connection_is_not_waited_for(play: Play) -> None:
    went_to_sleep = good(ready=[[0, 503, 0], [0.1, 200, 1], [1.0, 503, 0]])
    watched = play(went_to_sleep, good())
    await watched.event(Ready)
    watched.supervisor.disturbed()
    await watched.event(Ready, 2)
    assert watched.kinds == [Ready, Lost, Ready]
    assert len(watched.starts) == 2


async def test_after_a_wake_a_connection_that_held_is_kept(play: Play) -> None:
    watched = play(good(ready=[[0, 503, 0], [0.1, 200, 1]]))
    await watched.event(Ready)
    watched.supervisor.disturbed()
    await asyncio.sleep(1.5)  # more than a look: a connector that was to be replaced would be by now
    assert watched.kinds == [Ready]
    assert len(watched.starts) == 1


async def test_a_network_that_is_back_ends_the_wait_to_restart(play: Play) -> None:
    watched = play({"exit": 1}, {"exit": 1}, {"exit": 1}, good(), speed=0.1)
    await watched.until(lambda: len(watched.starts) == 1)
    for starts in (2, 3, 4):
        await watched.until(lambda: not list(watched.run_dir.glob("connector-*")))
        watched.supervisor.disturbed()
        await watched.until(partial(watched.started, starts), within=5.0)
    await watched.event(Ready)


async def test_what_runs_is_written_down_for_whoever_may_have_to_end_it(play: Play) -> None:
    watched = play(good())
    await watched.event(Ready)
    (written,) = watched.run_dir.glob("connector-*/process.json")
    assert json.loads(written.read_text())["pid"] == watched.starts[0]["pid"]


@pytest.mark.posix("Windows words it otherwise")
async def test_a_folder_that_cannot_be_made_is_told_in_words(play: Play, tmp_path: Path) -> None:
    (tmp_path / "run").write_text("in the way")
    watched = play(good())
    with pytest.raises(LocalFileError, match=r"can't be written .*File exists"):
        await watched.end()


# How it is stopped


async def test_stopping_is_quick(play: Play, alive: Callable[[int], bool]) -> None:
    watched = play(good())
    await watched.event(Ready)
    assert await watched.stop() < 1
    assert not alive(watched.starts[0]["pid"])


@pytest.mark.slow
async def test_a_stubborn_connector_that_floods_its_log_is_gone_after_five_seconds(
    play: Play, alive: Callable[[int], bool]
) -> None:
    watched = play(good(stubborn=True, flood=True))
    await watched.event(Ready)
    await watched.until(lambda: len(watched.log) == 5_000)
    assert 4.5 < await watched.stop() < 6.5
    assert not alive(watched.starts[0]["pid"])


async def test_a_second_stop_forces_a_stubborn_connector_down(play: Play, alive: Callable[[int], bool]) -> None:
    watched = play(good(stubborn=True))
    await watched.event(Ready)
    watched.task.cancel()
    await asyncio.sleep(0.1)
    assert alive(watched.starts[0]["pid"])
    watched.supervisor.force()
    await asyncio.wait({watched.task}, timeout=1)
    assert watched.task.cancelled()
    assert not alive(watched.starts[0]["pid"])


async def test_stopping_while_it_waits_to_restart_is_instant(play: Play) -> None:
    watched = play({"exit": 1})
    await watched.until(lambda: bool(watched.starts) and not list(watched.run_dir.iterdir()))
    assert await watched.stop() < 0.2


@pytest.mark.parametrize("after", [0.0, 0.005, 0.02, 0.06])
async def test_stopping_at_birth_leaves_nothing(play: Play, after: float, alive: Callable[[int], bool]) -> None:
    watched = play(good())
    await asyncio.sleep(after)
    await watched.stop()
    assert not any(alive(start["pid"]) for start in watched.starts)
    assert not watched.run_dir.exists() or list(watched.run_dir.iterdir()) == []
