"""A certificate authority nobody knows, and a server with a certificate of its."""

from __future__ import annotations

import socket
import socketserver
import ssl
import subprocess
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout")
_EXTENSIONS = "basicConstraints=critical,CA:FALSE\nsubjectAltName=IP:127.0.0.1\n"


def make(folder: Path) -> tuple[Path, Path]:
    """Make an authority, and a certificate of its own for 127.0.0.1 with its key; return both files."""
    folder.mkdir()
    authority, chain = folder / "authority.pem", folder / "chain.pem"
    request, key, authority_key = folder / "request.pem", folder / "key.pem", folder / "authority-key.pem"
    _openssl("req", "-x509", "-days", "2", "-subj", "/CN=Test authority", *_KEY, authority_key, "-out", authority)
    _openssl("req", "-new", "-subj", "/CN=localhost", *_KEY, key, "-out", request)
    extensions = folder / "extensions"
    extensions.write_text(_EXTENSIONS, encoding="ascii")
    signing = ("-CA", authority, "-CAkey", authority_key, "-set_serial", "2", "-extfile", extensions)
    _openssl("x509", "-req", "-days", "2", "-in", request, *signing, "-out", chain)
    chain.write_text(chain.read_text(encoding="ascii") + key.read_text(encoding="ascii"), encoding="ascii")
    return authority, chain


@contextmanager
def tls_in_front_of(server: str, chain: Path) -> Iterator[str]:
    """Take TLS connections for a server that speaks plain HTTP; the block gets the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    behind = urlsplit(server)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with (
                suppress(OSError),
                context.wrap_socket(self.request, server_side=True) as front,
                socket.create_connection((behind.hostname or "", behind.port or 0)) as back,
            ):
                answering = threading.Thread(target=_copy, args=(back, front))
                answering.start()
                _copy(front, back)
                answering.join()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        try:
            yield f"https://127.0.0.1:{listening.server_address[1]}"
        finally:
            listening.shutdown()
            thread.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    """Pass on all that comes, and its end."""
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def _openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)  # noqa: S607 - the system's
