"""How this machine's sleep and its network can be noticed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from tunneldesk.machine import clocks
from tunneldesk.machine.logind import watch_logind
from tunneldesk.machine.netlink import watch_routes
from tunneldesk.machine.way_out import way_out

if TYPE_CHECKING:
    from tunneldesk.machine.way_out import WayOut

Watch: TypeAlias = Callable[[Callable[[], None]], Coroutine[Any, Any, None]]
"""Calls what it is given whenever there is a reason to look at once; ends, or never speaks, where it can't know."""


@dataclass(frozen=True, slots=True)
class Senses:
    """Everything there is to look at, and what says when.

    Attributes:
        awake: Seconds less the machine's sleep; None where no clock says it.
        way_out: Looks at the way out of this machine; cheap, and never fails.
        watches: What says that it is time to look; with none, looking now and then has to do.
    """

    awake: Callable[[], float] | None
    way_out: Callable[[], WayOut]
    watches: tuple[Watch, ...] = ()


def this_machine() -> Senses:
    """The senses of the machine this runs on."""
    watches = (watch_logind, watch_routes) if sys.platform == "linux" else ()
    return Senses(clocks.awake, way_out, watches)
