"""The small web server that the demo puts on a public address: one page that shows it is alive."""

from __future__ import annotations

import html
import json
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

PAGE = Path(__file__).with_name("sample_page") / "index.html"


class SampleServer(ThreadingHTTPServer):
    """Serves the sample page on a free port of this machine, in threads of its own, until it is closed.

    Args:
        tick: Seconds between two events on `/events`.
    """

    daemon_threads = True

    def __init__(self, tick: float = 1.0) -> None:
        self.tick = tick
        self.closing = threading.Event()
        self._visits = 0
        self._visits_lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)
        self._thread = threading.Thread(target=self.serve_forever, name="sample page", daemon=True)

    @property
    def port(self) -> int:
        """The port it was given."""
        return int(self.server_address[1])

    @property
    def visits(self) -> int:
        """How often the page has been served."""
        with self._visits_lock:
            return self._visits

    def count_visit(self) -> int:
        """Count one more visit and return the count."""
        with self._visits_lock:
            self._visits += 1
            return self._visits

    def __enter__(self) -> SampleServer:
        """Start answering."""
        self._thread.start()
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop answering and free the port."""
        self.closing.set()
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: SampleServer

    def do_GET(self) -> None:
        """Serve the page, or the stream that keeps it moving."""
        path = self.path.partition("?")[0]
        if path == "/":
            self._send_page()
        elif path == "/events":
            self._send_events()
        else:
            self.send_error(HTTPStatus.NOT_FOUND, explain="The sample page has nothing under this address.")

    def do_HEAD(self) -> None:
        """Answer as to GET, without the page."""
        self.do_GET()

    def log_message(self, *_arguments: object) -> None:
        """Stay silent: the terminal belongs to TunnelDesk."""

    def _send_page(self) -> None:
        page = Template(PAGE.read_text(encoding="utf-8")).substitute(
            address=html.escape(self.headers.get("Host", "")),
            port=self.server.port,
            served_at=time.strftime("%H:%M:%S"),
            visits=self.server.count_visit() if self.command == "GET" else self.server.visits,
        )
        body = page.encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def _send_events(self) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        # The stream has no known length, so its end is the connection's end.
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "GET":
            return
        try:
            while not self.server.closing.is_set():
                event = json.dumps({"time": time.strftime("%H:%M:%S"), "visits": self.server.visits})
                self.wfile.write(f"data: {event}\n\n".encode())
                self.server.closing.wait(self.server.tick)
        except ConnectionError:
            return  # the visitor has left
