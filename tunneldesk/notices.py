"""Whose work TunnelDesk contains, and under which licences."""

from __future__ import annotations

import re
from importlib import metadata
from typing import TYPE_CHECKING

from tunneldesk.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterator

_FROM_SOURCE = """\
TunnelDesk runs on these packages, which were installed beside it. Each brings the text of its licence with it; the
packaged TunnelDesk shows all of them here.

Qt and Qt for Python are used under the GNU Lesser General Public License, version 3.
"""


def notices() -> str:
    """Return the notices that were packed with the program; without any, what the installed packages say."""
    try:
        return resource("notices.txt").read_text(encoding="utf-8")
    except FileNotFoundError:
        return "\n".join((_FROM_SOURCE, *_installed()))


def _installed() -> Iterator[str]:
    for line in metadata.requires("tunneldesk") or ():
        named = re.match(r"[\w.-]+", line)
        try:
            about = metadata.metadata(named.group() if named else line)
        except metadata.PackageNotFoundError:
            continue  # for another system, or for developing
        said = [about[field] for field in ("License-Expression", "License") if field in about]
        licence = said[0].partition("\n")[0] if said else "see its text"
        yield f"{about['Name']:<24}  {about['Version']:<14}  {licence}"
