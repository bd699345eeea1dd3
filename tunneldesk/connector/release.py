"""The release of cloudflared that is downloaded: its version, its files, and what each must hash to."""

from __future__ import annotations

import json
import platform
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from tunneldesk.domain.errors import ConnectorDownloadError, ErrorCode, Failure
from tunneldesk.domain.reasons import Because, Reason
from tunneldesk.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ORIGIN = "https://github.com"
"""Where releases are; a mirror takes the place of this and of nothing after it."""

_REPOSITORY = "cloudflare/cloudflared"
_VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PROCESSORS = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of a release.

    Attributes:
        name: Its file name.
        sha256: What it hashes to, in hexadecimal; None where that is not known, so that it is never downloaded.
    """

    name: str
    sha256: str | None

    @property
    def packed(self) -> bool:
        """Whether the program is inside an archive, as it is for macOS."""
        return self.name.endswith(".tgz")


@dataclass(frozen=True, slots=True)
class Release:
    """What the lock file says.

    Attributes:
        version: The release, which is also its tag.
        assets: Its files, by the system and processor they are for, such as ``linux-amd64``.
    """

    version: str
    assets: Mapping[str, Asset]

    @classmethod
    def shipped(cls) -> Self:
        """Return the one this TunnelDesk was shipped with."""
        return cls.read(resource("cloudflared-lock.json"))

    @classmethod
    def read(cls, lock: Path) -> Self:
        """Return what is in a lock file.

        Raises:
            ValueError: It is not a lock file: both its names become part of an address.
        """
        content = json.loads(lock.read_text(encoding="utf-8"))
        try:
            version = content["version"]
            assets = {key: Asset(asset["name"], asset["sha256"]) for key, asset in content["assets"].items()}
            fits = _VERSION.fullmatch(version) and all(
                _NAME.fullmatch(asset.name) and (asset.sha256 is None or _SHA256.fullmatch(asset.sha256))
                for asset in assets.values()
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"{lock} is not a lock of cloudflared.") from error
        if not fits:
            raise ValueError(f"{lock} names something that can't be part of a release.")
        return cls(version, assets)

    @property
    def page(self) -> str:
        """Where a person finds it."""
        return f"{ORIGIN}/{_REPOSITORY}/releases/tag/{self.version}"

    def address(self, asset: Asset, origin: str = ORIGIN) -> str:
        """Return where a file of it is, at GitHub or at a mirror."""
        return f"{origin}/{_REPOSITORY}/releases/download/{self.version}/{asset.name}"

    def offered(self, key: str) -> str | None:
        """Return the version that a kind of machine can download; None where only a person can judge one."""
        try:
            self.find(key)
        except ConnectorDownloadError:
            return None
        return self.version

    def find(self, key: str) -> tuple[Asset, str]:
        """Return the file for a kind of machine, and what it hashes to.

        Raises:
            ConnectorDownloadError: CONNECTOR_NO_DOWNLOAD: there is none, or none that can be verified.
        """
        asset = self.assets.get(key)
        if asset is None or asset.sha256 is None:
            facts = {"version": self.version, "machine": key, "page": self.page}
            because = Because(Reason.DOWNLOAD_UNVERIFIABLE, facts)
            raise ConnectorDownloadError(Failure(ErrorCode.CONNECTOR_NO_DOWNLOAD, because=(because,)))
        return asset, asset.sha256


def this_machine() -> str:
    """Return the kind of this machine, as the assets are named.

    What a system emulates will do: an x86 build of ours on an arm64 Mac (Rosetta) finds itself on x86 and gets the
    program for it, and Windows on arm64, for which there is none, gets the one for x86.
    """
    system = platform.system().lower()
    machine = platform.machine().lower()
    processor = _PROCESSORS.get(machine, machine)
    return "windows-amd64" if (system, processor) == ("windows", "arm64") else f"{system}-{processor}"
