"""Sending somebody in a terminal to their browser."""

from __future__ import annotations

import sys
import threading
import webbrowser
from typing import TYPE_CHECKING

from tunneldesk.terminal.console import say

if TYPE_CHECKING:
    from collections.abc import Mapping


def show_address(url: str, environ: Mapping[str, str]) -> None:
    """Open ``url`` in the browser where there is a screen; say it in any case, for copying."""
    words = "Go to this address in a browser within ten minutes, on this computer or another (Ctrl-C to give up):"
    if _has_screen(environ):
        # A thread of its own: a browser's launcher may take its time, and nobody needs its answer.
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        words = "Waiting for your browser, ten minutes at most (Ctrl-C to give up). Should it not open, go there:"
    say([words, url], sys.stderr)


def ask_for_one_here(environ: Mapping[str, str]) -> None:
    """Say that a browser on another computer won't do, where the user may have taken one."""
    if not _has_screen(environ):
        say(["This server brings its answer to this computer, so that the browser has to be one here."], sys.stderr)


def _has_screen(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    if platform in {"darwin", "win32"}:
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
