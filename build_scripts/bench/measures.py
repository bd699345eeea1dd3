"""All measures, in the order they are taken: the name for the command line, and what takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from build_scripts.bench.command import command
from build_scripts.bench.crowd import crowd
from build_scripts.bench.edge import edge
from build_scripts.bench.face import exposing, loaded
from build_scripts.bench.server import server
from build_scripts.bench.soak import soak
from build_scripts.bench.tray import icon, standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from build_scripts.bench.bench import Bench
    from build_scripts.bench.result import Result

MEASURES: Mapping[str, Callable[[Bench], list[Result]]] = {
    "icon": icon,
    "memory": standing,
    "memory-live": standing,
    "idle": standing,
    "expose": exposing,
    "live": exposing,
    "stalls": loaded,
    "command": command,
    "beats": loaded,
    "heartbeat": server,
    "create": server,
    "list": server,
    "crowd": crowd,
    "edge": edge,
    "soak": soak,
}
