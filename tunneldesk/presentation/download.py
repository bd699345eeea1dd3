"""cloudflared as a screen shows it: which one there is, how to get another, and how far a download has got."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tunneldesk.presentation.texts import fill
from tunneldesk.presentation.translation import translate

if TYPE_CHECKING:
    from tunneldesk.domain.model import AppState, Cloudflared, Download

CONNECTOR_PAGE = "https://github.com/cloudflare/cloudflared/releases"
"""Where a person gets cloudflared."""

_MEGABYTE = 1_000_000
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class DownloadView:
    """How far a download has got.

    Attributes:
        words: "Downloading cloudflared 2026.7.1 ... 12 of 38 MB".
        fraction: 0 to 1; None while nobody knows how much there is to come.
    """

    words: str
    fraction: float | None


@dataclass(frozen=True, slots=True)
class ConnectorView:
    """cloudflared in the settings.

    Attributes:
        found: Which one is used, as far as it is known; may be empty.
        place: Where that one is; may be empty.
        fetch: What the button says that gets another; empty when there is nothing better to be had.
        download: How far it has got; None when none is under way.
    """

    found: str
    place: str
    fetch: str
    download: DownloadView | None


def download_view(download: Download | None) -> DownloadView | None:
    """Return how a download is shown; None when there is none."""
    if download is None:
        return None
    received, total = download.received, download.total
    if total is not None and received >= total > 0:
        # What comes after the last byte takes a moment, too.
        words = translate("Download", "Checking cloudflared {version} ...")
    elif total is not None:
        words = translate("Download", "Downloading cloudflared {version} ... {received} of {total} MB")
    elif received:
        words = translate("Download", "Downloading cloudflared {version} ... {received} MB")
    else:
        words = translate("Download", "Downloading cloudflared {version} ...")
    facts = {
        "version": download.version,
        "received": str(received // _MEGABYTE),
        "total": str(-(-(total or 0) // _MEGABYTE)),
    }
    return DownloadView(fill(words, facts), min(1.0, received / total) if total else None)


def connector_view(state: AppState) -> ConnectorView:
    """Return what the settings say of cloudflared."""
    known = state.cloudflared
    found = translate("Download", "cloudflared {version} is used.")
    return ConnectorView(
        found=fill(found, {"version": known.version}) if known.version else "",
        place=str(known.path) if known.path and known.version else "",
        fetch="" if state.download else _fetch(known),
        download=download_view(state.download),
    )


def _fetch(known: Cloudflared) -> str:
    if known.offered is None:
        return translate("Download", "Open the release page")
    if known.version is None:
        return fill(translate("Download", "Download {version}"), {"version": known.offered})
    if _order(known.version) < _order(known.offered):
        return fill(translate("Download", "Update to {version}"), {"version": known.offered})
    return ""


def _order(version: str) -> tuple[float, ...]:
    """Return what is greater the newer a version is; one that its user has built has no number, and is newest."""
    return tuple(float(number) for number in _NUMBERS.findall(version)) or (float("inf"),)
