"""The latest release, as GitHub tells it.

The API is that of "Get the latest release" (GitHub REST API 2022-11-28): the newest one that is neither a draft nor
a pre-release. Nothing about this machine is sent but our own version, as the User-Agent that GitHub asks for.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

import httpx

from tunneldesk import __version__
from tunneldesk.domain.errors import ApiError
from tunneldesk.domain.model import Update
from tunneldesk.network import open_transport

if TYPE_CHECKING:
    from collections.abc import Mapping

API: Final = "https://api.github.com"
_PAGES: Final = "https://github.com"

_LIMIT = 15.0
_BODY_MAX = 512 * 1024
_NOTES_MAX = 4000
_TAG = re.compile(r"v?(\d{1,9}\.\d{1,9}\.\d{1,9})", re.ASCII)
_HEADERS = {
    "User-Agent": f"TunnelDesk/{__version__}",
    "Accept": "application/vnd.github+json",
    "X-GitHub-Api-Version": "2022-11-28",
    "Accept-Encoding": "identity",
}


class NoNewsError(Exception):
    """What is the latest release could not be found out; the text says why."""


async def latest(repository: str, *, api: str = API) -> Update | None:
    """Return the latest release of ``repository``; None where nothing has been released.

    Raises:
        NoNewsError: It could not be found out.
    """
    address = f"{api}/repos/{repository}/releases/latest"
    try:
        async with (
            httpx.AsyncClient(
                transport=open_transport(address), headers=_HEADERS, timeout=_LIMIT, trust_env=False
            ) as client,
            client.stream("GET", address) as response,
        ):
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > _BODY_MAX:
                    raise NoNewsError("the answer is longer than any release's")
    except (httpx.HTTPError, ApiError) as error:
        raise NoNewsError(type(error).__name__) from error
    if response.status_code == httpx.codes.NOT_FOUND:
        return None
    if response.status_code != httpx.codes.OK:
        raise NoNewsError(f"HTTP {response.status_code}")
    try:
        return _read(repository, json.loads(body))
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
        raise NoNewsError("the answer is not a release") from error


def _read(repository: str, said: Mapping[str, object]) -> Update:
    tag = str(said["tag_name"])
    found = _TAG.fullmatch(tag)
    if found is None:
        raise ValueError(tag)
    notes = said.get("body")
    # The page is not taken from the answer: what is opened in the browser is ours to say.
    return Update(
        version=found.group(1),
        page=f"{_PAGES}/{repository}/releases/tag/{tag}",
        notes=_plain(notes) if isinstance(notes, str) else "",
    )


def _plain(text: str) -> str:
    """Return text without what would not be seen, or would move what is."""
    lines = ("".join(char for char in line if char.isprintable() or char == "\t") for line in text.splitlines())
    return "\n".join(lines).strip()[:_NOTES_MAX]
