"""The doctor, with real sockets, files and processes to look at."""

from __future__ import annotations

import asyncio
import json
import ssl
import stat
import subprocess
import sys
import time
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from tunneldesk import network
from tunneldesk.daemon_threads import DaemonThreads
from tunneldesk.domain.account import Account
from tunneldesk.domain.checkup import (
    AccountSeen,
    AddressSeen,
    Check,
    ClockSeen,
    ConnectorSeen,
    EdgeSeen,
    Finding,
    FoldersSeen,
    LeftoversSeen,
    PortSeen,
    ServerSeen,
    SpaceSeen,
    TraySeen,
    Unseen,
    Verdict,
)
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.secret import Secret
from tunneldesk.service.checks import account, connector, exposed, machine
from tunneldesk.service.doctor import Doctor, Instruments, Matter
from tunneldesk.storage.journal import Held, Journal
from tunneldesk.storage.paths import Paths

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

ELSEWHERE = "https://api.example.com"
DONE = ((sys.executable, "-c", "raise SystemExit(12)"), dict[str, str]())


class Ring(KeyringBackend):
    """Gives what it was given, or the error."""

    priority: float = 5

    def __init__(self, answer: str | Exception | None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.answer = answer
        self.asked = 0

    def get_password(self, service: str, username: str) -> str | None:
        del service, username
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


@pytest.fixture
def ring() -> Iterator[Ring]:
    before, mine = keyring.get_keyring(), Ring(None)
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


@pytest.fixture
def paths(tmp_path: Path, ring: Ring) -> Paths:
    del ring
    return Paths.find({"TUNNELDESK_HOME": str(tmp_path / "home")})


@asynccontextmanager
async def serving(
    answer: Callable[[str], tuple[int, object]] | None, *, skew: timedelta | None = timedelta(0)
) -> AsyncIterator[str]:
    """Serve answers with a date that is wrong by ``skew``; with no ``answer``, take connections and say nothing."""
    hung = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer is None:
            await hung.wait()
            writer.close()
            return
        with suppress(asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            asked = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            status, content = answer(asked)
            body = json.dumps(content).encode()
            date = "" if skew is None else f"Date: {format_datetime(datetime.now(UTC) + skew, usegmt=True)}\r\n"
            head = f"HTTP/1.1 {status} X\r\n{date}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            writer.write(f"{head}Connection: close\r\n\r\n".encode() + body)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        hung.set()
        server.close()
        await server.wait_closed()


def kind(asked: str) -> tuple[int, object]:
    """Answer as a tunnel server does whose one token is ``good``."""
    if asked.startswith("GET /healthz"):
        return 200, {"ok": True}
    if "bearer good" in asked.lower():
        return 200, []
    return 401, {"error": {"code": "INVALID_TOKEN", "message": "No."}}


async def examined(matter: Matter, *, limit: float = 5.0) -> dict[Check, Finding]:
    asyncio.get_running_loop().set_default_executor(DaemonThreads())
    told: list[Finding] = []
    doctor = Doctor(matter, Instruments(edge=(), tray=DONE, limit=limit))
    findings = await doctor.examine(told.append)
    assert tuple(told) == findings
    assert [finding.check for finding in findings] == list(doctor.checks)
    return {finding.check: finding for finding in findings}


async def test_all_is_looked_at_in_order_and_a_good_server_is_found_so(paths: Paths, ring: Ring) -> None:
    ring.answer = "good"
    async with serving(kind) as server:
        found = await examined(Matter(paths, Account(server)))
    assert list(found) == [check for check in Check if check not in {Check.PORT, Check.ADDRESS}]
    assert found[Check.SERVER] == Finding(Check.SERVER, Verdict.OK, ServerSeen(server))
    assert found[Check.CLOCK].verdict is Verdict.OK
    assert found[Check.ACCESS_TOKEN] == Finding(Check.ACCESS_TOKEN, Verdict.OK, AccountSeen(0))
    assert found[Check.KEYRING] == Finding(Check.KEYRING, Verdict.OK)
    assert found[Check.EDGE].facts is Unseen.STAND_IN
    assert found[Check.TRAY].facts is Unseen.NO_DISPLAY
    assert found[Check.FOLDERS].verdict is Verdict.OK
    assert found[Check.LEFTOVERS] == Finding(Check.LEFTOVERS, Verdict.OK, LeftoversSeen())
    assert ring.asked == 1


async def test_a_token_that_was_given_beats_the_one_that_is_kept(paths: Paths, ring: Ring) -> None:
    ring.answer = "bad"
    async with serving(kind) as server:
        assert (await examined(Matter(paths, Account(server), token=Secret("good"))))[
            Check.ACCESS_TOKEN
        ].verdict is Verdict.OK
        refused = (await examined(Matter(paths, Account(server))))[Check.ACCESS_TOKEN]
    assert refused.verdict is Verdict.FAIL
    assert refused.failure is not None
    assert refused.failure.code is ErrorCode.INVALID_TOKEN


async def test_nobody_signed_in_and_a_locked_keyring_are_told_apart(paths: Paths, ring: Ring) -> None:
    async with serving(kind) as server:
        nobody = await examined(Matter(paths, Account(server)))
        ring.answer = KeyringLocked("locked")
        locked = await examined(Matter(paths, Account(server)))
        keyring.set_keyring(Ring(None))
    assert nobody[Check.ACCESS_TOKEN].failure == Failure(ErrorCode.SIGNED_OUT)
    assert nobody[Check.KEYRING].verdict is Verdict.OK
    assert locked[Check.KEYRING].verdict is Verdict.WARN
    for check in (Check.KEYRING, Check.ACCESS_TOKEN):
        failure = locked[check].failure
        assert failure is not None
        assert failure.code is ErrorCode.KEYRING_LOCKED


async def test_a_system_without_a_keyring_is_one_where_nobody_is_signed_in(paths: Paths) -> None:
    mine = Ring(None)
    mine.priority = 0.5
    keyring.set_keyring(mine)
    async with serving(kind) as server:
        found = await examined(Matter(paths, Account(server)))
    assert found[Check.KEYRING].verdict is Verdict.WARN
    assert found[Check.ACCESS_TOKEN].failure == Failure(ErrorCode.SIGNED_OUT)


async def test_a_server_that_is_something_else_fails_and_no_token_is_sent_to_it(paths: Paths, ring: Ring) -> None:
    ring.answer = "good"
    asked: list[str] = []

    def other(request: str) -> tuple[int, object]:
        asked.append(request)
        return 200, ["something else"]

    async with serving(other) as server:
        found = await examined(Matter(paths, Account(server)))
    failure = found[Check.SERVER].failure
    assert failure is not None
    assert failure.code is ErrorCode.NOT_A_TUNNEL_SERVER
    assert found[Check.ACCESS_TOKEN] == Finding(Check.ACCESS_TOKEN, Verdict.SKIPPED, Unseen.NO_ANSWER)
    assert not any("good" in request for request in asked)


@pytest.mark.parametrize(("hours", "verdict"), [(0, Verdict.OK), (1, Verdict.WARN), (-1, Verdict.WARN)])
async def test_a_server_with_another_clock_is_noticed(paths: Paths, hours: int, verdict: Verdict) -> None:
    async with serving(kind, skew=timedelta(hours=hours)) as server:
        found = (await examined(Matter(paths, Account(server))))[Check.CLOCK]
    assert found.verdict is verdict
    assert isinstance(found.facts, ClockSeen)
    assert abs(found.facts.skew - hours * 3600) < 5


async def test_a_server_that_says_no_time_leaves_the_clock_unjudged(paths: Paths) -> None:
    async with serving(kind, skew=None) as server:
        found = (await examined(Matter(paths, Account(server))))[Check.CLOCK]
    assert found == Finding(Check.CLOCK, Verdict.SKIPPED, Unseen.NO_DATE)


async def test_a_server_that_hangs_ends_with_its_limit_and_holds_up_nothing_else(paths: Paths) -> None:
    async with serving(None) as server:
        started = time.monotonic()
        found = await examined(Matter(paths, Account(server)), limit=0.5)
    assert time.monotonic() - started < 15
    failure = found[Check.SERVER].failure
    assert failure is not None
    assert failure.code is ErrorCode.SERVER_TIMED_OUT
    assert found[Check.FOLDERS].verdict is Verdict.OK


async def test_it_can_be_cancelled_while_it_waits(paths: Paths) -> None:
    told: list[Finding] = []
    async with serving(None) as server:
        doctor = Doctor(Matter(paths, Account(server)), Instruments(tray=DONE))
        examining = asyncio.create_task(doctor.examine(told.append))
        await asyncio.sleep(0)
        examining.cancel()
        with pytest.raises(asyncio.CancelledError):
            await examining
    assert told == []


async def test_a_listener_that_has_seen_enough_ends_it_with_its_own_error(paths: Paths) -> None:
    def enough(_: Finding) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        await Doctor(Matter(paths), Instruments(tray=DONE)).examine(enough)


async def test_without_a_server_what_depends_on_one_is_skipped(paths: Paths) -> None:
    found = await examined(Matter(paths))
    assert found[Check.SERVER] == Finding(
        Check.SERVER, Verdict.FAIL, ServerSeen(None), Failure(ErrorCode.SIGNED_OUT)
    )
    assert found[Check.ACCESS_TOKEN].verdict is Verdict.SKIPPED
    assert found[Check.EDGE].facts is Unseen.NO_SERVER
    assert found[Check.CONNECTOR].verdict is not Verdict.FAIL
    fault = Failure(ErrorCode.INVALID_SERVER_ADDRESS)
    assert (await examined(Matter(paths, fault=fault)))[Check.SERVER].failure == fault


async def test_a_check_that_breaks_is_a_finding_too(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_: Path) -> Finding:
        raise RuntimeError("oops")

    async def slow() -> Finding:
        raise TimeoutError

    monkeypatch.setattr(machine, "look_at_space", broken)
    monkeypatch.setattr(machine, "look_at_names", slow)
    found = await examined(Matter(paths))
    failure = found[Check.DISK_SPACE].failure
    assert failure is not None
    assert failure.code is ErrorCode.UNEXPECTED
    assert found[Check.LOCALHOST_NAMES] == Finding(Check.LOCALHOST_NAMES, Verdict.WARN, Unseen.TOO_SLOW)


@pytest.mark.parametrize(
    ("proxy", "told"),
    [
        ("http://user:secret@proxy.example:3128", "proxy.example:3128"),
        ("proxy.example", "proxy.example"),
        ("http://proxy.example:port", "?"),
        ("", None),
    ],
)
def test_a_proxy_is_told_without_its_password(
    proxy: str, told: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "getproxies", lambda: {"https": proxy})
    assert account.proxy_to(ELSEWHERE) == told
    assert account.proxy_to("http://127.0.0.1:1") is None
    assert account.proxy_to(None) is None


def program(folder: Path, said: str, *, mode: int = 0o755) -> Path:
    file = folder / "cloudflared"
    file.write_text(f"#!/bin/sh\necho '{said}'\n")
    file.chmod(mode)
    return file


@pytest.mark.posix("a shell script passes for cloudflared")
@pytest.mark.parametrize(
    ("version", "offered", "newer"),
    [
        ("2026.1.1", "2026.7.1", "2026.7.1"),
        ("2026.7.1", "2026.7.1", None),
        ("2026.8.2", "2026.7.1", None),
        ("2026.8.2", None, None),
        ("DEV", "2026.7.1", None),
    ],
)
async def test_a_newer_cloudflared_is_mentioned_when_there_is_one(
    tmp_path: Path, version: str, offered: str | None, newer: str | None
) -> None:
    file = program(tmp_path, f"cloudflared version {version} (built x)")
    found = await connector.look_at_connector(ELSEWHERE, file, None, offered)
    assert found == Finding(Check.CONNECTOR, Verdict.OK, ConnectorSeen(version, str(file), newer))


@pytest.mark.posix("a shell script passes for cloudflared")
async def test_what_is_wrong_with_a_cloudflared_is_told_apart(paths: Paths, tmp_path: Path) -> None:
    async def code(file: Path) -> ErrorCode | None:
        found = (await examined(Matter(paths, Account(ELSEWHERE), chosen=file), limit=0.1))[Check.CONNECTOR]
        assert found.verdict is Verdict.FAIL
        return found.failure.code if found.failure else None

    assert await code(tmp_path / "none") is ErrorCode.CONNECTOR_MISSING
    assert await code(program(tmp_path, "cloudflared version 2021.1.1 (x)")) is ErrorCode.CONNECTOR_TOO_OLD
    assert await code(program(tmp_path, "hello")) is ErrorCode.CONNECTOR_NOT_EXECUTABLE
    assert await code(program(tmp_path, "", mode=stat.S_IRUSR)) is ErrorCode.CONNECTOR_NOT_EXECUTABLE
    foreign = tmp_path / "foreign"
    foreign.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(40))
    foreign.chmod(0o755)
    assert await code(foreign) is ErrorCode.CONNECTOR_WRONG_ARCHITECTURE


async def test_a_server_on_this_computer_needs_no_cloudflared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("tunneldesk.connector.locate._USUAL_PLACES", ())
    local = "http://127.0.0.1:1"
    assert await connector.look_at_connector(local, None, None, None) == Finding(
        Check.CONNECTOR, Verdict.OK, ConnectorSeen()
    )
    if sys.platform != "win32":
        program(tmp_path, "cloudflared version 2021.1.1 (x)")
        old = await connector.look_at_connector(local, None, None, None)
        assert old.verdict is Verdict.WARN
        assert old.failure is not None
        assert old.failure.code is ErrorCode.CONNECTOR_TOO_OLD


async def test_the_edge_is_reached_half_reached_or_not() -> None:
    async with serving(None) as taken:
        port = int(taken.rpartition(":")[2])
        here, nowhere = ("localhost", port), ("127.0.0.1", 1)
        unknown = ("no-such-region.invalid", 7844)
        both = await connector.look_at_edge(ELSEWHERE, (here, here))
        half = await connector.look_at_edge(ELSEWHERE, (here, nowhere))
        none = await connector.look_at_edge(ELSEWHERE, (nowhere, unknown))
    assert both.verdict is Verdict.OK
    assert half == Finding(Check.EDGE, Verdict.WARN, EdgeSeen((f"localhost:{port}",), ("127.0.0.1:1",)))
    assert none.verdict is Verdict.FAIL
    assert none.failure == Failure(ErrorCode.CONNECTOR_EDGE_UNREACHABLE)


@pytest.mark.parametrize(
    ("ends", "verdict", "facts"),
    [
        ("raise SystemExit(10)", Verdict.OK, TraySeen(available=True)),
        ("raise SystemExit(11)", Verdict.WARN, TraySeen(available=False)),
        ("raise SystemExit(12)", Verdict.SKIPPED, Unseen.NO_DISPLAY),
        ("raise SystemExit(13)", Verdict.SKIPPED, Unseen.NO_QT),
        ("raise SystemExit(0)", Verdict.SKIPPED, Unseen.TRAY_SILENT),
        (
            "import sys; sys.exit('qt.qpa.xcb: could not connect to display :77')",
            Verdict.SKIPPED,
            Unseen.NO_DISPLAY,
        ),
        ("import time; time.sleep(60)", Verdict.SKIPPED, Unseen.TRAY_SILENT),
    ],
)
async def test_what_the_tray_program_answers_is_understood(ends: str, verdict: Verdict, facts: object) -> None:
    limit = 0.5 if "sleep" in ends else 10
    found = await machine.look_at_tray(((sys.executable, "-c", ends), {}), limit)
    assert (found.verdict, found.facts) == (verdict, facts)


async def test_a_tray_program_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    found = await machine.look_at_tray(((str(tmp_path / "none"),), {}))
    assert found.facts is Unseen.TRAY_SILENT


@pytest.mark.linux("elsewhere there always is a display")
async def test_our_own_tray_program_needs_no_display_to_say_that_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert (await machine.look_at_tray()).facts is Unseen.NO_DISPLAY
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert (await machine.look_at_tray()).facts is Unseen.NO_DISPLAY


async def test_folders_are_tried_by_writing_and_left_as_they_were(paths: Paths) -> None:
    found = (await examined(Matter(paths)))[Check.FOLDERS]
    assert found.verdict is Verdict.OK
    assert list(paths.config.iterdir()) == []


async def test_a_folder_that_can_not_be_made_fails(tmp_path: Path, ring: Ring) -> None:
    del ring
    (tmp_path / "file").touch()
    paths = Paths.find({"TUNNELDESK_HOME": str(tmp_path / "file" / "home")})
    found = await examined(Matter(paths))
    assert found[Check.FOLDERS].verdict is Verdict.FAIL
    assert isinstance(found[Check.FOLDERS].facts, FoldersSeen)
    assert found[Check.DISK_SPACE].verdict is Verdict.OK


async def test_a_damaged_journal_is_told_with_the_name_it_was_given(paths: Paths) -> None:
    paths.state.mkdir(parents=True)
    paths.journal.write_text("{")
    found = (await examined(Matter(paths)))[Check.FOLDERS]
    assert found.verdict is Verdict.WARN
    assert isinstance(found.facts, FoldersSeen)
    assert [file.name.partition("-")[0] for file in found.facts.set_aside] == ["journal.damaged"]


async def test_a_full_disk_is_warned_of(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 49_000_000

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage)
    found = await machine.look_at_space(paths.state)
    assert found == Finding(Check.DISK_SPACE, Verdict.WARN, SpaceSeen(paths.state, 49_000_000))


async def test_what_an_earlier_run_has_left_is_found_and_not_touched(paths: Paths) -> None:
    held = Held(Account("https://s.example"), "t-1", "a.example", 3000, 20, 60, owner=None)
    Journal(paths.journal).change(lambda entries: type(entries)(held=(*entries.held, held)))
    found = (await examined(Matter(paths)))[Check.LEFTOVERS]
    assert found == Finding(Check.LEFTOVERS, Verdict.WARN, LeftoversSeen((), 1))
    assert Journal(paths.journal).read().held == (held,)


async def test_the_users_port_is_looked_at_when_it_is_named(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exposed, "_HANDSHAKE_LIMIT", 0.2)
    async with serving(kind) as server:
        port = int(server.rpartition(":")[2])
        found = (await examined(Matter(paths, port=port)))[Check.PORT]
    assert found == Finding(Check.PORT, Verdict.OK, PortSeen(port, ("127.0.0.1",)))
    gone = await exposed.look_at_port(port)
    assert gone == Finding(Check.PORT, Verdict.WARN, PortSeen(port))


async def test_a_port_that_speaks_tls_is_noticed(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    command = ["openssl", *made, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)  # noqa: ASYNC221 - nothing else runs yet
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    try:
        found = await exposed.look_at_port(port)
    finally:
        server.close()
        await server.wait_closed()
    assert found == Finding(Check.PORT, Verdict.WARN, PortSeen(port, ("127.0.0.1",), tls=True))


async def test_a_port_that_says_nothing_is_taken_for_a_slow_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exposed, "_HANDSHAKE_LIMIT", 0.2)
    async with serving(None) as server:
        found = await exposed.look_at_port(int(server.rpartition(":")[2]))
    assert found.verdict is Verdict.OK


async def test_a_public_address_is_looked_at_when_it_is_named(paths: Paths) -> None:
    async with serving(kind) as server:
        fine = (await examined(Matter(paths, address=f"{server}/healthz")))[Check.ADDRESS]
    away = (await examined(Matter(paths, address=server)))[Check.ADDRESS]
    assert fine.verdict is Verdict.OK
    assert away.verdict is Verdict.FAIL
    assert isinstance(away.facts, AddressSeen)


async def test_the_port_behind_an_address_of_ours_is_known(paths: Paths) -> None:
    async with serving(kind) as server:
        held = Held(Account("https://s.example"), "t-1", server.removeprefix("http://"), 3000, 20, 60, owner=None)
        Journal(paths.journal).change(lambda entries: type(entries)(held=(*entries.held, held)))
        ours = (await examined(Matter(paths, address=server)))[Check.ADDRESS].facts
        named = (await examined(Matter(paths, address=server, port=4000)))[Check.ADDRESS].facts
        strange = (await examined(Matter(paths, address="http://127.0.0.1:1")))[Check.ADDRESS].facts
    ports = [facts.port for facts in (ours, named, strange) if isinstance(facts, AddressSeen)]
    assert ports == [3000, 4000, None]
