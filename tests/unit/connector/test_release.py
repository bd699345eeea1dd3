"""What the lock of cloudflared says, and which of its files is for this machine."""

from __future__ import annotations

import json
import platform
from typing import TYPE_CHECKING, Any

import pytest

from tunneldesk.connector.release import Asset, Release, this_machine
from tunneldesk.domain.errors import ConnectorDownloadError, ErrorCode
from tunneldesk.presentation.reasons import said

if TYPE_CHECKING:
    from pathlib import Path


def test_the_shipped_lock_names_a_file_for_every_system() -> None:
    release = Release.shipped()
    assert set(release.assets) == {"linux-amd64", "linux-arm64", "windows-amd64", "darwin-amd64", "darwin-arm64"}
    assert {len(bytes.fromhex(release.find(key)[1])) for key in release.assets} == {32}
    asset, _ = release.find("linux-amd64")
    base = "https://github.com/cloudflare/cloudflared/releases"
    assert release.address(asset) == f"{base}/download/{release.version}/cloudflared-linux-amd64"
    assert release.address(asset, "https://mirror.example").startswith("https://mirror.example/cloudflare/")
    assert release.page == f"{base}/tag/{release.version}"
    assert {key for key, asset in release.assets.items() if asset.packed} == {"darwin-amd64", "darwin-arm64"}


@pytest.mark.parametrize("key", ["darwin-arm64", "freebsd-amd64"])
def test_what_nobody_can_verify_is_not_offered(key: str) -> None:
    release = Release("2026.7.1", {"darwin-arm64": Asset("cloudflared-darwin-arm64.tgz", None)})
    assert release.offered(key) is None
    assert Release.shipped().offered("linux-amd64") == Release.shipped().version
    with pytest.raises(ConnectorDownloadError) as caught:
        release.find(key)
    assert caught.value.failure.code is ErrorCode.CONNECTOR_NO_DOWNLOAD
    assert release.page in said(caught.value.failure)


@pytest.mark.parametrize(
    ("system", "machine", "key"),
    [
        ("Linux", "x86_64", "linux-amd64"),
        ("Linux", "aarch64", "linux-arm64"),
        ("Linux", "riscv64", "linux-riscv64"),
        ("Darwin", "arm64", "darwin-arm64"),
        ("Darwin", "x86_64", "darwin-amd64"),  # or an arm64 Mac, seen through Rosetta
        ("Windows", "AMD64", "windows-amd64"),
        ("Windows", "ARM64", "windows-amd64"),  # emulated
    ],
)
def test_each_machine_has_its_kind(monkeypatch: pytest.MonkeyPatch, system: str, machine: str, key: str) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert this_machine() == key


GOOD: dict[str, Any] = {
    "version": "2026.7.1",
    "assets": {"linux-amd64": {"name": "cloudflared", "sha256": "0" * 64}},
}


@pytest.mark.parametrize(
    "content",
    [
        "not JSON",
        [],
        {},
        {**GOOD, "version": 2026},
        {**GOOD, "version": "../../../evil/1.2.3"},
        {**GOOD, "assets": []},
        {**GOOD, "assets": {"linux-amd64": "cloudflared"}},
        {**GOOD, "assets": {"linux-amd64": {"name": "cloudflared"}}},
        {**GOOD, "assets": {"linux-amd64": {"name": "../cloudflared", "sha256": None}}},
        {**GOOD, "assets": {"linux-amd64": {"name": "cloudflared", "sha256": "abc"}}},
        {**GOOD, "assets": {"linux-amd64": {"name": "cloudflared", "sha256": "A" * 64}}},
    ],
)
def test_a_lock_that_is_none_is_refused(tmp_path: Path, content: object) -> None:
    lock = tmp_path / "lock.json"
    lock.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(ValueError, match=r"lock|release|Expecting"):
        Release.read(lock)
    lock.write_text(json.dumps(GOOD))
    assert Release.read(lock).version == "2026.7.1"
