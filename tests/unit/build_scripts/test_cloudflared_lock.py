"""The lock of cloudflared is written from what GitHub says of a release."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from build_scripts import update_cloudflared_lock as script
from tunneldesk.connector.release import Release

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A copy of the shipped lock."""
    copied = tmp_path / "lock.json"
    shutil.copy(script.LOCK, copied)
    return copied


def release(version: str = "2026.9.0", **changes: Any) -> dict[str, Any]:
    names = [asset.name for asset in Release.shipped().assets.values()]
    assets = [{"name": name, "digest": f"sha256:{number:064x}"} for number, name in enumerate(names)]
    other = {"name": "cloudflared-linux-arm", "digest": "sha256:" + "f" * 64}
    return {"tag_name": version, "assets": [other, *assets], **changes}


def run(lock: Path, tmp_path: Path, content: object, *arguments: str) -> int:
    metadata = tmp_path / "release.json"
    metadata.write_text(content if isinstance(content, str) else json.dumps(content))
    return script.main([*arguments, "--metadata", str(metadata), "--lock", str(lock)])


def test_the_digests_of_a_release_become_the_lock(
    lock: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(lock, tmp_path, release()) == 0
    locked = Release.read(lock)
    assert locked.version == "2026.9.0"
    assert set(locked.assets) == set(Release.shipped().assets)
    assert locked.assets["darwin-amd64"].sha256 == f"{0:064x}"
    assert locked.assets["windows-amd64"].sha256 == f"{4:064x}"
    assert f"{Release.shipped().version} -> 2026.9.0" in capsys.readouterr().out
    assert lock.read_bytes().endswith(b"}\n")


def test_a_file_without_a_digest_is_locked_as_one_not_to_be_downloaded(
    lock: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = release()
    told["assets"][1]["digest"] = None
    assert run(lock, tmp_path, told) == 0
    assert Release.read(lock).assets["darwin-amd64"].sha256 is None
    assert "no digest" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "arguments", "words"),
    [
        ("<html>", (), "not JSON"),
        ([], (), "not a release"),
        ({}, (), "tells of release None"),
        (release("latest"), (), "'latest'"),
        (release("../../x"), (), "tells of release"),
        (release("2026.8.0"), ("2026.9.0",), "not of 2026.9.0"),
        (release(assets=[]), (), "has no cloudflared-"),
        (release(assets=None), (), "has no cloudflared-"),
        (release(Release.shipped().version), (), "another digest"),
    ],
)
def test_what_makes_no_sense_leaves_the_lock_as_it_was(
    lock: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: object,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    before = lock.read_bytes()
    assert run(lock, tmp_path, content, *arguments) == 1
    assert words in capsys.readouterr().err
    assert lock.read_bytes() == before


@pytest.mark.parametrize("digest", ["sha512:" + "0" * 128, "sha256:xyz", 5])
def test_a_digest_of_another_kind_is_not_taken_for_one(lock: Path, tmp_path: Path, digest: object) -> None:
    told = release()
    told["assets"][2]["digest"] = digest
    assert run(lock, tmp_path, told) == 1


@pytest.fixture
def github() -> Iterator[tuple[str, list[str]]]:
    """A stand-in for GitHub's API: its address, and what it was asked for."""
    asked: list[str] = []

    class Api(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            known = self.path.endswith(("/latest", "/2026.9.0"))
            body = json.dumps(release()).encode() if known else b""
            self.send_response(200 if known else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Api) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()
        thread.join()


def test_github_is_asked_for_the_latest_or_for_the_one_that_is_named(
    lock: Path, github: tuple[str, list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    api, asked = github
    assert script.main(["--api", api, "--lock", str(lock)]) == 0
    assert script.main(["2026.9.0", "--api", api, "--lock", str(lock)]) == 0
    assert script.main(["2026.9.9", "--api", api, "--lock", str(lock)]) == 1
    assert script.main(["../evil", "--api", api, "--lock", str(lock)]) == 1
    where = "/repos/cloudflare/cloudflared/releases"
    assert asked == [f"{where}/latest", f"{where}/tags/2026.9.0", f"{where}/tags/2026.9.9"]
    assert "HTTP 404" in capsys.readouterr().err


def test_it_runs_as_a_script_with_nothing_installed(lock: Path, tmp_path: Path) -> None:
    metadata = tmp_path / "release.json"
    metadata.write_text(json.dumps(release()))
    command = [sys.executable, "-I", "-S", script.__file__, "--metadata", str(metadata), "--lock", str(lock)]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    assert Release.read(lock).version == "2026.9.0"
