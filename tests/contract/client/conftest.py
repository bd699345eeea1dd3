"""Servers made by hand, which do what no decent server does, and certificates to go with them."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tunneldesk.api.auth import FixedToken
from tunneldesk.api.client import ApiClient, TimeLimits
from tunneldesk.domain.secret import Secret
from tunneldesk.network import trust

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

    Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

TOKEN = "access-token-0451"


@dataclass
class HandmadeServer:
    """A listener on loopback.

    Attributes:
        port: Where it listens.
        requests: Heads and bodies of what it was asked, as they came.
        connections: How many were opened to it.
    """

    port: int = 0
    requests: list[str] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def request(self, reader: asyncio.StreamReader) -> str:
        """Read one request and remember it."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            (
                int(line.partition(":")[2])
                for line in head.splitlines()
                if line.lower().startswith("content-length:")
            ),
            0,
        )
        self.requests.append(head + (await reader.readexactly(length)).decode())
        return self.requests[-1]


@dataclass
class Workshop:
    """Makes servers, and takes them down at the end of the test."""

    stack: contextlib.AsyncExitStack

    async def serve(
        self, behave: Callable[[HandmadeServer], Behaviour], *, tls: ssl.SSLContext | None = None
    ) -> HandmadeServer:
        """Start a server that does with each connection what ``behave`` says, then closes it."""
        made = HandmadeServer()
        behaviour = behave(made)
        running: set[asyncio.Task[None]] = set()

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            made.connections += 1
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await behaviour(reader, writer)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(handle(reader, writer))
            running.add(task)
            self.stack.callback(writer.transport.abort)

        async def finish() -> None:
            server.close()
            await server.wait_closed()
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

        server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
        self.stack.push_async_callback(finish)
        made.port = server.sockets[0].getsockname()[1]
        return made

    async def answer(self, content: bytes, *, tls: ssl.SSLContext | None = None) -> HandmadeServer:
        """Start a server that answers the first request of each connection with these bytes and hangs up."""

        def behave(made: HandmadeServer) -> Behaviour:
            async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                await made.request(reader)
                writer.write(content)
                await writer.drain()

            return once

        return await self.serve(behave, tls=tls)

    def client(self, server: str, *, seconds: float = 5.0) -> ApiClient:
        """Return a client of ``server``, each call limited to so many seconds."""
        limits = TimeLimits(seconds, seconds, seconds, seconds, seconds)
        client = ApiClient(server, FixedToken(Secret(TOKEN)), limits=limits)
        self.stack.push_async_callback(client.aclose)
        return client


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    async with contextlib.AsyncExitStack() as stack:
        yield Workshop(stack)


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the tests' own."""

    certificate: Path
    issue: Callable[..., ssl.SSLContext]


@pytest.fixture(autouse=True)
def _trust_as_before() -> Iterator[None]:
    yield
    trust(None)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Make an authority whose certificates hold for loopback and `*.tunnel.localhost`."""
    pytest.importorskip("cryptography", reason="comes with the keyring library on Linux only")
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder = tmp_path_factory.mktemp("authority")
    now = datetime.now(UTC)

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    def certificate(subject: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder(subject_name=name(subject), public_key=key.public_key())
        return builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=2))

    root_key = ec.generate_private_key(ec.SECP256R1())
    root = (
        certificate("Tests' own authority", root_key)
        .issuer_name(name("Tests' own authority"))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    root_file = folder / "root.pem"
    root_file.write_bytes(root.public_bytes(serialization.Encoding.PEM))

    def issue(*, host: str = "localhost", expired: bool = False, self_signed: bool = False) -> ssl.SSLContext:
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [x509.DNSName(host), x509.DNSName("*.tunnel.localhost")]
        if host == "localhost":
            names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        issued = (
            certificate("server", key)
            .issuer_name(name("server") if self_signed else root.subject)
            .not_valid_after(now - timedelta(days=1) if expired else now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(key if self_signed else root_key, hashes.SHA256())
        )
        file = folder / f"{x509.random_serial_number()}.pem"
        pem = serialization.Encoding.PEM
        file.write_bytes(
            key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            + issued.public_bytes(pem)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    return Authority(root_file, issue)
