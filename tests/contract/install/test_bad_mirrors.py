"""Whatever a mirror or a disk does: nothing unverified is run, nothing half-done stays, nothing is lost."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.contract.install.mirror import VERSION, hang, head, program, refused, writes
from tunneldesk.connector import download
from tunneldesk.connector.install import Installer
from tunneldesk.domain.errors import ConnectorDownloadError, ErrorCode
from tunneldesk.presentation.reasons import said

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.contract.install.mirror import Answer, Case, Mirror

FAILED = ErrorCode.CONNECTOR_DOWNLOAD_FAILED

pytestmark = pytest.mark.posix("a shell script passes for cloudflared")


async def go_on_for_ever(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"#" * 65536)
        await writer.drain()


# What came is not what was meant to come


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(
    "content",
    [
        pytest.param(program() + b"x", id="a byte more"),
        pytest.param(program()[:-1], id="a byte less"),
        pytest.param(b"<!doctype html><title>Sign in to this network</title>", id="a web page"),
        pytest.param(b"", id="nothing"),
        pytest.param(
            b"#!/bin/sh\ntouch \"$0.was-run\"\necho 'cloudflared version 2026.7.1'\n", id="another program"
        ),
    ],
)
async def test_what_is_not_the_file_of_the_lock_is_thrown_away_and_never_run(
    case: Case, mirror: Mirror, content: bytes
) -> None:
    mirror.serve(case.path, content)
    code, message = await refused(case)
    assert code is ErrorCode.CONNECTOR_DIGEST_MISMATCH
    assert case.release.assets["linux-amd64"].sha256 in message  # type: ignore[operator]
    assert not list(case.folder.glob("**/*was-run"))


async def test_a_file_without_a_known_digest_is_not_even_asked_for(case: Case, mirror: Mirror) -> None:
    case.serve()
    for machine, release in (("plan9-mips", case.release), ("linux-amd64", _without_digest(case))):
        installer = Installer(case.folder, case.transport, mirror=mirror.origin, release=release, machine=machine)
        assert installer.offered is None
        with pytest.raises(ConnectorDownloadError) as caught:
            await installer.install(case.told.append)
        assert caught.value.failure.code is ErrorCode.CONNECTOR_NO_DOWNLOAD
        page = "https://github.com/cloudflare/cloudflared/releases/tag/2026.7.1"
        assert page in said(caught.value.failure)
    assert case.installer.offered == VERSION
    assert (mirror.asked, case.told, case.left()) == ([], [], set())


def _without_digest(case: Case) -> Any:
    asset = case.release.assets["linux-amd64"]
    return replace(case.release, assets={"linux-amd64": replace(asset, sha256=None)})


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (program("2026.7.2"), "is 2026.7.2, and not 2026.7.1"),
        (b"\x7fELF\x02\x01\x01" + bytes(100), "does not run in"),
        (b"#!/bin/sh\nexit 3\n", "does not run in"),
    ],
    ids=["another version", "another machine", "no cloudflared"],
)
async def test_the_right_file_that_does_not_work_here_is_not_put_in_place(
    case: Case, content: bytes, words: str
) -> None:
    other = replace(case, content=content)
    other.serve()
    code, message = await refused(other)
    assert code is FAILED
    assert words in message


# Answers


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(writes(head("404 Not Found", Content_Length=0)), "HTTP 404", id="missing"),
        pytest.param(writes(head("503 Busy", Content_Length=0)), "HTTP 503", id="busy"),
        pytest.param(writes(head("204 No Content")), "HTTP 204", id="no content"),
        pytest.param(
            writes(head("206 Partial", Content_Length=1, Content_Range="bytes 0-0/9"), b"#"),
            "HTTP 206",
            id="a part",
        ),
        pytest.param(writes(head("304 Not Modified")), "HTTP 304", id="redirect to nowhere"),
        pytest.param(writes(head("200 OK", Content_Length=9_000), b"#!/bin/sh"), "failed", id="cut off"),
        pytest.param(
            writes(head("200 OK", Transfer_Encoding="chunked"), b"5\r\n#!/bi\r\n"), "failed", id="cut off, chunked"
        ),
        pytest.param(writes(b"SSH-2.0-OpenSSH_9.2\r\n"), "failed", id="not HTTP"),
        pytest.param(writes(), "failed", id="hangs up"),
        pytest.param(writes(head("200 OK", Content_Length=300_000_000)), "too large", id="says too large"),
        pytest.param(writes(head("200 OK", Content_Length="9" * 30)), "failed", id="says absurdly large"),
        pytest.param(writes(head("200 OK", X_Long="x" * 200_000)), "failed", id="endless header"),
    ],
)
async def test_an_answer_that_is_not_the_file_says_what_it_was(
    case: Case, mirror: Mirror, answer: Answer, words: str
) -> None:
    mirror.answers[case.path] = answer
    code, message = await refused(case)
    assert code is FAILED
    assert words in message
    assert "127.0.0.1" in message


@pytest.mark.usefixtures("old")
async def test_an_endless_file_comes_to_an_end(case: Case, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "SIZE_MAX", 2_000_000)
    mirror.answers[case.path] = writes(head("200 OK", Connection="close"), then=go_on_for_ever)
    assert await refused(case) == (FAILED, "What 127.0.0.1 sends is too large to be cloudflared.")
    assert case.told[-1].received <= 2_000_000


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(
    "parts",
    [(), (b"HTTP/1.1 200 OK\r\n",), (head("200 OK", Content_Length=9_000), b"#!/bin/sh")],
    ids=["no answer", "half a head", "half a file"],
)
async def test_a_mirror_that_hangs_is_given_up(
    case: Case, mirror: Mirror, monkeypatch: pytest.MonkeyPatch, parts: tuple[bytes, ...]
) -> None:
    monkeypatch.setattr(download, "_IDLE", 0.3)
    mirror.answers[case.path] = writes(*parts, then=hang)
    assert await refused(case) == (FAILED, "127.0.0.1 did not answer, or stopped in the middle.")


@pytest.mark.usefixtures("old")
async def test_a_slow_mirror_is_waited_for_as_long_as_something_comes(
    case: Case, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "_IDLE", 0.4)

    async def trickle(writer: asyncio.StreamWriter) -> None:
        for _ in range(8):
            writer.write(b"#")
            await writer.drain()
            await asyncio.sleep(0.1)

    mirror.answers[case.path] = writes(head("200 OK", Content_Length=8), then=trickle)
    assert (await refused(case))[0] is ErrorCode.CONNECTOR_DIGEST_MISMATCH  # it was read to its end


async def test_nobody_there_is_told(case: Case) -> None:
    case.mirror.origin = "http://127.0.0.1:1"
    code, message = await refused(case)
    assert code is FAILED
    assert "connection to 127.0.0.1 failed" in message
    assert case.left() == set()


# Redirects


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://releases.example.com/x", "not a secure address"),
        ("ftp://127.0.0.1/x", "not a secure address"),
        ("file:///etc/passwd", "not a secure address"),
        ("javascript:alert(1)", "failed"),
        ("http://[::bad", "failed"),
        ("https://127.0.0.1:1/x", "failed"),
    ],
)
async def test_a_redirect_to_what_can_not_be_trusted_ends_it(
    case: Case, mirror: Mirror, location: str, words: str
) -> None:
    mirror.send_on(case.path, location)
    code, message = await refused(case)
    assert code is FAILED
    assert words in message


@pytest.mark.usefixtures("old")
async def test_redirects_in_a_circle_come_to_an_end(case: Case, mirror: Mirror) -> None:
    mirror.send_on(case.path, case.path)
    assert "without end" in (await refused(case))[1]
    assert len(mirror.asked) == 6


@pytest.fixture(scope="session")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's TLS with a certificate of nobody's."""
    openssl = shutil.which("openssl") or pytest.skip("openssl makes the certificate")
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    made = subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-keyout", "-", "-out", "-"],
        capture_output=True,
        check=True,
    )
    file.write_bytes(made.stdout)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@pytest.fixture
async def secure(case: Case, listen: Callable[..., Awaitable[Mirror]], self_signed: ssl.SSLContext) -> Case:
    """The same installation from a mirror with TLS."""
    mirror = await listen(self_signed)
    return replace(case, mirror=mirror)


async def test_a_certificate_that_does_not_hold_ends_it(secure: Case) -> None:
    secure.serve()
    code, message = await refused(secure)
    assert code is FAILED
    assert "its certificate does not hold (self" in message
    assert secure.mirror.asked == []


async def test_no_redirect_leads_from_https_to_http_not_even_on_this_computer(secure: Case, mirror: Mirror) -> None:
    def trusting(_address: str) -> httpx.AsyncBaseTransport:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return httpx.AsyncHTTPTransport(verify=context)

    trusted = replace(secure, transport=trusting)
    mirror.serve("/blob", trusted.content)
    trusted.mirror.send_on(trusted.path, f"{mirror.origin}/blob")
    assert "not a secure address" in (await refused(trusted))[1]
    assert mirror.asked == []
    trusted.serve()
    await trusted.install()


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("http://mirror.example", "this computer only"),
        ("https://mirror.example/github", "only a host"),
        ("https://user:secret@mirror.example", "does not belong"),
        ("gopher://mirror.example", "gopher"),
        ("not an address", "not a web address"),
    ],
)
async def test_a_mirror_that_can_not_be_one_is_said(case: Case, origin: str, words: str) -> None:
    case.mirror.origin = origin
    code, message = await refused(case)
    assert code is FAILED
    assert "TUNNELDESK_CLOUDFLARED_MIRROR" in message
    assert words in message
