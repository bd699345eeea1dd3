"""The frozen program does what the source tree does: one smoke test for both, and what only freezing can break."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from build_scripts.packaging import frozen
from tests.desktop import Desktop, plain_environ, wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import StartBackend
    from tests.packaging.conftest import Packages

ROOT = Path(__file__).resolve().parents[2]
SMOKE = ROOT / "build_scripts" / "packaging" / "smoke.py"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packaging"), pytest.mark.timeout(600)]

MOST_INSTALLED = 140_000_000
MOST_TO_DOWNLOAD = 45_000_000


@pytest.fixture(params=["frozen", "source"])
def command(request: pytest.FixtureRequest, packages: Packages) -> list[str]:
    """How TunnelDesk is started: the frozen program, and the source tree."""
    if request.param == "frozen":
        return [str(packages.folder / "tunneldesk")]
    return [sys.executable, "-m", "tunneldesk"]


@pytest.fixture
def run(packages: Packages, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command of the frozen program."""

    def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(packages.folder / "tunneldesk"), *words],
            env={**plain_environ(), "TUNNELDESK_HOME": str(tmp_path / "home"), **environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def test_the_main_job_is_done_from_start_to_end_in_terminal_and_tray(command: list[str], desktop: Desktop) -> None:
    smoke = subprocess.run(
        [sys.executable, SMOKE, "--tray", "--", *command],
        cwd=ROOT,
        env=desktop.environ,
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
    )

    assert smoke.returncode == 0, smoke.stdout


def test_it_keeps_within_its_budget(packages: Packages) -> None:
    cloudflared = sum(
        size for name, size in frozen.sizes_of(packages.folder) if name.startswith("_internal/cloudflared")
    )
    installed = sum(size for _, size in frozen.sizes_of(packages.folder))

    assert installed - cloudflared <= MOST_INSTALLED
    for package in (packages.deb, packages.rpm, packages.archive):
        assert package.stat().st_size - cloudflared <= MOST_TO_DOWNLOAD, package.name


def test_what_takes_the_space_is_printed_with_the_twenty_largest_files(packages: Packages) -> None:
    after = packages.said.split("in all; the largest files:\n")[1]

    assert len([line for line in after.splitlines() if "_internal/" in line or line.endswith("tunneldesk")]) >= 20


def test_nothing_of_qt_is_there_that_nobody_uses(packages: Packages) -> None:
    names = " ".join(path.name.lower() for path in packages.folder.rglob("*"))

    for unused in ("qml", "quick", "gtk", "designer", "pdf", "sql.abi3", "virtualkeyboard", "qt_help"):
        assert unused not in names, unused


def test_no_link_leads_nowhere(packages: Packages) -> None:
    assert [path for path in packages.folder.rglob("*") if path.is_symlink() and not path.exists()] == []


def test_the_versions_of_the_parts_are_known(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    said = run("--version", "--verbose").stdout

    assert "not installed" not in said
    assert "Qt 6." in said


def test_notices_come_with_the_program_and_name_qt(packages: Packages) -> None:
    notices = (packages.folder / "_internal/tunneldesk/_resources/notices.txt").read_text(encoding="utf-8")

    assert "GNU LESSER GENERAL PUBLIC LICENSE" in notices
    for name in ("PySide6_Essentials", "Python", "httpx", "keyring", "libffi8"):
        assert f"\n{name} " in notices


def test_without_a_keyring_no_token_is_kept_and_it_is_said(
    packages: Packages, start_backend: StartBackend, tmp_path: Path
) -> None:
    server = start_backend()

    done = subprocess.run(
        [str(packages.folder / "tunneldesk"), "sign-in", "--token-stdin", "--server", server.api_url],
        env={
            **plain_environ(),
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            "TUNNELDESK_HOME": str(tmp_path / "home"),
            "XDG_RUNTIME_DIR": str(tmp_path),
        },
        input=server.token,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode != 0
    assert "keyring" in done.stderr


def test_a_token_is_kept_in_the_systems_keyring(
    packages: Packages, start_backend: StartBackend, tmp_path: Path
) -> None:
    server = start_backend()
    program = packages.folder / "tunneldesk"
    script = f"""
        printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null
        printf %s "$TOKEN" | "{program}" sign-in --token-stdin --server {server.api_url} && "{program}" list
    """

    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script],  # noqa: S607 - one of the tests' programs
        env={
            **plain_environ(),
            "HOME": str(tmp_path),
            "TOKEN": server.token,
            "TUNNELDESK_HOME": str(tmp_path / "home"),
            "XDG_RUNTIME_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert "There are no tunnels." in done.stdout, done.stderr


def test_children_find_the_systems_libraries_and_none_of_ours(packages: Packages, tmp_path: Path) -> None:
    connector = tmp_path / "cloudflared"
    seen = tmp_path / "seen"
    connector.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "cloudflared version 2026.8.2 (built x)" && exit\n'
        f'env > "{seen}.part" && mv "{seen}.part" "{seen}"\nexec sleep 60\n',
        encoding="utf-8",
    )
    connector.chmod(0o755)

    environ = {
        **plain_environ(),
        "TUNNELDESK_CLOUDFLARED": str(connector),
        "TUNNELDESK_HOME": str(tmp_path / "home"),
    }
    argv = [str(packages.folder / "tunneldesk"), "expose", "9", "--demo"]
    with subprocess.Popen(argv, env=environ, stdout=subprocess.DEVNULL) as running:
        wait_for("the connector", seen.exists)
        running.terminate()

    environ = dict(line.split("=", 1) for line in seen.read_text(encoding="utf-8").splitlines() if "=" in line)
    leaked = [name for name, value in environ.items() if str(packages.folder) in value or name.startswith("_PYI_")]
    assert leaked == []
    assert "LD_LIBRARY_PATH" not in environ


def test_a_companys_own_certificate_is_trusted_where_the_system_trusts_it(
    run: Callable[..., subprocess.CompletedProcess[str]], start_backend: StartBackend, tmp_path: Path
) -> None:
    authority, chain = certificates(tmp_path)
    server = start_backend()
    statuses = []
    with tls_in_front_of(server.api_url, chain) as address:
        for trusted in (authority, Path("/etc/ssl/certs/ca-certificates.crt")):
            environ = {"SSL_CERT_FILE": str(trusted), "SSL_CERT_DIR": "/nonexistent"}
            said = run("list", "--server", address, TUNNELDESK_ACCESS_TOKEN=server.token, **environ)
            statuses.append(said.returncode)

    assert statuses == [0, 6]  # as asked; server not reachable


@contextlib.contextmanager
def tls_in_front_of(api_url: str, chain: Path) -> Iterator[str]:
    """Take TLS connections for a server that speaks plain HTTP; the address is the block's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    behind = urlsplit(api_url)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with (
                contextlib.suppress(OSError),
                context.wrap_socket(self.request, server_side=True) as front,
                socket.create_connection((behind.hostname or "", behind.port or 0)) as back,
            ):
                answering = threading.Thread(target=copy, args=(back, front))
                answering.start()
                copy(front, back)
                answering.join()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def copy(source: socket.socket, target: socket.socket) -> None:
    """Pass on all that comes, and its end."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def certificates(folder: Path) -> tuple[Path, Path]:
    """Make a certificate authority, and a certificate of its own for localhost with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    now = datetime.datetime.now(datetime.UTC)

    def name(common: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])

    def unsigned(subject: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name(subject))
            .issuer_name(name("Test authority"))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
        )

    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = (
        unsigned("Test authority", authority_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    alternatives = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    certificate = unsigned("localhost", key).add_extension(alternatives, critical=False)
    certificate = certificate.sign(authority_key, hashes.SHA256())  # type: ignore[assignment]
    pem = serialization.Encoding.PEM
    (folder / "authority.pem").write_bytes(authority.public_bytes(pem))
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "chain.pem").write_bytes(certificate.public_bytes(pem) + secret)  # type: ignore[attr-defined]
    return folder / "authority.pem", folder / "chain.pem"
