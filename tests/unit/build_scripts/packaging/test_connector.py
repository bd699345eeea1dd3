"""cloudflared is packed where it can be had, and never another than the one that is locked."""

from __future__ import annotations

import hashlib
import http.server
import re
import runpy
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from build_scripts import package
from build_scripts.packaging import connector, frozen
from build_scripts.progress import SetUpError
from tunneldesk.connector.install import MIRROR_VARIABLE
from tunneldesk.connector.locate import PROGRAM_NAME, locate
from tunneldesk.connector.release import Asset, Release, this_machine

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[4]
VERSION = "2026.7.1"
PROGRAM = f"#!/bin/sh\necho 'cloudflared version {VERSION} (built then)'\n".encode()

pytestmark = pytest.mark.posix("a shell script passes for cloudflared")


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Serves the program, whatever is asked for, in GitHub's place."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(PROGRAM)))
            self.end_headers()
            self.wfile.write(PROGRAM)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv(MIRROR_VARIABLE, f"http://127.0.0.1:{server.server_address[1]}")
        yield
        server.shutdown()
        thread.join()


def locked(sha256: str) -> Release:
    return Release(VERSION, {this_machine(): Asset("cloudflared-linux", sha256)})


@pytest.mark.usefixtures("mirror")
def test_the_locked_one_is_fetched_and_can_be_run(tmp_path: Path) -> None:
    program = connector.fetch(tmp_path, release=locked(hashlib.sha256(PROGRAM).hexdigest()))

    assert program is not None
    assert program.read_bytes() == PROGRAM


@pytest.mark.usefixtures("mirror")
def test_another_one_ends_the_build(tmp_path: Path) -> None:
    with pytest.raises(SetUpError, match=r"not the one that is locked\. .* has the digest"):
        connector.fetch(tmp_path, release=locked("0" * 64))


def test_without_a_network_the_build_goes_on_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(MIRROR_VARIABLE, "http://127.0.0.1:1")

    assert connector.fetch(tmp_path, release=locked("0" * 64)) is None
    assert "left out. The connection to 127.0.0.1 failed" in "".join(capsys.readouterr())


def test_a_build_that_must_have_it_ends_without_a_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(MIRROR_VARIABLE, "http://127.0.0.1:1")

    words = ["--require-connector", f"--out={tmp_path / 'out'}", f"--work={tmp_path / 'work'}"]
    monkeypatch.setattr(package, "ensure_for_packages", lambda: None)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")

    assert package.main(words) == 1
    assert (
        "cloudflared is to be packed, and can't be. The connection to 127.0.0.1 failed" in capsys.readouterr().err
    )
    assert list((tmp_path / "out").iterdir()) == []


def test_a_release_is_never_built_without_it() -> None:
    workflow = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")

    built = re.findall(r"dev\.py package\b((?:.*\\\n)*.*)", workflow)
    assert len(built) == 2
    assert all("--require-connector" in words for words in built)


class Frozen:
    """What PyInstaller gives a spec to work with, less PyInstaller: remembers what is collected."""

    def __init__(self) -> None:
        self.collected: list[tuple[str, str, str]] = []

    def names(self) -> dict[str, Any]:
        """The names that a spec finds."""
        return {
            "SPECPATH": str(frozen.SPEC.parent),
            "Analysis": lambda *_, **__: SimpleNamespace(binaries=[], datas=[], scripts=[], pure=[]),
            "PYZ": lambda *_: None,
            "EXE": lambda *_, **__: None,
            "COLLECT": self._collect,
            "BUNDLE": lambda *_, **__: None,
        }

    def _collect(self, *parts: Any, **_: object) -> None:
        self.collected = [entry for part in parts if part for entry in part]


@pytest.mark.parametrize("packed", [True, False])
def test_what_was_fetched_is_packed_beside_the_libraries_with_its_licence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    program = tmp_path / PROGRAM_NAME
    program.write_bytes(PROGRAM)
    resources = tmp_path / "resources"
    resources.mkdir()
    monkeypatch.setenv("TUNNELDESK_BUILD_RESOURCES", str(resources))
    monkeypatch.delenv(connector.PROGRAM_VARIABLE, raising=False)
    if packed:
        monkeypatch.setenv(connector.PROGRAM_VARIABLE, str(program))
    monkeypatch.setattr(sys, "path", [*sys.path])
    build = Frozen()

    runpy.run_path(str(frozen.SPEC), init_globals=build.names())

    entry = (PROGRAM_NAME, str(program), "BINARY")
    assert (entry in build.collected) is packed
    assert len([name for name, _, kind in build.collected if kind == "BINARY"]) == packed
    assert ("cloudflared" in (resources / "notices.txt").read_text(encoding="utf-8")) is packed


async def test_the_packed_one_is_found_by_the_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "_internal" / PROGRAM_NAME
    packed.parent.mkdir()
    packed.write_bytes(PROGRAM)
    packed.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(packed.parent), raising=False)
    monkeypatch.setattr("tunneldesk.connector.locate._USUAL_PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))

    found = await locate(server="https://api.example.com", chosen=None)

    assert found.cloudflared is not None
    assert found.cloudflared.argv == (str(packed),)
