"""Writes resources/cloudflared-lock.json anew from what GitHub says of a release of cloudflared.

The app and the packages take only files whose digests are in that lock. GitHub gives them with each release since
June 2025; where it gives none, the lock holds null, and that file is not downloaded. Needs nothing but Python:

    python3 build_scripts/update_cloudflared_lock.py [VERSION]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "resources" / "cloudflared-lock.json"
API = "https://api.github.com"

_ANSWER_MAX = 4 * 1024 * 1024
_LIMIT = 30.0
_VERSION = re.compile(r"\d{4}\.\d{1,2}\.\d{1,3}", re.ASCII)
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})", re.ASCII)


class NotUpdatedError(Exception):
    """Why the lock is as it was."""


def main(arguments: list[str] | None = None) -> int:
    """Update the lock; return the exit status."""
    parser = argparse.ArgumentParser(description="Update the lock of cloudflared from GitHub's release metadata.")
    parser.add_argument("version", nargs="?", help="release to lock (default: the latest)")
    parser.add_argument("--metadata", type=Path, metavar="FILE", help="read this instead of asking GitHub")
    parser.add_argument("--api", default=API, metavar="URL", help=argparse.SUPPRESS)
    parser.add_argument("--lock", type=Path, default=LOCK, metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        before = json.loads(options.lock.read_text(encoding="utf-8"))
        release = _parsed(options.metadata.read_bytes() if options.metadata else _ask(options.api, options.version))
        after = updated(before, release, options.version)
        _write(options.lock, after)
    except (NotUpdatedError, OSError) as error:
        print(f"The lock was not updated: {error}", file=sys.stderr)
        return 1
    for key, asset in after["assets"].items():
        print(f"{key:<14} {asset['sha256'] or 'no digest: not downloaded'}")
    print(f"cloudflared {before['version']} -> {after['version']}")
    return 0


def updated(before: dict[str, Any], release: dict[str, Any], version: str | None = None) -> dict[str, Any]:
    """Return the lock for a release, with the same files as before.

    Args:
        before: The lock as it is.
        release: What GitHub's API says of the release.
        version: The release that was asked for; None for whichever it is.

    Raises:
        NotUpdatedError: It is not that release, lacks a file, or says of a version that is locked already something
            else than what was locked.
    """
    tag = release.get("tag_name")
    if not isinstance(tag, str) or not _VERSION.fullmatch(tag) or tag != (version or tag):
        raise NotUpdatedError(f"GitHub tells of release {tag!r}, not of {version or 'one'}.")
    given = {asset.get("name"): asset.get("digest") for asset in release.get("assets") or []}
    assets = {}
    for key, asset in before["assets"].items():
        name, was = asset["name"], asset["sha256"]
        if name not in given:
            raise NotUpdatedError(f"Release {tag} has no {name}.")
        sha256 = _sha256(name, given[name])
        if tag == before["version"] and was is not None and sha256 != was:
            raise NotUpdatedError(
                f"{name} of {tag} is locked with another digest. A release does not change; ask why."
            )
        assets[key] = {"name": name, "sha256": sha256}
    return {"version": tag, "assets": assets}


def _sha256(name: str, digest: object) -> str | None:
    if digest is None:
        return None
    found = _DIGEST.fullmatch(digest) if isinstance(digest, str) else None
    if found is None:
        raise NotUpdatedError(f"The digest of {name} is of an unknown kind.")
    return found[1]


def _ask(api: str, version: str | None) -> bytes:
    if version is not None and not _VERSION.fullmatch(version):
        raise NotUpdatedError(f"{version!r} is no version of cloudflared, such as 2026.8.2.")
    which = f"tags/{version}" if version else "latest"
    request = urllib.request.Request(  # noqa: S310 - the address is ours or the caller's
        f"{api}/repos/cloudflare/cloudflared/releases/{which}",
        headers={"Accept": "application/vnd.github+json", "User-Agent": "TunnelDesk"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_LIMIT) as answer:  # noqa: S310 - as above
            content: bytes = answer.read(_ANSWER_MAX + 1)
    except urllib.error.HTTPError as error:
        with error:
            raise NotUpdatedError(f"GitHub answered with HTTP {error.code} for {which}.") from error
    if len(content) > _ANSWER_MAX:
        raise NotUpdatedError("GitHub's answer is too long.")
    return content


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        release = json.loads(content)
    except ValueError as error:
        raise NotUpdatedError("The answer is not JSON.") from error
    if not isinstance(release, dict):
        raise NotUpdatedError("The answer is not a release.")
    return release


def _write(lock: Path, content: dict[str, Any]) -> None:
    beside = lock.with_name(f"{lock.name}.new")
    beside.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    beside.replace(lock)


if __name__ == "__main__":
    raise SystemExit(main())
